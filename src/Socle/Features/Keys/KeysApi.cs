using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Auditing;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Keys;

/// <summary><c>/api/keys</c>: the API keys of programs. A key is told once, when it is made.</summary>
public static class KeysApi
{
    public static void MapKeys(this WebApplication app)
    {
        app.MapAccounts("/api/keys", GateKind.Administrators, ("GET", List), ("POST", Create));
        app.MapAccounts("/api/keys/{id}", GateKind.Administrators, ("GET", Get), ("DELETE", Revoke));
    }

    private static async Task List(AccountCall call) =>
        await EnvelopeAnswers.WriteList(call.Context, await call.Get<IssuedKeys>().List(call.Cancellation), Write);

    private static async Task Get(AccountCall call) =>
        await Answer(call, call.Id() is { } id ? await call.Get<IssuedKeys>().Find(id, call.Cancellation) : null);

    private static async Task Create(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var (name, role, expiresAt) = (body.Required("name", 100), body.Required("role"), body.Moment("expiresAt"));
        if (expiresAt <= DateTimeOffset.UtcNow)
            body.Refuse(new Fault(FaultCode.InvalidValue, "'expiresAt' is past.", "« expiresAt » est passé.", "expiresAt"));
        var made = body.Faults.IsEmpty ? await call.Get<IssuedKeys>().Create(name, role, expiresAt, call.Caller.UserId, call.Cancellation) : body.Faults;
        if (made.IsFault)
        {
            await call.Refuse(made.Faults);
            return;
        }

        var (key, secret) = made.Value;
        await call.Note(AuditEvents.KeyCreated, $"key:{key.Prefix}", new JsonObject { ["name"] = key.Name, ["role"] = key.Role });
        await EnvelopeAnswers.WriteObject(
            call.Context,
            json =>
            {
                Write(json, key);
                json.WriteString("key"u8, secret);
            },
            StatusCodes.Status201Created);
    }

    private static async Task Revoke(AccountCall call)
    {
        var key = call.Id() is { } id ? await call.Get<IssuedKeys>().Revoke(id) : null;
        if (key is not null)
            await call.Note(AuditEvents.KeyRevoked, $"key:{key.Prefix}", new JsonObject { ["name"] = key.Name });
        await Answer(call, key);
    }

    private static Task Answer(AccountCall call, IssuedKey? key) =>
        key is null ? call.Refuse(NotFound) : EnvelopeAnswers.WriteObject(call.Context, json => Write(json, key));

    private static void Write(Utf8JsonWriter json, IssuedKey key)
    {
        json.WriteString("id"u8, key.Id);
        json.WriteString("name"u8, key.Name);
        json.WriteString("prefix"u8, $"socle_{key.Prefix}");
        json.WriteString("role"u8, key.Role);
        if (key.CreatedBy is { } maker)
            json.WriteString("createdBy"u8, maker);
        else
            json.WriteNull("createdBy"u8);
        json.WriteMoment("createdAt", key.CreatedAt);
        json.WriteMoment("expiresAt", key.ExpiresAt);
        json.WriteMoment("lastUsedAt", key.LastUsedAt);
        json.WriteMoment("revokedAt", key.RevokedAt);
    }

    private static Fault NotFound { get; } = new(
        FaultCode.NotFound,
        "There is no such API key. GET /api/keys lists them.",
        "Il n'y a pas de telle clé d'API. GET /api/keys les liste.");
}
