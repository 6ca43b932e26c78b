using Socle.Catalog;

namespace Socle.Http;

/// <summary>What a path names: <c>{table}</c>, <c>{table}/{id}</c>, or <c>{table}.csv</c>, the table as CSV for links that cannot send Accept.</summary>
/// <param name="Table">The table's name, decoded.</param>
/// <param name="Id">The record's id, decoded, or null.</param>
public readonly record struct RecordAddress(string Table, string? Id, bool IsCsv)
{
    public const string CsvSuffix = ".csv";

    public static RecordAddress Read(HttpContext context, CatalogSnapshot catalog)
    {
        var values = context.Request.RouteValues;
        var table = (string)values["table"]!;
        var id = values["id"] as string;
        if (table.Contains('%', StringComparison.Ordinal) || id?.Contains('%', StringComparison.Ordinal) == true)
            (table, id) = Decode(context, id is not null);
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return isRead && id is null && table.Length > CsvSuffix.Length && table.EndsWith(CsvSuffix, StringComparison.OrdinalIgnoreCase) && catalog.FindTable(table) is null
            ? new(table[..^CsvSuffix.Length], null, IsCsv: true)
            : new(table, id, IsCsv: false);
    }

    /// <summary>The route's values leave an encoded slash as it is, and so cannot be told from an encoded percent sign: only the path as sent says which it was.</summary>
    private static (string Table, string? Id) Decode(HttpContext context, bool hasId)
    {
        var segments = AddressSegments.Read(context);
        return hasId ? (segments[^2], segments[^1]) : (segments[^1], null);
    }
}
