using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Blueprints.Live;
using Socle.Http;
using Socle.Kernel;
using Socle.Schema;
using Socle.Schema.Migrations;

namespace Socle.Features.Schema;

/// <summary>Writes tables, fields and what was done to them.</summary>
internal static class SchemaAnswers
{
    /// <summary>The table or field as it is now, with the plan that was carried out; on trial the plan alone.</summary>
    public static Task Write(AccountCall call, SchemaEdit edit, bool isTrial, int status, bool isGone)
    {
        var language = call.Caller.Language;
        var data = isTrial || edit.Table is not { } table ? []
            : edit.Field is null || isGone ? LiveTableJson.Of(table, language)
            : LiveTableJson.FindField(table, edit.Field) ?? [];
        data["plan"] = Plan(edit.Plan, language);
        if (!isTrial && !(isGone && edit.Field is null) && edit.Table is { } now)
            call.Context.Response.Headers.ETag = TagOf(now);
        return EnvelopeAnswers.WriteObject(call.Context, json => WriteMembers(json, data), status);
    }

    public static void WriteMembers(Utf8JsonWriter json, JsonObject members)
    {
        foreach (var (name, value) in members)
        {
            json.WritePropertyName(name);
            if (value is null)
                json.WriteNullValue();
            else
                value.WriteTo(json);
        }
    }

    /// <summary>The same as long as nobody changes the table, in whatever language it is read.</summary>
    public static string TagOf(LiveTable table) => EntityTags.Make(null, Encoding.UTF8.GetBytes(LiveTableJson.Of(table, Language.English).ToJsonString()));

    /// <summary>How the audit names what was changed.</summary>
    public static string TargetOf(SchemaEdit edit) => edit switch
    {
        { Table: { } table, Field: { } field } => $"field:{table.Name}.{field}",
        { Table: { } table } => $"table:{table.Name}",
        _ => "table",
    };

    public static JsonObject Detail(SchemaPlan plan) => new() { ["steps"] = new JsonArray([.. plan.Steps.Select(step => (JsonNode)step.Words.English)]) };

    public static JsonObject Step(LoggedStep step, Language language) => new()
    {
        ["words"] = step.Words.In(language),
        ["table"] = step.Table,
        ["verdict"] = Word(step.Verdict),
        ["rows"] = step.Rows,
        ["losses"] = step.Losses,
    };

    private static JsonObject Plan(SchemaPlan plan, Language language) => new()
    {
        ["steps"] = new JsonArray([.. plan.Steps.Select(step => (JsonNode)Step(step, language))]),
        ["losesValues"] = plan.Steps.Any(step => step.Verdict == Verdict.LosesValues),
        ["notes"] = new JsonArray([.. plan.Notes.Select(note => (JsonNode)note.In(language))]),
    };

    private static JsonObject Step(SchemaStep step, Language language) => new()
    {
        ["words"] = step.Words.In(language),
        ["table"] = step.Table,
        ["verdict"] = Word(step.Verdict.ToString()),
        ["rows"] = step.Rows,
        ["losses"] = step.Losses,
        ["lock"] = Word((step.Locked.Any() ? step.Lock : TableLock.None).ToString()),
        ["locked"] = new JsonArray([.. step.Locked.Select(table => (JsonNode)table)]),
    };

    /// <summary><c>NeedsScan</c> → <c>needs_scan</c>.</summary>
    private static string Word(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
