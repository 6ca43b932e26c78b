using System.Buffers;

namespace Socle.Records.Export;

/// <summary>
/// Takes a cell, gives its text as a French Excel reads it: decimal comma, <c>31/12/2026</c>, VRAI and FAUX, moments in one zone.
/// What Excel would take for something else than it is (a SIRET for a number, a note for a formula) is written <c>="…"</c>,
/// a formula whose value is exactly that text: so nothing that a record holds is ever evaluated.
/// </summary>
internal sealed class FrenchCells(ZoneClock clock)
{
    /// <summary>Excel keeps no more digits of a number.</summary>
    public const int MostDigits = 15;

    public void Write(Cell cell, ArrayBufferWriter<byte> to)
    {
        switch (cell.Kind)
        {
            case CellKind.Boolean:
                to.Write(cell.Number != 0 ? "VRAI"u8 : "FAUX"u8);
                break;
            case CellKind.Integer or CellKind.Decimal or CellKind.Float:
                WriteNumber(cell, to);
                break;
            case CellKind.Time:
                WriteWithComma(cell.Text, to);
                break;
            case CellKind.Duration:
                to.Advance(Dates.WriteHours(cell.Number, to.GetSpan(32)));
                break;
            case CellKind.Date:
                to.Advance(Dates.WriteDay(Dates.OfDay(cell.Number), to.GetSpan(16)));
                break;
            case CellKind.Timestamp:
                to.Advance(Dates.WriteMoment(new LocalTime(Dates.OfMicrosecond(cell.Number), null), to.GetSpan(48)));
                break;
            case CellKind.TimestampTz when clock.Read(cell.Number, out var local):
                to.Advance(Dates.WriteMoment(local, to.GetSpan(48)));
                break;
            default:
                WriteText(cell.Text, to);
                break;
        }
    }

    public static int CountDigits(ReadOnlySpan<byte> number)
    {
        var count = 0;
        foreach (var sign in number)
            count += sign is >= (byte)'0' and <= (byte)'9' && (count > 0 || sign != (byte)'0') ? 1 : 0;
        return count;
    }

    private static void WriteNumber(Cell cell, ArrayBufferWriter<byte> to)
    {
        // A float is rounded by nature; the others must not be.
        var isKept = cell.Kind == CellKind.Float || CountDigits(cell.Text) <= MostDigits;
        to.Write(isKept ? ""u8 : "=\""u8);
        WriteWithComma(cell.Text, to);
        to.Write(isKept ? ""u8 : "\""u8);
    }

    private static void WriteWithComma(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> to)
    {
        var written = to.GetSpan(text.Length)[..text.Length];
        text.CopyTo(written);
        if (written.IndexOf((byte)'.') is >= 0 and var point)
            written[point] = (byte)',';
        to.Advance(text.Length);
    }

    private static void WriteText(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> to)
    {
        if (!Reinterpretation.Threatens(text))
        {
            to.Write(text);
            return;
        }

        to.Write("=\""u8);
        CsvRows.WriteDoubled(text, to);
        to.Write("\""u8);
    }
}
