using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Cochin;
using Socle.Kernel;

namespace Socle.Commands;

/// <summary>What an import of a Cochin database did, for programs: every value that was kept aside is in it.</summary>
internal static class CochinReportJson
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    public static string Write(CochinReport report) => new JsonObject
    {
        ["dryRun"] = report.IsDryRun,
        ["applied"] = report.IsApplied,
        ["tables"] = List(report.Tables, Table),
        ["aside"] = List(report.Aside, value => new JsonObject
        {
            ["table"] = value.Table,
            ["record"] = value.Record,
            ["field"] = value.Field,
            ["value"] = value.Value,
            ["reason"] = AsideReasons.CodeOf(value.Reason),
        }),
        ["differences"] = List(report.Differences, path => JsonValue.Create(path)),
        ["rules"] = List(report.Rules, rule => new JsonObject { ["name"] = rule.Name, ["table"] = rule.Table, ["problem"] = Problem(rule.Problem) }),
        ["people"] = List(report.People, person => new JsonObject
        {
            ["username"] = person.Username,
            ["role"] = person.Role,
            ["hasPassword"] = person.HasPassword,
            ["problem"] = Problem(person.Problem),
        }),
        ["leftOut"] = List(report.LeftOut, left => new JsonObject { ["table"] = left.Table, ["column"] = left.Column, ["rows"] = left.Rows }),
    }.ToJsonString(Readable);

    private static JsonObject Table(TableReport table) => new()
    {
        ["source"] = table.Source,
        ["table"] = table.Table,
        ["records"] = table.Counts.Records,
        ["written"] = table.Counts.Written,
        ["merged"] = table.Counts.Merged,
        ["refused"] = table.Counts.Refused,
        ["values"] = table.Counts.Values,
        ["same"] = table.Counts.Same,
        ["rewritten"] = table.Counts.Rewritten,
        ["followed"] = table.Counts.Followed,
        ["empty"] = table.Counts.Empty,
        ["repeated"] = table.Counts.Repeated,
        ["aside"] = table.Counts.Aside,
        ["different"] = table.Counts.Different,
    };

    private static JsonObject? Problem(Text? problem) => problem is { } text ? new JsonObject { ["fr"] = text.French, ["en"] = text.English } : null;

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> write) => [.. items.Select(write)];
}
