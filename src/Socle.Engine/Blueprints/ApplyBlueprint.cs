using System.Collections.Immutable;
using Npgsql;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Schema;
using Socle.Schema.Migrations;

namespace Socle.Blueprints;

/// <summary>
/// Brings a database to what a blueprint asks, in one transaction: all of it or nothing, and logged so that it can be
/// taken back. Takes a database that has the system schema. Refuses what would lose values, unless somebody said so, and
/// whatever PostgreSQL refuses, naming the step. A second run finds nothing to do.
/// </summary>
public static class ApplyBlueprint
{
    /// <summary>What <see cref="Apply(NpgsqlDataSource, Blueprint, bool, CancellationToken)"/> would do now.</summary>
    public static async Task<Result<SchemaPlan>> Plan(NpgsqlDataSource dataSource, Blueprint blueprint, bool withSample, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await SchemaTransaction.Begin(connection, cancellation);
        // Planning changes nothing, not even this: it all goes with the transaction.
        await SystemSchema.Apply(connection, cancellation);
        return await Plan(connection, blueprint, withSample, cancellation);
    }

    /// <returns>What was done.</returns>
    public static Task<Result<SchemaPlan>> Apply(NpgsqlDataSource dataSource, Blueprint blueprint, bool withSample, CancellationToken cancellation) =>
        Apply(dataSource, blueprint, withSample, allowLoss: false, cancellation);

    /// <param name="dataSource">The database.</param>
    /// <param name="blueprint">What it shall be.</param>
    /// <param name="withSample">Whether new tables get their sample records.</param>
    /// <param name="allowLoss">Whether values may go that do not survive a change of type. The way down brings them back.</param>
    /// <param name="cancellation">Ends the work, with nothing done.</param>
    /// <returns>What was done.</returns>
    public static async Task<Result<SchemaPlan>> Apply(
        NpgsqlDataSource dataSource, Blueprint blueprint, bool withSample, bool allowLoss, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await SchemaTransaction.Begin(connection, cancellation);
        await ChangeSettings.Set(connection, ChangeOrigin.New("blueprint"), cancellation);
        var applied = await Apply(connection, blueprint, withSample, allowLoss, cancellation);
        if (!applied.IsFault)
            await transaction.CommitAsync(cancellation);
        return applied;
    }

    /// <summary>The same in the caller's <see cref="SchemaTransaction"/>; a fault leaves it to be rolled back.</summary>
    internal static async Task<Result<SchemaPlan>> Apply(
        NpgsqlConnection connection, Blueprint blueprint, bool withSample, bool allowLoss, CancellationToken cancellation)
    {
        var planned = await Plan(connection, blueprint, withSample, cancellation);
        if (planned.IsFault)
            return planned;
        if (!allowLoss && RefuseLosses(planned.Value) is { IsEmpty: false } losses)
            return losses;
        // With nothing to do there still may be renamed columns to note.
        if (await ApplySteps.Run(connection, planned.Value.Steps, blueprint.Name, blueprint.Source, cancellation) is { } fault)
            return fault;
        if (await AccessEnforcement.Enforce(connection, blueprint, cancellation) is { IsEmpty: false } broken)
            return broken;
        await SchemaTransaction.Refresh(connection, cancellation);
        return planned;
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
        await SchemaTransaction.Refresh(connection, cancellation);
        var again = await Migrate.BringUpAgain(connection, blueprint.Source, cancellation);
        if (again.IsFault)
            return again.Faults;
        var adopted = await AdoptedTables.Plan(connection, blueprint.Adopted, cancellation);
        if (adopted.IsFault)
            return adopted.Faults;
        var access = await AccessPlan.Plan(connection, blueprint, cancellation);
        var views = await ViewPlan.Plan(connection, blueprint, cancellation);
        if (blueprint.Tables.IsEmpty)
            return new SchemaPlan([.. again.Value.Select(migration => new ComeUpAgain(migration.Id)), .. adopted.Value, .. access, .. views], []);
        var trigrams = await Trigrams.Read(connection, cancellation);
        var desired = DesiredSchema.From(blueprint, trigrams.Schema);
        var needsTrigrams = blueprint.Tables.Any(table => table.Search is { IsEmpty: false });
        var extension = needsTrigrams && trigrams is { IsInstalled: false, Schema: not null } ? new CreateExtension(Trigrams.Extension) : null;
        var reading = await SchemaReading.Read(connection, blueprint.Name, extension, desired, cancellation);
        if (reading.IsFault)
            return reading.Faults;

        var steps = reading.Value.Steps.Concat(adopted.Value).Concat(access).Concat(views).ToList();
        if (extension is not null)
            steps.Insert(0, extension);
        if (await HasForgotten(connection, cancellation))
            steps.Insert(0, new ForgetDroppedTables());
        steps.AddRange(await SampleChoice.Choose(connection, blueprint, reading.Value.Actual, withSample, cancellation));
        steps.InsertRange(0, again.Value.Select(migration => new ComeUpAgain(migration.Id)));
        return new SchemaPlan([.. steps], needsTrigrams && trigrams.Schema is null ? [SlowSearch] : []);
    }

    /// <summary>Why a blueprint that says who may do what is not for an adopted database.</summary>
    public static Fault NotForAdopted { get; } = new(
        FaultCode.InvalidBlueprint,
        "An adopted database stays as it is, and 'roles' and 'policies' would change who may read its tables. Remove them, or name the database in DATABASE_URL to let Socle look after it.",
        "Une base adoptée reste telle qu'elle est, et « roles » et « policies » changeraient qui peut lire ses tables. Retirez-les, ou nommez la base dans DATABASE_URL pour que Socle s'en occupe.",
        "policies");

    private static Text SlowSearch { get; } = new(
        "Search works without an index, more slowly: the extension pg_trgm is not installed and may not be created here.",
        "La recherche fonctionne sans index, plus lentement : l'extension pg_trgm n'est pas installée et ne peut pas être créée ici.");

    private static ImmutableArray<Fault> RefuseLosses(SchemaPlan plan) =>
    [
        .. plan.Steps.Where(step => step.Verdict == Verdict.LosesValues).Select(step => new Fault(
            FaultCode.Conflict,
            $"Will not {step.Words.English}: {Count(step.Losses).English} would be lost. Correct them, or say --allow-loss: they come back with 'socle migrate down'. Nothing was changed.",
            $"L'étape « {step.Words.French} » est refusée : {Count(step.Losses).French}. Corrigez-les, ou ajoutez --allow-loss : elles reviennent avec « socle migrate down ». Rien n'a été modifié.",
            step.Table)),
    ];

    private static Text Count(long? losses) => losses switch
    {
        null => new("values", "des valeurs seraient perdues"),
        1 => new("1 value", "1 valeur serait perdue"),
        _ => new($"{losses} values", $"{losses} valeurs seraient perdues"),
    };

    private static async Task<bool> HasForgotten(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM socle_system.tables t WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.relation))", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
