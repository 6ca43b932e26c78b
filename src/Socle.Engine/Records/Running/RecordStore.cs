using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Planning;
using Socle.Records.Statements;

namespace Socle.Records.Running;

/// <summary>
/// Takes a record request and the snapshot, gives rows or faults: plans it, writes its statement, runs it.
/// The one room of the engine that waits for PostgreSQL.
/// </summary>
/// <param name="database">Where.</param>
/// <param name="maxRows">The most rows of one answer.</param>
/// <param name="zone">The time zone in which moments have their day; UTC when nothing is said.</param>
/// <param name="secrets">Seals what secret fields keep; null where nothing is written.</param>
public sealed class RecordStore(Database database, int maxRows, TimeZoneInfo? zone = null, SealedText? secrets = null)
{
    /// <summary>An estimated count is exact up to here.</summary>
    internal const long ExactCountLimit = 1000;

    private readonly string _zone = zone?.Id ?? PlanContext.Utc;
    private readonly StatementRunner _runner = new(database.Requests, database.Roles);
    private readonly StatementRunner _exports = new(database.Exports, roles: null);
    private readonly FaultFinder _finder = new(database);

    /// <param name="request">The wish.</param>
    /// <param name="snapshot">What the database looks like.</param>
    /// <param name="within">The transaction that the request is a part of; null when it is one by itself.</param>
    /// <param name="cancellation">The caller left.</param>
    public Task<Result<RecordAnswer>> Run(RecordRequest request, CatalogSnapshot snapshot, RecordTransaction? within, CancellationToken cancellation)
    {
        var seen = snapshot.For(request.Caller);
        return request.Action is RecordAction.List or RecordAction.Get
            ? Read(request, seen, within, cancellation)
            : Write(request, seen, within, cancellation);
    }

    /// <summary>As whom PostgreSQL is to judge what the caller does.</summary>
    public static TransactionSettings SettingsOf(Caller caller, CatalogSnapshot snapshot, ChangeOrigin? origin) =>
        new(snapshot.Access.DatabaseRoleOf(caller), caller.UserId, origin) { IsRoleEnough = snapshot.Access.FindAskingWho(caller) == AskingWho.Nowhere };

    /// <summary>
    /// Who asks, for a statement that may tell it itself: only our own policies ask when the first row is looked for, as we compile them.
    /// One that may read many rows is told before, as setting anything keeps PostgreSQL from reading them in parallel.
    /// </summary>
    private static string? FindWho(Caller caller, CatalogSnapshot snapshot, RecordTransaction? within) =>
        within is null && snapshot.Access.FindAskingWho(caller) == AskingWho.InPolicies ? TransactionSettings.UserText(caller.UserId) : null;

    private async Task<Result<RecordAnswer>> Read(RecordRequest request, CatalogSnapshot snapshot, RecordTransaction? within, CancellationToken cancellation)
    {
        var planned = ReadPlanner.Plan(request, snapshot, maxRows, _zone);
        if (planned.IsFault)
            return planned.Faults;
        var plan = planned.Value;
        var isMany = request.Action == RecordAction.List;
        var runner = request.IsExport ? _exports : _runner;
        var run = await Run(
            plan.Scope.Table,
            null,
            () => Send(runner, within, ReadStatements.Rows(plan, isMany ? null : FindWho(request.Caller, snapshot, within)), isMany ? Counts(plan) : [], SettingsOf(request.Caller, snapshot, origin: null), cancellation),
            () => _finder.Find(plan, cancellation));
        if (run.IsFault)
            return run.Faults;
        if (!isMany && !await run.Value.Peek())
        {
            await run.Value.DisposeAsync();
            return NoRecord(plan.Scope.Table);
        }

        return new RecordAnswer(run.Value, plan.Scope.Outputs, isMany, Limit: plan.Scope.Limit, Offset: plan.Scope.Offset ?? 0)
        {
            Version = plan.HasVersion ? run.Value.ReadVersion(fromEnd: 1) : null,
            IsTagged = !isMany,
        };
    }

    private static Statement[] Counts(ReadPlan plan) => plan.Count switch
    {
        CountKind.Exact => [ReadStatements.Count(plan)],
        CountKind.Planned => [ReadStatements.Estimate(plan)],
        CountKind.Estimated => [ReadStatements.Count(plan, ExactCountLimit + 1), ReadStatements.Estimate(plan)],
        _ => [],
    };

    private async Task<Result<RecordAnswer>> Write(RecordRequest request, CatalogSnapshot snapshot, RecordTransaction? within, CancellationToken cancellation)
    {
        var planned = WritePlanner.Plan(request, snapshot, _zone, secrets);
        if (planned.IsFault)
            return planned.Faults;
        var plan = planned.Value;
        var isMany = request.Body?.ValueKind == JsonValueKind.Array;
        var statement = WriteStatements.Write(plan, isMany, within is null ? request.Origin : null, FindWho(request.Caller, snapshot, within));
        var run = await Run(
            plan.Table,
            plan.Kind,
            () => Send(_runner, within, statement, [], SettingsOf(request.Caller, snapshot, origin: null), cancellation),
            () => _finder.Find(plan, isMany, cancellation),
            exception => RuleRefusals.Find(exception, plan, request.Body));
        if (run.IsFault)
            return run.Faults;
        var rows = run.Value;
        var isEmpty = !await rows.Peek();
        if (isEmpty && request.Id is not null)
        {
            await rows.DisposeAsync();
            return await WhyNothing(request, plan, snapshot, within, cancellation);
        }

        var isCreated = plan.Kind == WriteKind.Insert && (!WriteStatements.IsUpsert(plan) || (!isEmpty && IsAnyNew(rows)));
        var version = plan.Answer.HasVersion && !isEmpty ? rows.ReadVersion(fromEnd: WriteStatements.IsUpsert(plan) ? 2 : 1) : (uint?)null;
        return new RecordAnswer(rows, plan.Answer.Scope.Outputs, isMany || (request.Id is null && plan.Kind != WriteKind.Insert), isCreated) { Version = version, IsTagged = version is not null };
    }

    /// <summary>The first row, which is there, tells it of all.</summary>
    private static bool IsAnyNew(RowStream rows) => rows.ReadLastBoolean();

    /// <summary>A write that found no record: there is none, it has another version, or what was sent back of it is not what is stored.</summary>
    private async Task<Result<RecordAnswer>> WhyNothing(RecordRequest request, WritePlan plan, CatalogSnapshot snapshot, RecordTransaction? within, CancellationToken cancellation)
    {
        var action = plan.Kind == WriteKind.Delete ? PolicyAction.Delete : PolicyAction.Update;
        var isBound = !plan.Table.Rights.AllowsEveryRecord(action);
        if (plan.Echoed.IsEmpty && plan.Versions is null && !isBound)
            return NoRecord(plan.Table);
        var stored = await Read(new RecordRequest(RecordAction.Get, request.Table, RecordQuery.Everything, request.Caller, request.Id), snapshot, within, cancellation);
        if (stored.IsFault)
            return stored.Faults;
        await stored.Value.DisposeAsync();
        if (plan.Versions is { } versions && (stored.Value.Version is not { } version || !versions.Contains(version)))
            return WriteFaults.Stale(plan.Table);
        // Then a condition kept it: the role's, or that of the address.
        if (isBound && request.Query.Scope.Where.IsEmpty && plan.Echoed.IsEmpty)
            return WriteFaults.NotAllowed(plan.Table);
        if (plan.Echoed.IsEmpty)
            return NoRecord(plan.Table);
        return plan.Echoed.Select(field => field.IsReadOnly || plan.Table.Rights.AllowsField(action, field.Name) ? WriteFaults.Changed(field.ApiName) : WriteFaults.FieldNotAllowed(field.ApiName)).ToList();
    }

    private static Task<RowStream> Send(StatementRunner runner, RecordTransaction? within, Statement rows, IReadOnlyList<Statement> counts, TransactionSettings settings, CancellationToken cancellation) =>
        within is null ? runner.Run(rows, counts, settings, cancellation) : StatementRunner.Run(within, rows, counts, cancellation);

    private static async Task<Result<RowStream>> Run(TableSnapshot table, WriteKind? kind, Func<Task<RowStream>> run, Func<Task<Fault?>> findField, Func<PostgresException, ImmutableArray<Fault>>? findRules = null)
    {
        try
        {
            var rows = await run();
            rows.FindFault = exception => DatabaseFaults.Find(exception, table, kind);
            return rows;
        }
        catch (PostgresException exception) when (findRules is not null && RuleRefusals.IsOne(exception))
        {
            return findRules(exception);
        }
        // Types of extensions refuse their input with these two; when no field is at fault it is a bug.
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.SyntaxError or PostgresErrorCodes.InternalError)
        {
            if (await findField() is { } fault)
                return fault;
            throw;
        }
        catch (Exception exception) when (DatabaseFaults.Find(exception, table, kind) is { } fault)
        {
            if (fault is { Field: null, Code: FaultCode.InvalidValue or FaultCode.InvalidFilter or FaultCode.CheckViolation })
                return await findField() ?? fault;
            return fault;
        }
    }

    private static Fault NoRecord(TableSnapshot table) => new(
        FaultCode.NotFound,
        $"'{table.Name}' has no record with this id.",
        $"« {table.Name} » n'a pas d'enregistrement avec cet id.");
}
