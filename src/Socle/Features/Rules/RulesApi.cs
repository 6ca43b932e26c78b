using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Auditing;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;
using Socle.Rules;
using Socle.Rules.Editing;

namespace Socle.Features.Rules;

/// <summary>
/// <c>/api/schema/tables/{table}/rules</c>: the conditional rules of a table. Whoever may read the table reads those about fields that they
/// see; administrators make, change and remove them. What is answered is in force.
/// </summary>
public static class RulesApi
{
    private const string Rules = "/api/schema/tables/{table}/rules";

    public static void MapRules(this WebApplication app)
    {
        app.MapAccounts(Rules, GateKind.Anybody, ("GET", List), ("POST", Admin(Create)));
        app.MapAccounts(Rules + "/check", GateKind.Anybody, ("POST", CheckRecord.Handle));
        app.MapAccounts(Rules + "/{id}", GateKind.Anybody, ("GET", Get), ("PATCH", Admin(Change)), ("DELETE", Admin(Delete)));
    }

    /// <summary>The table in the address as the caller sees it.</summary>
    internal static Result<TableSnapshot> FindTable(AccountCall call) =>
        call.Get<LiveCatalog>().Current.For(call.Caller).GetTable((string)call.Context.Request.RouteValues["table"]!);

    private static Func<AccountCall, Task> Admin(Func<AccountCall, Task> handle) => async call =>
    {
        if (Gate.Refuse(GateKind.Administrators, call.Caller, call.Get<LiveCatalog>().Current.Access) is not { } fault)
        {
            await handle(call);
            return;
        }

        await call.Note(AuditEvents.AccessRefused, $"{call.Context.Request.Method} {call.Context.Request.Path}");
        await call.Refuse(fault);
    };

    private static async Task List(AccountCall call)
    {
        var table = FindTable(call);
        if (table.IsFault)
            await call.Refuse(table.Faults);
        else
            await EnvelopeAnswers.WriteList(call.Context, await call.Get<RuleRegister>().List(table.Value, call.Cancellation), Write);
    }

    private static async Task Get(AccountCall call)
    {
        var table = FindTable(call);
        if (table.IsFault)
            await call.Refuse(table.Faults);
        else if (await Find(call, table.Value) is { } entry)
            await EnvelopeAnswers.WriteObject(call.Context, json => Write(json, entry));
        else
            await call.Refuse(RuleRegister.NoSuchRule(Id(call)));
    }

    private static async Task Create(AccountCall call)
    {
        var table = FindTable(call);
        var body = table.IsFault ? table.Faults : await BodyReader.ReadObject(call.Context);
        if (body.IsFault)
        {
            await call.Refuse(body.Faults);
            return;
        }

        var rule = RuleJson.Read(body.Value);
        await Answer(call, table.Value, rule.IsFault ? rule.Faults : await call.Get<RuleRegister>().Create(table.Value, rule.Value, call.SchemaOrigin(), call.Cancellation), AuditEvents.RuleMade, StatusCodes.Status201Created);
    }

    /// <summary>What is not sent stays; null takes a part away.</summary>
    private static async Task Change(AccountCall call)
    {
        var table = FindTable(call);
        var body = table.IsFault ? table.Faults : await BodyReader.ReadObject(call.Context);
        if (body.IsFault)
        {
            await call.Refuse(body.Faults);
            return;
        }

        if (await Find(call, table.Value) is not { } entry)
        {
            await call.Refuse(RuleRegister.NoSuchRule(Id(call)));
            return;
        }

        var merged = JsonNode.Parse(RuleJson.Write(entry.Rule.Rule))!.AsObject();
        foreach (var member in body.Value.EnumerateObject().GroupBy(member => member.Name).Select(group => group.Last()))
            merged[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        merged["id"] = entry.Rule.Rule.Id;
        var rule = RuleJson.Read(JsonSerializer.SerializeToElement(merged));
        await Answer(call, table.Value, rule.IsFault ? rule.Faults : await call.Get<RuleRegister>().Replace(table.Value, rule.Value, call.SchemaOrigin(), call.Cancellation), AuditEvents.RuleEdited);
    }

    private static async Task Delete(AccountCall call)
    {
        var table = FindTable(call);
        if (table.IsFault)
            await call.Refuse(table.Faults);
        else
            await Answer(call, table.Value, await call.Get<RuleRegister>().Delete(table.Value, Id(call), call.SchemaOrigin(), call.Cancellation), AuditEvents.RuleRemoved);
    }

    private static string Id(AccountCall call) => (string)call.Context.Request.RouteValues["id"]!;

    private static async Task<RuleEntry?> Find(AccountCall call, TableSnapshot table) =>
        (await call.Get<RuleRegister>().List(table, call.Cancellation)).Find(entry => entry.Rule.Rule.Id == Id(call));

    private static async Task Answer(AccountCall call, TableSnapshot table, Result<RuleEntry> result, string what, int status = StatusCodes.Status200OK)
    {
        if (result.IsFault)
        {
            await call.Refuse(result.Faults);
            return;
        }

        await call.Note(what, $"rule:{table.Name}.{result.Value.Rule.Rule.Id}", JsonNode.Parse(RuleJson.Write(result.Value.Rule.Rule))!.AsObject());
        await EnvelopeAnswers.WriteObject(call.Context, json => Write(json, result.Value), status);
    }

    private static void Write(Utf8JsonWriter json, RuleEntry entry)
    {
        RuleJson.Write(json, entry.Rule.Rule);
        if (!entry.Rule.Rule.KeepsExisting)
            json.WriteString("existing"u8, "refuse");
        // What an evaluator needs to know of the fields.
        json.WriteStartObject("fields"u8);
        foreach (var field in entry.Rule.Uses.OrderBy(field => field.Index))
            json.WriteString(field.Name, field.Kind is null ? "json" : field.Word);
        json.WriteEndObject();
        json.WriteString("blueprint"u8, entry.Blueprint);
        json.WriteMoment("createdAt", entry.CreatedAt);
    }
}
