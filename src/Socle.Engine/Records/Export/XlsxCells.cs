using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Socle.Records.Export;

/// <summary>
/// Cells as XML: numbers, dates, moments and truth values are what they are; text is text whatever it looks like. What a spreadsheet
/// cannot hold exactly is text in the words of French CSV: numbers of more than 15 digits, days before March 1900, the hour
/// that clocks show twice.
/// </summary>
internal sealed class XlsxCells(ZoneClock clock)
{
    private const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>Serial numbers count from here; Lotus 1-2-3's 29 February 1900, which Excel keeps, spoils those before <see cref="FirstSafeDay"/>.</summary>
    private static readonly DateTime Zero = new(1899, 12, 30);

    private static readonly DateTime FirstSafeDay = new(1900, 3, 1);

    /// <summary>Where the cells are written.</summary>
    public ArrayBufferWriter<byte> Bytes { get; } = new(65_536);

    public void Add(ReadOnlySpan<byte> xml) => Bytes.Write(xml);

    public void Add(string xml) => Encoding.UTF8.GetBytes(xml, Bytes);

    public void Add(int number)
    {
        Utf8Formatter.TryFormat(number, Bytes.GetSpan(16), out var length);
        Bytes.Advance(length);
    }

    /// <returns>How many signs wide it is shown.</returns>
    public int Write(Cell cell, ReadOnlySpan<byte> column, int row)
    {
        switch (cell.Kind)
        {
            case CellKind.Boolean:
                Open(column, row, 0, "b"u8);
                Add(cell.Number != 0 ? "1"u8 : "0"u8);
                Add("</v></c>"u8);
                return 5;
            case CellKind.Integer or CellKind.Decimal or CellKind.Float:
                return WriteNumber(cell, column, row);
            case CellKind.Date:
                return WriteDay(Dates.OfDay(cell.Number), column, row);
            case CellKind.Time when cell.Number < MicrosecondsPerDay:
                return WriteSerial(cell.Number, XlsxStyles.Time, column, row) ? 8 : WriteText(cell.Text, XlsxStyles.Text, column, row);
            case CellKind.Duration:
                return WriteDuration(cell.Number, column, row);
            case CellKind.Timestamp:
                return WriteMoment(new LocalTime(Dates.OfMicrosecond(cell.Number), null), column, row);
            case CellKind.TimestampTz when clock.Read(cell.Number, out var local):
                return WriteMoment(local, column, row);
            default:
                return WriteText(cell.Text, XlsxStyles.Text, column, row);
        }
    }

    /// <returns>How many signs wide it is shown.</returns>
    public int WriteText(ReadOnlySpan<byte> text, int style, ReadOnlySpan<byte> column, int row)
    {
        OpenCell(column, row, style);
        Add(" t=\"inlineStr\"><is><t xml:space=\"preserve\">"u8);
        var width = XlsxText.Write(text, Bytes);
        Add("</t></is></c>"u8);
        return width;
    }

    private int WriteNumber(Cell cell, ReadOnlySpan<byte> column, int row)
    {
        if (cell.Kind != CellKind.Float && FrenchCells.CountDigits(cell.Text) > FrenchCells.MostDigits)
        {
            Span<byte> exact = new byte[cell.Text.Length];
            cell.Text.CopyTo(exact);
            if (exact.IndexOf((byte)'.') is >= 0 and var at)
                exact[at] = (byte)',';
            return WriteText(exact, XlsxStyles.Text, column, row);
        }

        var point = cell.Text.IndexOf((byte)'.');
        var style = cell.Kind == CellKind.Float ? 0 : XlsxStyles.Decimals(point < 0 ? 0 : cell.Text.Length - point - 1);
        Open(column, row, style, default);
        Add(cell.Text);
        Add("</v></c>"u8);
        return cell.Text.Length;
    }

    private int WriteDay(DateTime day, ReadOnlySpan<byte> column, int row)
    {
        if (day >= FirstSafeDay)
        {
            Open(column, row, XlsxStyles.Date, default);
            Add((day - Zero).Days);
            Add("</v></c>"u8);
            return 10;
        }

        Span<byte> text = stackalloc byte[16];
        return WriteText(text[..Dates.WriteDay(day, text)], XlsxStyles.Text, column, row);
    }

    /// <summary>A spreadsheet that counts from 1900 shows no negative time.</summary>
    private int WriteDuration(long microseconds, ReadOnlySpan<byte> column, int row)
    {
        if (microseconds >= 0 && WriteSerial(microseconds, XlsxStyles.Duration, column, row))
            return 9;
        Span<byte> text = stackalloc byte[32];
        return WriteText(text[..Dates.WriteHours(microseconds, text)], XlsxStyles.Text, column, row);
    }

    private int WriteMoment(LocalTime local, ReadOnlySpan<byte> column, int row)
    {
        var style = local.At.Ticks % TimeSpan.TicksPerSecond == 0 ? XlsxStyles.Moment : XlsxStyles.FineMoment;
        if (local.Offset is null && local.At >= FirstSafeDay && WriteSerial((local.At - Zero).Ticks / TimeSpan.TicksPerMicrosecond, style, column, row))
            return style == XlsxStyles.Moment ? 19 : 23;
        Span<byte> text = stackalloc byte[48];
        return WriteText(text[..Dates.WriteMoment(local, text)], XlsxStyles.Text, column, row);
    }

    /// <summary>Days and their fraction as one number; false where that number would not give the microsecond back.</summary>
    private bool WriteSerial(long microseconds, int style, ReadOnlySpan<byte> column, int row)
    {
        var serial = microseconds / (double)MicrosecondsPerDay;
        if ((long)Math.Round(serial * MicrosecondsPerDay) != microseconds)
            return false;
        Open(column, row, style, default);
        // Readers round to the millisecond what has no more digits than Excel writes.
        var format = microseconds % 1000 == 0 ? default : "F16".AsSpan();
        serial.TryFormat(Bytes.GetSpan(32), out var length, format, CultureInfo.InvariantCulture);
        Bytes.Advance(length);
        Add("</v></c>"u8);
        return true;
    }

    private void Open(ReadOnlySpan<byte> column, int row, int style, ReadOnlySpan<byte> type)
    {
        OpenCell(column, row, style);
        if (!type.IsEmpty)
        {
            Add(" t=\""u8);
            Add(type);
            Add("\""u8);
        }

        Add("><v>"u8);
    }

    private void OpenCell(ReadOnlySpan<byte> column, int row, int style)
    {
        Add("<c r=\""u8);
        Add(column);
        Add(row);
        Add("\""u8);
        if (style == 0)
            return;
        Add(" s=\""u8);
        Add(style);
        Add("\""u8);
    }
}
