using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Blueprints.Live;
using Socle.Http;
using Socle.Kernel;
using Socle.Schema.Migrations;

namespace Socle.Features.Schema;

/// <summary>Reads what a request to change the schema says besides the table: on trial, with losses, only as it was seen.</summary>
internal static class SchemaRequests
{
    private const int MostBytes = 1024 * 1024;

    public static async ValueTask<Result<JsonElement>> ReadBody(HttpContext context)
    {
        var body = await BodyReader.ReadObject(context, MostBytes);
        return !body.IsFault && EditSchema.Check(body.Value) is { } fault ? fault : body;
    }

    public static Result<EditRequest> Read(AccountCall call, JsonElement? body)
    {
        var terms = ReadTerms(call);
        if (terms.IsFault)
            return terms.Faults;
        var source = new JsonObject
        {
            ["method"] = call.Context.Request.Method,
            ["path"] = call.Context.Request.Path.Value,
            ["body"] = body is { } sent ? JsonNode.Parse(sent.GetRawText()) : null,
        };
        return new EditRequest(source.ToJsonString(), terms.Value, table => Judge(call.Context.Request.Headers, table));
    }

    public static Result<ChangeTerms> ReadTerms(AccountCall call)
    {
        call.Allow("dry_run", "allow_loss");
        var faults = call.Faults.ToList();
        var terms = new ChangeTerms(
            Switch("dry_run"),
            Switch("allow_loss"),
            call.SchemaOrigin());
        return faults.Count > 0 ? faults : terms;

        bool Switch(string name)
        {
            var text = call.Context.Request.Query[name];
            if (text is not ([] or ["true"] or ["false"]))
                faults.Add(new Fault(FaultCode.InvalidValue, $"{name} is true or false.", $"{name} vaut true ou false.", name));
            return text is ["true"];
        }
    }

    /// <summary>If-Match: the change is made only to the table that the caller saw.</summary>
    private static Fault? Judge(IHeaderDictionary headers, LiveTable table) =>
        headers.IfMatch.Count == 0 || EntityTags.Names(headers.IfMatch, SchemaAnswers.TagOf(table)) ? null : new Fault(
            FaultCode.StaleRecord,
            $"Somebody changed the table '{table.Name}' since you read it. Read it again, then change it.",
            $"Quelqu'un a modifié la table « {table.Name} » depuis que vous l'avez lue. Relisez-la, puis modifiez-la.",
            "If-Match");
}
