using System.Collections.Immutable;
using Npgsql;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Schema;

/// <summary>
/// Takes the tables that a blueprint wants, gives the steps to them from what the database has. The wanted ones are made
/// as temporary tables and read back as PostgreSQL prints them, what leaves or is renamed does so first, and all of
/// it is rolled back: nobody else knows how each version prints an expression. Needs an open transaction.
/// </summary>
/// <param name="Steps">What is to be done, with the rows and values at stake counted.</param>
/// <param name="Actual">The tables that stay, under their new names.</param>
internal sealed record SchemaReading(ImmutableArray<SchemaStep> Steps, ImmutableArray<TableShape> Actual)
{
    private const string Savepoint = "socle_reading";

    public static Task<Result<SchemaReading>> Read(
        NpgsqlConnection connection, string blueprint, CreateExtension? extension, ImmutableArray<TableShape> desired, CancellationToken cancellation) =>
        Read(connection, extension, desired, new SchemaComparison { Match = actual => Departures.Match(blueprint, desired, actual), Check = actual => HeldFields.Find(blueprint, desired, actual), Rules = actual => RuleDepartures.Plan(blueprint, desired, actual) }, cancellation);

    public static async Task<Result<SchemaReading>> Read(
        NpgsqlConnection connection, CreateExtension? extension, ImmutableArray<TableShape> desired, SchemaComparison comparison, CancellationToken cancellation)
    {
        var names = desired.Select(table => table.Name).ToArray();
        if (await FindObstacles(connection, names, cancellation) is { IsEmpty: false } obstacles)
            return obstacles;

        // With pg_catalog first and alone, every name outside it is printed with its schema, and no temporary table hides a type.
        await Execute(connection, $"SAVEPOINT {Savepoint}; SET LOCAL search_path = pg_catalog, pg_temp", cancellation);
        var actual = await ActualSchema.Read(connection, SchemaNames.Served, names, cancellation);
        if (comparison.Check(actual) is { IsEmpty: false } held)
            return held;
        var rules = comparison.Rules(actual);
        if (rules.IsFault)
            return rules.Faults;
        // Their constraints hang on columns no longer, which may then leave or change.
        if (!rules.Value.Steps.IsEmpty)
        {
            if (await PlanRunner.Run(connection, rules.Value.Steps, cancellation) is { } fault)
                return fault;
            actual = await ActualSchema.Read(connection, SchemaNames.Served, names, cancellation);
        }

        var matched = comparison.Match(actual);
        var departures = await StepCosts.Count(connection, Departures.Of(matched.Gone, matched.Staying, actual), cancellation);
        if (!departures.IsEmpty)
        {
            if (await PlanRunner.Run(connection, departures, cancellation) is { } refusal)
                return refusal;
            actual = await ActualSchema.Read(connection, SchemaNames.Served, names, cancellation);
        }

        if (extension is not null)
            await Execute(connection, extension.Sql, cancellation);
        desired = [.. desired.Select(table => actual.FirstOrDefault(other => other.Name == table.Name) is { } found ? comparison.Spare(table, found) : table)];
        foreach (var table in desired)
        {
            if (await MakeTemporary(connection, table, cancellation) is { } fault)
                return fault;
        }

        var printed = await ActualSchema.Read(connection, await ReadTemporarySchema(connection, cancellation), names, cancellation);
        var byName = printed.ToDictionary(table => table.Name);
        desired = [.. desired.Select(table => InPrintedForm(table, byName[table.Name]))];
        actual = [.. actual.Select(found => desired.FirstOrDefault(table => table.Name == found.Name) is { } table ? comparison.Release(table, found) : found)];
        var difference = SchemaDifference.Between(desired, actual);
        var kept = RuleDifference.Between(desired, actual, rules.Value.Final);
        if (kept.IsFault)
            return kept.Faults;
        difference = [.. difference.Concat(kept.Value).OrderBy(step => step.Order)];
        difference = await StepCosts.Count(connection, difference, cancellation);
        await Execute(connection, $"ROLLBACK TO SAVEPOINT {Savepoint}", cancellation);
        return new SchemaReading([.. rules.Value.Steps, .. departures, .. difference], actual);
    }

    private static TableShape InPrintedForm(TableShape desired, TableShape printed) => desired with
    {
        Columns = [.. desired.Columns.Select(column => printed.FindColumn(column.Name)! with { Number = column.Number })],
        Indexes = [.. desired.Indexes.Select(index => index with { Definition = printed.Indexes.First(other => other.Name == index.Name).Definition })],
        Checks = [.. desired.Checks.Select(check => check with { Definition = printed.Checks.First(other => other.Name == check.Name).Definition })],
    };

    private static async Task<Fault?> MakeTemporary(NpgsqlConnection connection, TableShape table, CancellationToken cancellation)
    {
        var name = $"pg_temp.{Postgres.Sql.Identifier(table.Name)}";
        string[] statements =
        [
            CreateTable.Definition(name, table),
            .. table.Checks.Select(check => $"ALTER TABLE {name} ADD CONSTRAINT {Postgres.Sql.Identifier(check.Name)} {check.Definition}"),
            .. table.Indexes.Select(index => CreateIndex.Definition(name, index)),
        ];
        try
        {
            await Execute(connection, string.Join(";\n", statements), cancellation);
            return null;
        }
        catch (PostgresException exception) when (!Absence.Is(exception))
        {
            return new Fault(
                FaultCode.InvalidBlueprint,
                $"PostgreSQL does not take the table '{table.Name}' as the blueprint describes it (SQLSTATE {exception.SqlState}): look at its defaults.",
                $"PostgreSQL n'accepte pas la table « {table.Name} » telle que le blueprint la décrit (SQLSTATE {exception.SqlState}) : vérifiez ses valeurs par défaut.",
                $"tables.{table.Name}");
        }
    }

    /// <summary>Views, sequences and the like that bear a wanted table's name.</summary>
    private static async Task<ImmutableArray<Fault>> FindObstacles(NpgsqlConnection connection, string[] names, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relname = ANY ($2) AND c.relkind NOT IN ('r', 'p') ORDER BY 1
            """,
            connection)
        {
            Parameters = { new() { Value = SchemaNames.Served }, new() { Value = names } },
        };
        var faults = ImmutableArray.CreateBuilder<Fault>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var name = reader.GetString(0);
            faults.Add(new Fault(
                FaultCode.Conflict,
                $"The database has a '{name}' that is not a table (a view, an index or a sequence): rename it, or the table of the blueprint.",
                $"La base a un « {name} » qui n'est pas une table (une vue, un index ou une séquence) : renommez-le, ou la table du blueprint.",
                $"tables.{name}"));
        }

        return faults.ToImmutable();
    }

    private static async Task<string> ReadTemporarySchema(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT nspname::text FROM pg_namespace WHERE oid = pg_my_temp_schema()", connection);
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>How what is wanted is held against what is there, where a difference is not all that is to be put right.</summary>
internal sealed record SchemaComparison
{
    /// <summary>Which tables and fields are the wanted ones, and what leaves.</summary>
    public required Func<ImmutableArray<TableShape>, Matching> Match { get; init; }

    /// <summary>Which rules each table has in the end, and which make room first.</summary>
    public required Func<ImmutableArray<TableShape>, Result<RuleDepartures>> Rules { get; init; }

    /// <summary>Why it cannot be; none when it can.</summary>
    public Func<ImmutableArray<TableShape>, ImmutableArray<Fault>> Check { get; init; } = _ => [];

    /// <summary>The wanted table, with what nobody asked to change as the found one has it.</summary>
    public Func<TableShape, TableShape, TableShape> Spare { get; init; } = (wanted, _) => wanted;

    /// <summary>The found table, with what goes marked as ours.</summary>
    public Func<TableShape, TableShape, TableShape> Release { get; init; } = (_, found) => found;
}
