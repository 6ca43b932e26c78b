using System.Buffers.Text;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Imports.Reading;
using Socle.Postgres;

namespace Socle.Imports.Values;

/// <summary>A whole number; a fraction of zeros is none. Refuses what Excel has shortened (<c>1,23E+13</c>).</summary>
internal sealed class IntegerValue(FieldSnapshot field, ColumnFormat format) : ValueReader
{
    private readonly (long Low, long High) _range = field.ColumnType.Oid switch
    {
        _ when field.Type is RatingField => (0, RatingField.Max(field.Settings)),
        PgTypes.Int2 => (short.MinValue, short.MaxValue),
        PgTypes.Int4 => (int.MinValue, int.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };

    public override bool TryRead(Cell cell, ByteText copy)
    {
        Span<byte> digits = stackalloc byte[NumberText.Longest];
        if (cell.Kind is not (CellKind.Text or CellKind.Number or CellKind.Percent) || !TryReadNumber(cell, format, isExact: true, digits, out var length))
            return false;
        var number = digits[..length];
        if (number.IndexOf((byte)'.') is >= 0 and var point)
        {
            if (number[(point + 1)..].ContainsAnyExcept((byte)'0'))
                return false;
            number = number[..point];
        }

        if (!Utf8Parser.TryParse(number, out long value, out var used) || used != number.Length || value < _range.Low || value > _range.High)
            return false;
        Utf8Formatter.TryFormat(value, copy.Reserve(20), out var written);
        copy.Advance(written);
        return true;
    }
}

/// <summary>A share in hundredths, with or without its sign: <c>20</c>, <c>20 %</c>, or the cell of a spreadsheet that shows that.</summary>
internal sealed class PercentageValue(ColumnFormat format) : ValueReader
{
    private readonly DecimalValue _number = new(format, isExact: true);

    public override bool TryRead(Cell cell, ByteText copy)
    {
        var text = Blanks.Trim(cell.Text);
        if (cell.Kind == CellKind.Percent)
            return TryReadShare(text, copy);
        return cell.Kind == CellKind.Text && text is [.., (byte)'%'] ? _number.TryRead(new Cell(CellKind.Text, text[..^1]), copy) : _number.TryRead(cell, copy);
    }

    /// <summary>A spreadsheet keeps 20 % as 0.2.</summary>
    private static bool TryReadShare(ReadOnlySpan<byte> text, ByteText copy)
    {
        if (!Utf8Parser.TryParse(text, out double share, out var used) || used != text.Length || Math.Abs(share) > 1e12)
            return false;
        ((decimal)share * 100).TryFormat(copy.Reserve(40), out var written, "0.############", System.Globalization.CultureInfo.InvariantCulture);
        copy.Advance(written);
        return true;
    }
}

/// <summary>A number with a fraction.</summary>
internal sealed class DecimalValue(ColumnFormat format, bool isExact) : ValueReader
{
    public override bool TryRead(Cell cell, ByteText copy)
    {
        if (cell.Kind is not (CellKind.Text or CellKind.Number or CellKind.Percent))
            return false;
        if (!TryReadNumber(cell, format, isExact, copy.Reserve(NumberText.Longest), out var length))
            return IsNoNumber(cell.Text) && AddText(cell.Text, copy);
        copy.Advance(length);
        return true;
    }

    private static bool IsNoNumber(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("NaN"u8) || text.SequenceEqual("Infinity"u8) || text.SequenceEqual("-Infinity"u8);
}

/// <summary>Yes or no, in French, English and signs.</summary>
internal sealed class BooleanValue : ValueReader
{
    private static readonly Dictionary<string, bool> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["oui"] = true,
        ["non"] = false,
        ["vrai"] = true,
        ["faux"] = false,
        ["o"] = true,
        ["n"] = false,
        ["v"] = true,
        ["yes"] = true,
        ["no"] = false,
        ["true"] = true,
        ["false"] = false,
        ["y"] = true,
        ["t"] = true,
        ["f"] = false,
        ["1"] = true,
        ["0"] = false,
        ["x"] = true,
        ["✓"] = true,
        ["✔"] = true,
        ["on"] = true,
        ["off"] = false,
    };

    private static readonly Dictionary<string, bool>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    public override bool TryRead(Cell cell, ByteText copy)
    {
        var text = Blanks.Trim(cell.Text);
        Span<char> word = stackalloc char[8];
        if (text.Length > word.Length || !Lookup.TryGetValue(word[..System.Text.Encoding.UTF8.GetChars(text, word)], out var value))
            return false;
        copy.Add(value ? (byte)'t' : (byte)'f');
        return true;
    }

    /// <summary>Whether the text can only be a truth value: 1, 0 and single letters are something else as likely.</summary>
    public static bool IsWord(ReadOnlySpan<byte> text)
    {
        text = Blanks.Trim(text);
        Span<char> word = stackalloc char[8];
        return text.Length is > 1 and <= 8 && Lookup.ContainsKey(word[..System.Text.Encoding.UTF8.GetChars(text, word)]);
    }
}
