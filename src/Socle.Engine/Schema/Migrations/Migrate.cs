using System.Collections.Immutable;
using Npgsql;
using Socle.Kernel;
using Socle.Policies;
using Socle.Postgres;

namespace Socle.Schema.Migrations;

/// <summary>
/// Takes migrations down and up again, in one transaction: all of it or nothing. On the way down each step is taken back,
/// the last one first; on the way up what the way down moved aside comes back. Refuses what 30 days have made final, and values that would be lost.
/// </summary>
public static class Migrate
{
    /// <param name="count">How many migrations, the last ones first.</param>
    /// <param name="allowLoss">Whether values may be lost that do not fit what was there before.</param>
    /// <returns>The migrations that were taken down, in that order.</returns>
    public static Task<Result<ImmutableArray<Migration>>> Down(NpgsqlDataSource dataSource, int count, bool allowLoss, CancellationToken cancellation) =>
        Change(dataSource, connection => Down(connection, count, allowLoss, cancellation), cancellation);

    /// <param name="count">How many of those that were taken down, the first ones first; null for all.</param>
    public static Task<Result<ImmutableArray<Migration>>> Up(NpgsqlDataSource dataSource, int? count, CancellationToken cancellation) =>
        Change(dataSource, connection => Up(connection, count, cancellation), cancellation);

    /// <summary>While the server runs. Nobody queues behind a table that is busy.</summary>
    /// <param name="changes">In whose transaction.</param>
    /// <param name="count">How many migrations, the last ones first.</param>
    /// <param name="terms">Whether values may be lost that do not fit what was there before.</param>
    /// <param name="cancellation">Ends the work, with nothing done.</param>
    public static Task<Result<ImmutableArray<Migration>>> Down(SchemaChange changes, int count, ChangeTerms terms, CancellationToken cancellation) =>
        changes.Run(connection => Down(connection, count, terms.AllowsLoss, cancellation), (done, _) => done, terms, cancellation);

    /// <summary>The same for those that were taken down, the first ones first; null for all.</summary>
    public static Task<Result<ImmutableArray<Migration>>> Up(SchemaChange changes, int? count, ChangeTerms terms, CancellationToken cancellation) =>
        changes.Run(connection => Up(connection, count, cancellation), (done, _) => done, terms, cancellation);

    private static Task<Result<ImmutableArray<Migration>>> Down(NpgsqlConnection connection, int count, bool allowLoss, CancellationToken cancellation) =>
        Change(
            connection,
            migrations => migrations.Where(migration => migration.State == MigrationState.Applied).Reverse().Take(count),
            migration => TakeDown(connection, migration, allowLoss, cancellation),
            cancellation);

    private static Task<Result<ImmutableArray<Migration>>> Up(NpgsqlConnection connection, int? count, CancellationToken cancellation) =>
        Change(
            connection,
            migrations => migrations.Where(migration => migration.State == MigrationState.TakenDown).Take(count ?? int.MaxValue),
            migration => BringUp(connection, migration, cancellation),
            cancellation);

    /// <summary>In the caller's transaction: what was taken down up to the last migration of this blueprint text. None when that text is not down.</summary>
    internal static async Task<Result<ImmutableArray<Migration>>> BringUpAgain(NpgsqlConnection connection, string source, CancellationToken cancellation)
    {
        var down = (await MigrationLog.List(connection, cancellation)).Where(migration => migration.State == MigrationState.TakenDown).ToList();
        ImmutableArray<Migration> again = [.. down.Take(down.FindLastIndex(migration => migration.Source == source) + 1)];
        foreach (var migration in again)
        {
            if (await BringUp(connection, migration, cancellation) is { } fault)
                return fault;
        }

        return again;
    }

    private static async Task<Result<ImmutableArray<Migration>>> Change(
        NpgsqlDataSource dataSource, Func<NpgsqlConnection, Task<Result<ImmutableArray<Migration>>>> change, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        if (!await MigrationLog.IsThere(connection, cancellation))
            return ImmutableArray<Migration>.Empty;
        await using var transaction = await SchemaTransaction.Begin(connection, cancellation);
        await ChangeSettings.Set(connection, ChangeOrigin.New("migration"), cancellation);
        var changed = await change(connection);
        if (changed.IsFault)
            return changed;
        await SchemaTransaction.Refresh(connection, cancellation);
        var secured = await Securing.RunAfterChange(connection, isAsked: false, cancellation);
        if (secured.IsFault)
            return secured.Faults;
        await transaction.CommitAsync(cancellation);
        return changed;
    }

    private static async Task<Result<ImmutableArray<Migration>>> Change(
        NpgsqlConnection connection, Func<ImmutableArray<Migration>, IEnumerable<Migration>> choose, Func<Migration, Task<Fault?>> change, CancellationToken cancellation)
    {
        await SchemaTransaction.Refresh(connection, cancellation);
        var chosen = choose(await MigrationLog.List(connection, cancellation)).ToImmutableArray();
        foreach (var migration in chosen)
        {
            if (await change(migration) is { } fault)
                return fault;
        }

        return chosen;
    }

    private static async Task<Fault?> TakeDown(NpgsqlConnection connection, Migration migration, bool allowLoss, CancellationToken cancellation)
    {
        if (await Asides.FindPurged(connection, migration.Id, cancellation) is { } purged)
            return MigrationFaults.Purged(migration, purged);
        for (var i = migration.Steps.Length - 1; i >= 0; i--)
        {
            var step = migration.Steps[i];
            await PlanRunner.Announce(connection, migration.Id, i, isDown: true, cancellation);
            if (!allowLoss && step.DownLosses is { } losses && await CountDownLosses(connection, losses, cancellation) is > 0 and var lost)
                return MigrationFaults.WouldLose(step, lost);
            if (step.Down.Length > 0 && await PlanRunner.Run(connection, Back(step), step.Table, step.Down, null, cancellation) is { } fault)
                return fault;
        }

        await MigrationLog.Mark(connection, migration.Id, isTakenDown: true, cancellation);
        return null;
    }

    private static async Task<long?> CountDownLosses(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        var hidden = await Asides.FindHiddenColumn(connection, cancellation);
        return await StepCosts.Count(connection, sql.Replace("\"socle_aside\"", hidden is null ? "NULL" : Sql.Identifier(hidden), StringComparison.Ordinal), cancellation);
    }

    private static async Task<Fault?> BringUp(NpgsqlConnection connection, Migration migration, CancellationToken cancellation)
    {
        for (var i = 0; i < migration.Steps.Length; i++)
        {
            var step = migration.Steps[i];
            await PlanRunner.Announce(connection, migration.Id, i, isDown: false, cancellation);
            var aside = await Asides.FindTakenOff(connection, migration.Id, i, cancellation);
            var bringBack = aside is null ? null : $"SELECT socle_system.bring_back({aside.Id})";
            var sql = aside switch
            {
                null when step.IsOnce => "",
                null => step.Up,
                { HoldsValuesOnly: true } => $"{step.Up};\n{bringBack}",
                _ => bringBack!,
            };
            if (sql.Length > 0 && await PlanRunner.Run(connection, step.Words, step.Table, sql, step.Offenders, cancellation) is { } fault)
                return fault;
        }

        await MigrationLog.Mark(connection, migration.Id, isTakenDown: false, cancellation);
        return null;
    }

    private static Text Back(LoggedStep step) => new($"take back \"{step.English}\"", $"défaire « {step.French} »");
}
