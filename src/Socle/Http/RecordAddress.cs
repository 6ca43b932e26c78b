using Socle.Catalog;
using Socle.Records;
using Socle.Records.Export;

namespace Socle.Http;

/// <summary>What a path names: <c>{table}</c>, <c>{table}/{id}</c>, or <c>{table}.csv</c> and <c>{table}.xlsx</c>, the table as a file for links that cannot send Accept.</summary>
/// <param name="Table">The table's name, decoded.</param>
/// <param name="Id">The record's id, decoded, or null.</param>
/// <param name="Format">The file that the path's end asks for, or null.</param>
public readonly record struct RecordAddress(string Table, string? Id, ExportFormat? Format)
{
    /// <summary>The file that a path's end asks for; the API's JSON has an envelope and is none.</summary>
    private static ExportFormat? FindFormat(string path) => ExportFile.FindBySuffix(path) is { } format and not ExportFormat.Json ? format : null;

    public static bool IsFile(string path) => FindFormat(path) is not null;

    public static RecordAddress Read(HttpContext context, CatalogSnapshot catalog)
    {
        var values = context.Request.RouteValues;
        var table = (string)values["table"]!;
        var id = values["id"] as string;
        if (table.Contains('%', StringComparison.Ordinal) || id?.Contains('%', StringComparison.Ordinal) == true)
            (table, id) = Decode(context, id is not null);
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (isRead && id is null && FindFormat(table) is { } format && table.Length > ExportFile.Suffix(format).Length && catalog.FindTable(table) is null)
            return new(table[..^ExportFile.Suffix(format).Length], null, format);
        return new(table, id, null);
    }

    /// <summary>The route's values leave an encoded slash as it is, and so cannot be told from an encoded percent sign: only the path as sent says which it was.</summary>
    private static (string Table, string? Id) Decode(HttpContext context, bool hasId)
    {
        var segments = AddressSegments.Read(context);
        return hasId ? (segments[^2], segments[^1]) : (segments[^1], null);
    }
}
