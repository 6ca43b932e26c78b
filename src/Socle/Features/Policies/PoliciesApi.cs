using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Auditing;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;
using Socle.Policies;

namespace Socle.Features.Policies;

/// <summary><c>/api/policies</c>: administrators say what each role may do to which records and fields. What is answered is in force.</summary>
public static class PoliciesApi
{
    private const int LongestFilter = 10_000;

    public static void MapPolicies(this WebApplication app)
    {
        app.MapAccounts("/api/policies", GateKind.Administrators, ("GET", List), ("POST", Create));
        app.MapAccounts("/api/policies/{id}", GateKind.Administrators, ("GET", Get), ("PATCH", Change), ("DELETE", Delete));
    }

    private static async Task List(AccountCall call)
    {
        call.Allow("role", "table");
        var table = call.Text("table") is { } name ? call.Get<LiveCatalog>().Current.GetTable(name) : default(Result<TableSnapshot>?);
        ImmutableArray<Fault> faults = [.. call.Faults, .. table is { IsFault: true } unknown ? unknown.Faults : []];
        if (faults.IsEmpty)
            await EnvelopeAnswers.WriteList(call.Context, await call.Get<PolicyRegister>().List(call.Text("role"), table?.Value, call.Cancellation), (json, policy) => Write(json, policy, call.Caller.Language));
        else
            await call.Refuse(faults);
    }

    private static async Task Get(AccountCall call)
    {
        if (await Find(call) is { } policy)
            await EnvelopeAnswers.WriteObject(call.Context, json => Write(json, policy, call.Caller.Language));
        else
            await call.Refuse(NotFound);
    }

    private static async Task Create(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var (role, name) = (body.Required("role"), body.Required("table"));
        body.Required("action");
        var action = body.Choice("action", [.. PolicyActions.All]);
        var (filter, fields) = (body.Text("filter", LongestFilter), body.Words("fields"));
        var table = call.Get<LiveCatalog>().Current.GetTable(name);
        if (name.Length > 0 && table.IsFault)
            body.Refuse(table.Faults[0] with { Code = FaultCode.InvalidValue, Field = "table" });
        CheckFields(body, action, fields);
        var made = body.Faults is { IsEmpty: false } faults
            ? faults
            : await call.Get<PolicyRegister>().Create(new PolicyRule(role, table.Value, action!.Value, filter, fields), call.Cancellation);
        await Answer(call, made, AuditEvents.PolicyMade, StatusCodes.Status201Created);
    }

    /// <summary>What is not sent stays; null takes the filter or the list of fields away.</summary>
    private static async Task Change(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        if (await Find(call) is not { } policy)
        {
            await call.Refuse(NotFound);
            return;
        }

        var (filter, fields) = (body.Text("filter", LongestFilter), body.Words("fields"));
        CheckFields(body, policy.Action, fields);
        var changed = body.Faults is { IsEmpty: false } faults
            ? faults
            : await call.Get<PolicyRegister>().Change(policy, body.Has("filter") ? filter : policy.Filter, body.Has("fields") ? fields : policy.Fields, call.Cancellation);
        await Answer(call, changed, AuditEvents.PolicyEdited);
    }

    private static async Task Delete(AccountCall call)
    {
        if (await Find(call) is { } policy)
            await Answer(call, await call.Get<PolicyRegister>().Delete(policy, call.Cancellation), AuditEvents.PolicyRemoved, gone: policy);
        else
            await call.Refuse(NotFound);
    }

    private static async Task<PolicyEntry?> Find(AccountCall call) =>
        call.Id() is { } id ? await call.Get<PolicyRegister>().Find(id, call.Cancellation) : null;

    private static void CheckFields(BodyReader body, PolicyAction? action, ImmutableArray<string>? fields)
    {
        if (fields is { IsEmpty: true })
            body.Refuse(new Fault(FaultCode.InvalidValue, "'fields' names at least one field; leave it out for all of them.", "« fields » nomme au moins un champ ; omettez-le pour tous.", "fields"));
        else if (fields is not null && action == PolicyAction.Delete)
            body.Refuse(new Fault(FaultCode.InvalidValue, "A record is deleted with all its fields: leave 'fields' out.", "Un enregistrement est supprimé avec tous ses champs : omettez « fields ».", "fields"));
    }

    private static async Task Answer(AccountCall call, Result<PolicyEntry> result, string what, int status = StatusCodes.Status200OK, PolicyEntry? gone = null)
    {
        if (result.IsFault)
        {
            await call.Refuse(result.Faults);
            return;
        }

        // As the list shows it.
        var policy = gone ?? await call.Get<PolicyRegister>().Find(result.Value.Id, CancellationToken.None) ?? result.Value;
        await call.Note(what, $"policy:{policy.Role} {PolicyActions.Word(policy.Action)} {policy.Table}", new JsonObject { ["filter"] = policy.Filter, ["fields"] = policy.Fields is { } fields ? new JsonArray([.. fields.Select(field => (JsonNode)field)]) : null });
        await EnvelopeAnswers.WriteObject(call.Context, json => Write(json, policy, call.Caller.Language), status);
    }

    private static void Write(Utf8JsonWriter json, PolicyEntry policy, Language language)
    {
        json.WriteString("id"u8, policy.Id);
        json.WriteString("role"u8, policy.Role);
        json.WriteString("table"u8, policy.Table);
        json.WriteString("action"u8, PolicyActions.Word(policy.Action));
        json.WriteString("filter"u8, policy.Filter);
        if (policy.Fields is { } fields)
        {
            json.WriteStartArray("fields"u8);
            foreach (var field in fields)
                json.WriteStringValue(field);
            json.WriteEndArray();
        }
        else
        {
            json.WriteNull("fields"u8);
        }

        json.WriteString("blueprint"u8, policy.Blueprint);
        json.WriteMoment("createdAt", policy.CreatedAt);
        json.WriteStartArray("problems"u8);
        foreach (var fault in policy.Faults)
            json.WriteStringValue(fault.Message.In(language));
        json.WriteEndArray();
    }

    private static Fault NotFound { get; } = new(
        FaultCode.NotFound,
        "There is no such policy. GET /api/policies lists them.",
        "Il n'y a pas de telle règle. GET /api/policies les liste.");
}
