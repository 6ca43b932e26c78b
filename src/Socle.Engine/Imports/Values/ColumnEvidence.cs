using Socle.Imports.Reading;

namespace Socle.Imports.Values;

/// <summary>Gathers from a column's cells how its dates and numbers are written.</summary>
internal sealed class ColumnEvidence
{
    private bool _hasDayFirst;
    private bool _hasMonthFirst;
    private bool _hasDecimalComma;
    private bool _hasDecimalPoint;
    private bool _hasOpenComma;
    private bool _hasOpenPoint;

    /// <summary>31/12 and 12/31 both occur: no order fits all.</summary>
    public bool IsContradictory => _hasDayFirst && _hasMonthFirst;

    /// <summary>There are dates such as 03/04/2026.</summary>
    public bool HasOpenDates { get; private set; }

    /// <summary>The order was not told by any date.</summary>
    public bool IsOrderAssumed => HasOpenDates && !_hasDayFirst && !_hasMonthFirst;

    /// <summary>There are numbers with a comma or a point.</summary>
    public bool HasSigns => _hasDecimalComma || _hasDecimalPoint || _hasOpenComma || _hasOpenPoint;

    public void AddDate(Cell cell)
    {
        if (cell.Kind != CellKind.Text || !DateText.TryReadOrder(cell.Text, out var first, out var second))
            return;
        _hasDayFirst |= first > 12 && second <= 12;
        _hasMonthFirst |= second > 12 && first <= 12;
        HasOpenDates = true;
    }

    public void AddNumber(Cell cell)
    {
        if (cell.Kind != CellKind.Text)
            return;
        var (comma, point) = (cell.Text.LastIndexOf((byte)','), cell.Text.LastIndexOf((byte)'.'));
        if (comma < 0 && point < 0)
            return;
        var sign = Math.Max(comma, point);
        // Several of one sign, or three digits after it, may be groups.
        var isOpen = (comma < 0 || point < 0) && (cell.Text.Count(cell.Text[sign]) > 1 || IsGroup(cell.Text, sign));
        _hasDecimalComma |= !isOpen && comma > point;
        _hasDecimalPoint |= !isOpen && point > comma;
        _hasOpenComma |= isOpen && comma > point;
        _hasOpenPoint |= isOpen && point > comma;
    }

    public ColumnFormat Decide(FormatDefaults defaults) => new(
        defaults.Dates ?? (_hasMonthFirst && !_hasDayFirst ? DateOrder.MonthFirst : DateOrder.DayFirst),
        DecideSign(defaults.IsFrench),
        defaults.Zone,
        defaults.File);

    private byte DecideSign(bool isFrench)
    {
        if (_hasDecimalComma != _hasDecimalPoint)
            return _hasDecimalComma ? (byte)',' : (byte)'.';
        if (_hasOpenPoint && !_hasOpenComma)
            // The French group digits by blanks: a point is a decimal one.
            return (byte)'.';
        return isFrench ? (byte)',' : (byte)'.';
    }

    private static bool IsGroup(ReadOnlySpan<byte> text, int sign)
    {
        var before = sign;
        var after = 0;
        while (sign + after + 1 < text.Length && text[sign + after + 1] is >= (byte)'0' and <= (byte)'9')
            after++;
        while (before > 0 && text[before - 1] is >= (byte)'0' and <= (byte)'9')
            before--;
        return after == 3 && sign - before is >= 1 and <= 3 && text[before] != (byte)'0';
    }
}

/// <summary>What holds where a column does not tell.</summary>
/// <param name="IsFrench">The file or its sender writes a decimal comma.</param>
/// <param name="Dates">The order that the caller named.</param>
public sealed record FormatDefaults(TimeZoneInfo Zone, bool IsFrench, DateOrder? Dates = null, FileKind File = FileKind.Text);
