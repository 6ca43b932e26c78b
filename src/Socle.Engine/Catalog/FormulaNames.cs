using Socle.Formulas;

namespace Socle.Catalog;

/// <summary>A column as read.</summary>
/// <param name="Noted">What it was called when its settings were written; null when nothing was.</param>
internal sealed record NotedColumn(uint Table, string? Noted, FieldSnapshot Column);

/// <summary>Keeps what formulas say true after somebody renamed a column: PostgreSQL follows the column, and so does the text.</summary>
internal static class FormulaNames
{
    public static IEnumerable<NotedColumn> Follow(List<NotedColumn> columns)
    {
        foreach (var table in columns.GroupBy(column => column.Table))
        {
            var renamed = table.Where(column => column.Noted is not null && column.Noted != column.Column.Name).ToDictionary(column => column.Noted!, column => column.Column.Name);
            foreach (var column in table)
                yield return renamed.Count > 0 && column.Column.Settings.Formula is not null ? column with { Column = Renamed(column.Column, renamed) } : column;
        }
    }

    private static FieldSnapshot Renamed(FieldSnapshot field, Dictionary<string, string> names) => new(
        field.Name,
        field.ApiName,
        field.ColumnType,
        field.Type,
        field.Settings with { Formula = Formula.Rename(field.Settings.Formula!, names) },
        field.IsRequired,
        field.Default,
        field.IsReadOnly,
        field.IsIdentity,
        field.FindLabel);
}
