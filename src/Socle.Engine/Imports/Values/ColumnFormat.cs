namespace Socle.Imports.Values;

public enum DateOrder
{
    /// <summary>31/12/2026</summary>
    DayFirst,

    /// <summary>12/31/2026</summary>
    MonthFirst,
}

/// <summary>What a file tells of its values beyond their text.</summary>
public enum FileKind
{
    /// <summary>Nothing: CSV.</summary>
    Text,

    /// <summary>Numbers are binary fractions, of which fifteen digits are meant.</summary>
    Sheet,

    /// <summary>Text, numbers and truth values are told apart.</summary>
    Json,
}

/// <summary>How a column's values are written, decided over the column.</summary>
/// <param name="Dates">What comes first where a date begins with neither a year nor a month's name.</param>
/// <param name="DecimalSign">What a lone comma or point in a number is.</param>
/// <param name="Zone">Whose clocks a moment without an offset was read from.</param>
public sealed record ColumnFormat(DateOrder Dates, byte DecimalSign, TimeZoneInfo Zone, FileKind File = FileKind.Text);
