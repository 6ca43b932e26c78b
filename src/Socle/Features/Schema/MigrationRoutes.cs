using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Auditing;
using Socle.Http;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Schema.Migrations;

namespace Socle.Features.Schema;

/// <summary><c>/api/schema/migrations</c>: what was done to the schema, newest first; taken down and brought up again, as <c>socle migrate</c> does.</summary>
internal static class MigrationRoutes
{
    private const int MostAtOnce = 1000;

    public static void Map(WebApplication app)
    {
        app.MapAccounts("/api/schema/migrations", GateKind.Administrators, ("GET", List));
        app.MapAccounts("/api/schema/migrations/down", GateKind.Administrators, ("POST", Down));
        app.MapAccounts("/api/schema/migrations/up", GateKind.Administrators, ("POST", Up));
    }

    private static async Task List(AccountCall call)
    {
        call.Allow("limit", "offset");
        var (limit, offset) = (call.Limit(), call.Offset());
        if (call.Faults is { IsEmpty: false } faults)
        {
            await call.Refuse(faults);
            return;
        }

        var migrations = (await MigrationLog.List(call.Get<Database>().Maintenance, call.Cancellation)).Reverse().Skip((int)Math.Min(offset, int.MaxValue)).Take(limit);
        await EnvelopeAnswers.WriteList(call.Context, migrations, (json, migration) => Write(json, migration, call.Caller.Language), limit, offset);
    }

    private static Task Down(AccountCall call) => Run(
        call, AuditEvents.TakenDown, (count, terms) => Migrate.Down(call.Get<SchemaChange>(), count ?? 1, terms, call.Cancellation));

    private static Task Up(AccountCall call) => Run(
        call, AuditEvents.BroughtUp, (count, terms) => Migrate.Up(call.Get<SchemaChange>(), count, terms, call.Cancellation));

    private static async Task Run(AccountCall call, string what, Func<int?, ChangeTerms, Task<Result<ImmutableArray<Migration>>>> change)
    {
        var terms = SchemaRequests.ReadTerms(call);
        var asked = await ReadBody(call.Context);
        ImmutableArray<Fault> faults = [.. terms.IsFault ? terms.Faults : [], .. asked.IsFault ? asked.Faults : []];
        var done = faults.IsEmpty
            ? await change(asked.Value.Count, terms.Value with { AllowsLoss = terms.Value.AllowsLoss || asked.Value.AllowsLoss })
            : faults;
        if (done.IsFault)
        {
            await call.Refuse(done.Faults);
            return;
        }

        if (!terms.Value.IsTrial && !done.Value.IsEmpty)
            await call.Note(what, $"migration:{string.Join(',', done.Value.Select(migration => migration.Id))}", new JsonObject { ["steps"] = new JsonArray([.. done.Value.SelectMany(migration => migration.Steps).Select(step => (JsonNode)step.English)]) });
        var chosen = done.Value.Select(migration => migration.Id).ToHashSet();
        var now = (await MigrationLog.List(call.Get<Database>().Maintenance, CancellationToken.None)).Where(migration => chosen.Contains(migration.Id));
        await EnvelopeAnswers.WriteList(call.Context, now, (json, migration) => Write(json, migration, call.Caller.Language));
    }

    private sealed record Asked(int? Count, bool AllowsLoss);

    /// <summary>No body is as good as an empty one.</summary>
    private static async Task<Result<Asked>> ReadBody(HttpContext context)
    {
        if (context.Request.ContentLength is null or 0 && context.Request.Headers.TransferEncoding.Count == 0)
            return new Asked(null, false);
        var body = await SchemaRequests.ReadBody(context);
        if (body.IsFault)
            return body.Faults;
        var faults = new List<Fault>();
        int? count = null;
        var allowsLoss = false;
        foreach (var member in body.Value.EnumerateObject())
        {
            if (member.Name == "count" && member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var number) && number is >= 1 and <= MostAtOnce)
                count = number;
            else if (member.Name is "allow_loss" or "allowLoss" && member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
                allowsLoss = member.Value.GetBoolean();
            else
                faults.Add(Refuse(member.Name));
        }

        return faults.Count > 0 ? faults : new Asked(count, allowsLoss);
    }

    private static Fault Refuse(string name) => name switch
    {
        "count" => new Fault(FaultCode.InvalidValue, $"'count' is a whole number from 1 to {MostAtOnce}.", $"« count » est un nombre entier de 1 à {MostAtOnce}.", name),
        "allow_loss" or "allowLoss" => new Fault(FaultCode.InvalidValue, $"'{name}' is true or false.", $"« {name} » vaut true ou false.", name),
        _ => new Fault(FaultCode.UnknownField, "The body takes 'count' and 'allow_loss'.", "Le corps prend « count » et « allow_loss ».", name.Length <= 60 ? name : name[..60] + "…"),
    };

    private static void Write(Utf8JsonWriter json, Migration migration, Language language)
    {
        json.WriteNumber("id"u8, migration.Id);
        json.WriteString("appliedAt"u8, migration.AppliedAt);
        if (migration.RevertedAt is { } at)
            json.WriteString("takenDownAt"u8, at);
        else
            json.WriteNull("takenDownAt"u8);
        json.WriteString("state"u8, migration.State switch
        {
            MigrationState.Applied => "applied",
            MigrationState.TakenDown => "taken_down",
            _ => "superseded",
        });
        json.WriteString("blueprint"u8, migration.Blueprint);
        json.WriteStartArray("steps"u8);
        foreach (var step in migration.Steps)
            SchemaAnswers.Step(step, language).WriteTo(json);
        json.WriteEndArray();
    }
}
