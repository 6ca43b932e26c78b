using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Socle.Auditing;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Records;
using Socle.Records.Running;

namespace Socle.Http;

/// <summary>The <c>/api/{table}</c> and <c>/{table}</c> doors: a request goes in, an envelope comes out.</summary>
public sealed class RecordEndpoint(RecordStore records, AtomicWork work, LiveCatalog catalog, ServerState state, AuditLog audit, TimeZoneInfo zone)
{
    public async Task Handle(HttpContext context)
    {
        // One snapshot from the first room to the last, and of it what the caller may see.
        var whole = catalog.Current;
        var caller = RequestReader.CallerOf(context.Request);
        var snapshot = whole.For(caller);
        var address = RecordAddress.Read(context, snapshot);
        if (Refuse(context, caller, snapshot, address.Table, whole.Access) is { } refusal)
        {
            await FaultAnswers.Write(context, refusal);
            return;
        }

        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.Allow = Methods(snapshot.FindTable(address.Table), address.Id);
            return;
        }

        RequestLog.SetTable(context, address.Table);
        var request = await RequestReader.Read(context, address);
        if (request is { IsFault: false, Value.Origin: not null } && IdempotencyHeader.IsThere(context.Request))
        {
            await RunOnce(context, request.Value, snapshot);
            return;
        }

        if (request.IsFault)
            await Refuse(context, request.Faults, snapshot, address.Table, address.Id);
        else
            await Answer(context, request.Value, snapshot);
    }

    /// <summary>Runs a request that was read, and answers it.</summary>
    /// <param name="context">Where it came from.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="snapshot">What the caller sees.</param>
    public async Task Answer(HttpContext context, RecordRequest request, CatalogSnapshot snapshot)
    {
        var answer = await records.Run(request, snapshot, within: null, context.RequestAborted);
        if (answer.IsFault)
        {
            await Refuse(context, answer.Faults, snapshot, request.Table, request.Id);
            return;
        }

        await using var rows = answer.Value;
        if (ChangeSetOf(request, snapshot) is { } change)
            context.Response.Headers["Change-Id"] = change.ToString();
        if (request.Export is { } export && snapshot.HasSystemSchema)
            await audit.Write(request.Caller, RequestIds.Of(context), AuditEvents.Exported, request.Table, new JsonObject { ["format"] = export.ToString().ToLowerInvariant() });
        if (request.Export is { } format)
            await RecordAnswers.WriteFile(context, rows, request.Table, format, zone);
        else
            await RecordAnswers.WriteJson(context, rows);
    }

    /// <summary>A write that is done once, however often it is sent: answered from memory, when all of it is on disk.</summary>
    private async Task RunOnce(HttpContext context, RecordRequest request, CatalogSnapshot snapshot)
    {
        var key = IdempotencyHeader.Read(context.Request, request.Body);
        if (key.IsFault)
        {
            await FaultAnswers.Write(context, key.Faults);
            return;
        }

        var buffer = AnswerBuffer.Rent();
        try
        {
            var done = await work.Run(RecordStore.SettingsOf(request.Caller, snapshot, request.Origin), key.Value, snapshot, Work, context.RequestAborted);
            if (done.IsFault)
                await Refuse(context, done.Faults, snapshot, request.Table, request.Id);
            else
                await WholeAnswers.Write(context, done.Value);
        }
        finally
        {
            AnswerBuffer.Return(buffer);
        }

        async Task<Result<WholeAnswer>> Work(RecordTransaction transaction)
        {
            var answer = await records.Run(request, snapshot, transaction, context.RequestAborted);
            if (answer.IsFault)
                return answer.Faults;
            await using var rows = answer.Value;
            return await WholeAnswers.Make(buffer, rows, ChangeSetOf(request, snapshot));
        }
    }

    /// <summary>The change set that a write makes; null where no history is kept.</summary>
    private static Guid? ChangeSetOf(RecordRequest request, CatalogSnapshot snapshot) =>
        snapshot.FindTable(request.Table) is { HasHistory: true } ? request.Origin?.Id : null;

    /// <summary>What works on the table, or on one record of it.</summary>
    private static string Methods(TableSnapshot? table, string? id)
    {
        var canInsert = id is null && table is { IsInsertable: true };
        var canReplace = id is not null && table is { IsUpdatable: true };
        var canChange = table is { IsUpdatable: true };
        var canDelete = table is { IsDeletable: true };
        return $"GET, HEAD{(canInsert ? ", POST" : "")}{(canReplace ? ", PUT" : "")}{(canChange ? ", PATCH" : "")}{(canDelete ? ", DELETE" : "")}, OPTIONS";
    }

    private static Task Refuse(HttpContext context, ImmutableArray<Fault> faults, CatalogSnapshot snapshot, string table, string? id)
    {
        if (faults[0].Code == FaultCode.MethodNotAllowed)
            context.Response.Headers.Allow = Methods(snapshot.FindTable(table), id);
        return FaultAnswers.Write(context, faults);
    }

    private Fault? Refuse(HttpContext context, Caller caller, CatalogSnapshot snapshot, string table, AccessRules access)
    {
        if (!state.IsReady)
            return ServerState.NotReady;
        // The root door lets everybody in to show browsers a page; records are for those with a role all the same.
        if (Gate.Refuse(GateKind.Anybody, caller, access) is { } closed)
            return closed;
        var found = snapshot.GetTable(table);
        if (found.IsFault)
            return found.Faults[0];
        if (Formats.CanAnswer(context.Request))
            return null;
        return new Fault(
            FaultCode.NotAcceptable,
            "Records are answered as application/json, text/csv or application/vnd.openxmlformats-officedocument.spreadsheetml.sheet. Ask for one of them in Accept.",
            "Les enregistrements sont donnés en application/json, text/csv ou application/vnd.openxmlformats-officedocument.spreadsheetml.sheet. Demandez l'un d'eux dans Accept.");
    }
}
