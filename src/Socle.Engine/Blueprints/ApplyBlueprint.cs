using System.Collections.Immutable;
using System.Data;
using Npgsql;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Schema;

namespace Socle.Blueprints;

/// <summary>
/// Brings a database to what a blueprint asks, in one transaction: all of it or nothing. Takes a
/// database that has the system schema. Refuses what would lose values, and whatever PostgreSQL
/// refuses, naming the step. A second run finds nothing to do.
/// </summary>
public static class ApplyBlueprint
{
    /// <summary>How long a step waits for a busy table. Everybody else queues behind it meanwhile.</summary>
    private const string LockTimeout = "10s";

    /// <summary>What <see cref="Apply"/> would do now.</summary>
    public static async Task<Result<SchemaPlan>> Plan(NpgsqlDataSource dataSource, Blueprint blueprint, bool withSample, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await Begin(connection, cancellation);
        // Planning changes nothing, not even this: it all goes with the transaction.
        await SystemSchema.Apply(connection, cancellation);
        return await Plan(connection, blueprint, withSample, cancellation);
    }

    /// <returns>What was done.</returns>
    public static async Task<Result<SchemaPlan>> Apply(NpgsqlDataSource dataSource, Blueprint blueprint, bool withSample, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await Begin(connection, cancellation);
        var planned = await Plan(connection, blueprint, withSample, cancellation);
        if (planned.IsFault || planned.Value.IsEmpty)
            return planned;
        if (RefuseLosses(planned.Value) is { IsEmpty: false } losses)
            return losses;
        if (await PlanRunner.Run(connection, planned.Value, cancellation) is { } fault)
            return fault;
        await transaction.CommitAsync(cancellation);
        return planned;
    }

    /// <summary>One at a time: another server that applies is waited for, and its work is then seen.</summary>
    private static async Task<NpgsqlTransaction> Begin(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        await using var command = new NpgsqlCommand(
            $"SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock({SystemSchema.Lock}); SET LOCAL lock_timeout = '{LockTimeout}'",
            connection)
        {
            CommandTimeout = 0,
        };
        await command.ExecuteNonQueryAsync(cancellation);
        return transaction;
    }

    private static async Task<Result<SchemaPlan>> Plan(NpgsqlConnection connection, Blueprint blueprint, bool withSample, CancellationToken cancellation)
    {
        try
        {
            return await PlanOnce(connection, blueprint, withSample, cancellation);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return new Fault(
                FaultCode.Conflict,
                "A table of the blueprint is locked by somebody else. Try again when they are done. Nothing was changed.",
                "Une table du blueprint est verrouillée par quelqu'un d'autre. Réessayez quand il aura fini. Rien n'a été modifié.");
        }
    }

    private static async Task<Result<SchemaPlan>> PlanOnce(NpgsqlConnection connection, Blueprint blueprint, bool withSample, CancellationToken cancellation)
    {
        var adopted = await AdoptedTables.Plan(connection, blueprint.Adopted, cancellation);
        if (adopted.IsFault)
            return adopted.Faults;
        if (blueprint.Tables.IsEmpty)
            return new SchemaPlan(adopted.Value, []);
        var trigrams = await Trigrams.Read(connection, cancellation);
        var desired = DesiredSchema.From(blueprint, trigrams.Schema);
        var needsTrigrams = blueprint.Tables.Any(table => table.Search is { IsEmpty: false });
        var extension = needsTrigrams && trigrams is { IsInstalled: false, Schema: not null } ? new CreateExtension(Trigrams.Extension) : null;
        var reading = await SchemaReading.Read(connection, extension, desired, cancellation);
        if (reading.IsFault)
            return reading.Faults;

        var steps = SchemaDifference.Between(reading.Value.Desired, reading.Value.Actual).Concat(adopted.Value).ToList();
        if (extension is not null)
            steps.Insert(0, extension);
        if (await HasForgotten(connection, cancellation))
            steps.Insert(0, new ForgetDroppedTables());
        if (withSample && await SampleChoice.Choose(connection, blueprint, reading.Value.Actual, cancellation) is { } sample)
            steps.Add(sample);
        return new SchemaPlan([.. steps], needsTrigrams && trigrams.Schema is null ? [SlowSearch] : []);
    }

    private static Text SlowSearch { get; } = new(
        "Search works without an index, more slowly: the extension pg_trgm is not installed and may not be created here.",
        "La recherche fonctionne sans index, plus lentement : l'extension pg_trgm n'est pas installée et ne peut pas être créée ici.");

    private static ImmutableArray<Fault> RefuseLosses(SchemaPlan plan) =>
    [
        .. plan.Steps.Where(step => step.Verdict == Verdict.LosesValues).Select(step => new Fault(
            FaultCode.Conflict,
            $"Will not {step.Words.English}: values could be lost. Do it by hand in the database, or change the blueprint. Nothing was changed.",
            $"L'étape « {step.Words.French} » est refusée : des valeurs pourraient être perdues. Faites-le à la main dans la base, ou modifiez le blueprint. Rien n'a été modifié.",
            step.Table)),
    ];

    private static async Task<bool> HasForgotten(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM socle_system.tables t WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.relation))", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
