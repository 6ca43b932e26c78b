using System.Collections.Immutable;
using Socle.Imports.Reading;
using Socle.Imports.Values;
using Socle.Kernel;
using Socle.Records.Planning;

namespace Socle.Imports.Writing;

/// <summary>Takes a row of the file, gives its line of a COPY, or why the row is rejected.</summary>
/// <param name="columns">In the order of the COPY.</param>
/// <param name="hasOrdinal">Whether each line begins with its number within the chunk.</param>
/// <param name="keys">Where the rows' keys are kept in mind; null where rows have none.</param>
/// <param name="unwraps">Whether <c>="…"</c> is a spreadsheet's way to write the text between the quotes.</param>
internal sealed class RowConverter(ImmutableArray<ConvertedColumn> columns, bool hasOrdinal, bool unwraps, KeysSeen? keys)
{
    private const int LongestShown = 80;

    private readonly ByteText _unwrapped = new();

    /// <param name="copy">What was appended for a rejected row is cut off again.</param>
    public Fault? Convert(RowReader row, int ordinal, ByteText copy)
    {
        if (row.Problem is { } problem)
            return new Fault(FaultCode.InvalidFile, problem);
        var start = copy.Length;
        if (hasOrdinal)
            DateValue.WriteNumber(ordinal, 1, copy);
        keys?.Begin();
        for (var i = 0; i < columns.Length; i++)
        {
            if (i > 0 || hasOrdinal)
                copy.Add((byte)'\t');
            var valueStart = copy.Length;
            var cell = Read(row, columns[i]);
            if (!TryConvert(cell, columns[i], copy))
            {
                copy.Cut(start);
                return cell.Kind is CellKind.Empty ? WriteFaults.Required(columns[i].Field.ApiName) : Refused(columns[i], cell);
            }

            if (columns[i].IsKey)
                keys!.Add(copy.Span[valueStart..], cell.Kind == CellKind.Empty);
        }

        if (keys?.IsTwice() == true)
        {
            copy.Cut(start);
            return Twice(columns.First(column => column.IsKey));
        }

        copy.Add((byte)'\n');
        return null;
    }

    private Cell Read(RowReader row, ConvertedColumn column)
    {
        var cell = row.Cell(column.Index);
        if (unwraps && cell.Kind == CellKind.Text && cell.Text.Length >= 3 && cell.Text[0] == (byte)'=' && cell.Text[1] == (byte)'"' && cell.Text[^1] == (byte)'"')
            cell = Unwrap(cell.Text[2..^1]);
        if (column.Reader.TakesBlanks)
            return cell;
        // Where no text is no value, it is nothing.
        return cell.Kind == CellKind.EmptyText || (cell.Kind == CellKind.Text && Blanks.Trim(cell.Text).IsEmpty) ? default : cell;
    }

    private Cell Unwrap(ReadOnlySpan<byte> text)
    {
        _unwrapped.Clear();
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            _unwrapped.Add(text[..(quote + 1)]);
            text = text[Math.Min(quote + 2, text.Length)..];
        }

        _unwrapped.Add(text);
        return new(_unwrapped.Length == 0 ? CellKind.EmptyText : CellKind.Text, _unwrapped.Span);
    }

    private static bool TryConvert(Cell cell, ConvertedColumn column, ByteText copy)
    {
        if (cell.Kind != CellKind.Empty)
            return column.Reader.TryRead(cell, copy);
        switch (column.Empty)
        {
            case EmptyCell.Refused:
                return false;
            case EmptyCell.Constant:
                copy.Add(column.Default);
                return true;
            case EmptyCell.NewUuid:
                Guid.NewGuid().TryFormat(copy.Reserve(36), out var written);
                copy.Advance(written);
                return true;
            default:
                copy.Add("\\N"u8);
                return true;
        }
    }

    private static Fault Refused(ConvertedColumn column, Cell cell)
    {
        var expected = column.Field.Type.Expects(column.Field.Shape);
        var value = System.Text.Encoding.UTF8.GetString(cell.Text.Length > 4 * LongestShown ? cell.Text[..(4 * LongestShown)] : cell.Text).Replace("\0", "\\0", StringComparison.Ordinal);
        var shown = value.Length > LongestShown ? value[..LongestShown] + "…" : value;
        return new(
            column.Field.Type.RefusalCode,
            $"'{column.Header}' is '{shown}', but expects {expected.English}.",
            $"« {column.Header} » vaut « {shown} », mais attend {expected.French}.",
            column.Field.ApiName);
    }

    private static Fault Twice(ConvertedColumn key) => new(
        FaultCode.UniqueViolation,
        $"The file has an earlier row with the same value of {key.Header}.",
        $"Le fichier a une ligne précédente avec la même valeur de {key.Header}.",
        key.Field.ApiName);
}
