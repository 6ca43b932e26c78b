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

/// <summary><c>/api/roles</c>: administrators say which roles there are. What a role may is for its policies to say.</summary>
public static class RolesApi
{
    public static void MapRoles(this WebApplication app)
    {
        app.MapAccounts("/api/roles", GateKind.Administrators, ("GET", List), ("POST", Create));
        app.MapAccounts("/api/roles/{id}", GateKind.Administrators, ("GET", Get), ("PATCH", Change), ("DELETE", Delete));
    }

    private static async Task List(AccountCall call) =>
        await EnvelopeAnswers.WriteList(call.Context, await call.Get<RoleRegister>().List(call.Cancellation), Write);

    private static async Task Get(AccountCall call)
    {
        if (await call.Get<RoleRegister>().Find(Name(call), call.Cancellation) is { } role)
            await EnvelopeAnswers.WriteObject(call.Context, json => Write(json, role));
        else
            await call.Refuse(NotFound(Name(call)));
    }

    private static async Task Create(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var name = body.Required("name");
        var (label, defaults, mayUndo) = ReadParts(body);
        var made = body.Faults is { IsEmpty: false } faults
            ? faults
            : await call.Get<RoleRegister>().Create(name, label ?? new Text(name, name), defaults ?? [], mayUndo ?? false, call.Cancellation);
        await Answer(call, made, AuditEvents.RoleMade, StatusCodes.Status201Created);
    }

    private static async Task Change(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var (label, defaults, mayUndo) = ReadParts(body);
        var changed = body.Faults is { IsEmpty: false } faults
            ? faults
            : await call.Get<RoleRegister>().Change(Name(call), label, defaults, mayUndo, call.Cancellation);
        await Answer(call, changed, AuditEvents.RoleEdited);
    }

    private static async Task Delete(AccountCall call) =>
        await Answer(call, await call.Get<RoleRegister>().Delete(Name(call), call.Cancellation), AuditEvents.RoleRemoved);

    private static (Text? Label, ImmutableArray<PolicyAction>? Defaults, bool? MayUndo) ReadParts(BodyReader body) =>
        (body.Label("label"), PolicyActions.Read(body, "default"), body.Switch("undo"));

    private static async Task Answer(AccountCall call, Result<RoleEntry> result, string what, int status = StatusCodes.Status200OK)
    {
        if (result.IsFault)
        {
            await call.Refuse(result.Faults);
            return;
        }

        var role = result.Value;
        await call.Note(what, $"role:{role.Name}", new JsonObject { ["default"] = new JsonArray([.. role.DefaultActions.Select(action => (JsonNode)PolicyActions.Word(action))]), ["undo"] = role.MayUndo });
        await EnvelopeAnswers.WriteObject(call.Context, json => Write(json, role), status);
    }

    private static string Name(AccountCall call) => (string)call.Context.Request.RouteValues["id"]!;

    private static void Write(Utf8JsonWriter json, RoleEntry role)
    {
        json.WriteString("name"u8, role.Name);
        json.WriteStartObject("label"u8);
        json.WriteString("fr"u8, role.Label.French);
        json.WriteString("en"u8, role.Label.English);
        json.WriteEndObject();
        json.WriteStartArray("default"u8);
        foreach (var action in role.DefaultActions)
            json.WriteStringValue(PolicyActions.Word(action));
        json.WriteEndArray();
        json.WriteBoolean("undo"u8, role.MayUndo);
        json.WriteBoolean("isAdmin"u8, role.IsAdmin);
        json.WriteBoolean("isBuiltIn"u8, role.IsBuiltIn);
        json.WriteString("blueprint"u8, role.Blueprint);
        json.WriteMoment("createdAt", role.CreatedAt);
    }

    private static Fault NotFound(string name)
    {
        var shown = name.Length <= 60 ? name : name[..60] + "…";
        return new Fault(
            FaultCode.NotFound,
            $"There is no role '{shown}'. GET /api/roles lists them.",
            $"Il n'y a pas de rôle « {shown} ». GET /api/roles les liste.");
    }
}
