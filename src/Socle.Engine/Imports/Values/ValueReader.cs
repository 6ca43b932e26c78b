using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Imports.Reading;
using Socle.Postgres;

namespace Socle.Imports.Values;

/// <summary>
/// Takes a cell that is not empty, gives its value as COPY's text format wants it. Refuses what is no value of the field; it never guesses
/// and never shifts. One for each column of an import.
/// </summary>
public abstract class ValueReader
{
    /// <summary>Excel keeps no more digits of a number.</summary>
    private const int TrustedDigits = 15;

    /// <summary>Text of no characters, or of blanks alone, is a value too.</summary>
    public virtual bool TakesBlanks => false;

    /// <summary>Appends the value to a COPY's text.</summary>
    /// <returns>False when the cell is no value of the field; what was appended is then cut off again.</returns>
    public abstract bool TryRead(Cell cell, ByteText copy);

    public static ValueReader For(FieldSnapshot field, ColumnFormat format)
    {
        if (ChoiceValue.FindNames(field) is { } names)
            return new ChoiceValue(names);
        return field.ColumnType.Kind switch
        {
            PgKind.Text when field.Type is EmailField or PhoneField or UrlField or ColourField or SecretField => new CheckedTextValue(field),
            PgKind.Text => new TextValue(field.ColumnType),
            PgKind.Integer => new IntegerValue(field, format),
            PgKind.Numeric when field.Type is PercentageField => new PercentageValue(format),
            PgKind.Numeric => new DecimalValue(format, isExact: true),
            PgKind.Float => new DecimalValue(format, isExact: false),
            PgKind.Boolean => new BooleanValue(),
            PgKind.Date => new DateValue(format.Dates),
            PgKind.Timestamp => new MomentValue(format, hasZone: false),
            PgKind.TimestampTz => new MomentValue(format, hasZone: true),
            PgKind.Time => new TimeValue(),
            PgKind.Interval => new DurationValue(),
            PgKind.Uuid => new UuidValue(),
            PgKind.Json or PgKind.Jsonb => new JsonValue(format.File == FileKind.Json),
            PgKind.Array => new ListValue(),
            _ => new OtherValue(),
        };
    }

    /// <param name="isExact">The noise of a spreadsheet's binary fractions is not meant.</param>
    private protected static bool TryReadNumber(Cell cell, ColumnFormat format, bool isExact, Span<byte> number, out int length)
    {
        if (cell.Kind == CellKind.Text)
            return NumberText.TryRead(cell.Text, format.DecimalSign, number, out length);
        return isExact && format.File == FileKind.Sheet && cell.Text.Length > TrustedDigits
            && System.Buffers.Text.Utf8Parser.TryParse(cell.Text, out double value, out var used) && used == cell.Text.Length
            ? value.TryFormat(number, out length, "G15", System.Globalization.CultureInfo.InvariantCulture)
            : NumberText.TryRead(cell.Text, (byte)'.', number, out length);
    }

    /// <summary>PostgreSQL's text cannot hold U+0000.</summary>
    protected static bool AddText(ReadOnlySpan<byte> text, ByteText copy)
    {
        if (text.Contains((byte)0))
            return false;
        copy.AddCopyText(text);
        return true;
    }
}

/// <summary>Text to the letter, blanks included.</summary>
internal sealed class TextValue(PgType type) : ValueReader
{
    private readonly int? _longest = type.Modifiers is [var longest, ..] ? longest : null;

    public override bool TakesBlanks => true;

    public override bool TryRead(Cell cell, ByteText copy) =>
        cell.Kind != CellKind.Error
        && (_longest is not { } longest || cell.Text.Length <= longest || CountCharacters(cell.Text) <= longest)
        && AddText(cell.Text, copy);

    /// <summary>Code points, as PostgreSQL counts.</summary>
    private static int CountCharacters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var value in text)
            count += (value & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }
}

/// <summary>Text that its field's type judges: mail addresses, telephone numbers, web addresses.</summary>
internal sealed class CheckedTextValue(FieldSnapshot field) : ValueReader
{
    private const int Longest = 4096;

    public override bool TakesBlanks => true;

    public override bool TryRead(Cell cell, ByteText copy)
    {
        if (cell.Kind is CellKind.Error or CellKind.Json || cell.Text.Length > Longest)
            return false;
        Span<char> chars = stackalloc char[Longest];
        return IsAccepted(cell.Text, chars) ? AddText(cell.Text, copy)
            : Blanks.Trim(cell.Text) is var trimmed && IsAccepted(trimmed, chars) && AddText(trimmed, copy);
    }

    private bool IsAccepted(ReadOnlySpan<byte> text, Span<char> chars) =>
        field.Type.AcceptsWritten(chars[..System.Text.Encoding.UTF8.GetChars(text, chars)], field.Shape);
}

/// <summary>What has no reader of its own: PostgreSQL reads the text.</summary>
internal sealed class OtherValue : ValueReader
{
    public override bool TryRead(Cell cell, ByteText copy) => cell.Kind != CellKind.Error && AddText(cell.Text, copy);
}

internal sealed class UuidValue : ValueReader
{
    public override bool TryRead(Cell cell, ByteText copy)
    {
        var text = Blanks.Trim(cell.Text);
        if (!System.Buffers.Text.Utf8Parser.TryParse(text, out Guid id, out var used, text.Length == 32 ? 'N' : 'D') || used != text.Length)
            return false;
        id.TryFormat(copy.Reserve(36), out var written);
        copy.Advance(written);
        return true;
    }
}
