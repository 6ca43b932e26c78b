using System.Buffers.Text;
using Socle.Imports.Reading;

namespace Socle.Imports.Values;

/// <summary>A day: what is written is what is stored. A time other than midnight is refused, for it would be lost.</summary>
internal sealed class DateValue(DateOrder order) : ValueReader
{
    public override bool TryRead(Cell cell, ByteText copy)
    {
        if (cell.Kind is not (CellKind.Text or CellKind.Date) || !DateText.TryRead(cell.Text, order, out var date))
            return cell.Kind == CellKind.Text && IsBeyondCalendar(cell.Text) && AddText(cell.Text, copy);
        if (date.Microseconds != 0)
            return false;
        Write(date, copy);
        return true;
    }

    public static void Write(WrittenDate date, ByteText copy)
    {
        WriteNumber(date.Year, 4, copy);
        copy.Add((byte)'-');
        WriteNumber(date.Month, 2, copy);
        copy.Add((byte)'-');
        WriteNumber(date.Day, 2, copy);
    }

    public static void WriteTime(long microseconds, ByteText copy)
    {
        var seconds = (int)(microseconds / 1_000_000);
        WriteNumber(seconds / 3600, 2, copy);
        copy.Add((byte)':');
        WriteNumber(seconds / 60 % 60, 2, copy);
        copy.Add((byte)':');
        WriteNumber(seconds % 60, 2, copy);
        if (microseconds % 1_000_000 is > 0 and var fraction)
        {
            copy.Add((byte)'.');
            WriteNumber((int)fraction, 6, copy);
        }
    }

    public static void WriteNumber(int number, int digits, ByteText copy)
    {
        Utf8Formatter.TryFormat(number, copy.Reserve(10), out var written, new System.Buffers.StandardFormat('D', (byte)digits));
        copy.Advance(written);
    }

    /// <summary>What PostgreSQL holds beyond the years 1 to 9999: its own words are read by itself.</summary>
    public static bool IsBeyondCalendar(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("infinity"u8) || text.SequenceEqual("-infinity"u8) || text.EndsWith(" BC"u8)
        || (text.IndexOf((byte)'-') is 5 or 6 && !text[..5].ContainsAnyExceptInRange((byte)'0', (byte)'9'));
}

/// <summary>A moment. Without an offset it is what the zone's clocks showed; a column without a zone takes it as it is written.</summary>
internal sealed class MomentValue(ColumnFormat format, bool hasZone) : ValueReader
{
    public override bool TryRead(Cell cell, ByteText copy)
    {
        if (cell.Kind is not (CellKind.Text or CellKind.Date) || !DateText.TryRead(cell.Text, format.Dates, out var date))
            return cell.Kind == CellKind.Text && DateValue.IsBeyondCalendar(cell.Text) && AddText(cell.Text, copy);
        DateValue.Write(date, copy);
        copy.Add((byte)' ');
        DateValue.WriteTime(date.Microseconds, copy);
        if (hasZone)
            WriteOffset(date.Offset is { } written ? TimeSpan.FromMinutes(written) : OffsetAt(date), copy);
        return true;
    }

    private TimeSpan OffsetAt(WrittenDate date) =>
        format.Zone.GetUtcOffset(new DateTime(date.Year, date.Month, date.Day, 0, 0, 0, DateTimeKind.Unspecified).AddTicks(Math.Min(date.Microseconds * 10, TimeSpan.TicksPerDay - 1)));

    private static void WriteOffset(TimeSpan offset, ByteText copy)
    {
        copy.Add(offset < TimeSpan.Zero ? (byte)'-' : (byte)'+');
        var seconds = (int)Math.Abs(offset.TotalSeconds);
        DateValue.WriteNumber(seconds / 3600, 2, copy);
        copy.Add((byte)':');
        DateValue.WriteNumber(seconds / 60 % 60, 2, copy);
        if (seconds % 60 == 0)
            return;
        // Clocks before standard time were off by seconds.
        copy.Add((byte)':');
        DateValue.WriteNumber(seconds % 60, 2, copy);
    }
}

/// <summary>A time of day.</summary>
internal sealed class TimeValue : ValueReader
{
    public override bool TryRead(Cell cell, ByteText copy)
    {
        var text = Blanks.Trim(cell.Text);
        if (cell.Kind is not (CellKind.Text or CellKind.Date) || !TimeText.TryRead(ref text, out var microseconds))
            return false;
        DateValue.WriteTime(microseconds, copy);
        // A time with a zone keeps it; PostgreSQL judges the rest.
        return text.IsEmpty || AddText(text, copy);
    }
}
