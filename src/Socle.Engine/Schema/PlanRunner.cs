using System.Globalization;
using Npgsql;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Schema;

/// <summary>
/// Takes steps and an open transaction, runs them. Refuses at the first that PostgreSQL refuses,
/// naming it and what stands in its way; the caller then rolls all of them back.
/// </summary>
internal static class PlanRunner
{
    private const string Savepoint = "socle_step";

    /// <param name="migration">The number under which the steps are logged; 0 where they are only tried.</param>
    public static async Task<Fault?> Run(NpgsqlConnection connection, IReadOnlyList<SchemaStep> steps, CancellationToken cancellation, long migration = 0)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            await Announce(connection, migration, i, isDown: false, cancellation);
            if (await Run(connection, steps[i].Words, steps[i].Table, steps[i].Sql, steps[i].CountOffenders, cancellation) is { } fault)
                return fault;
        }

        return null;
    }

    /// <summary>One step, up or down.</summary>
    public static async Task<Fault?> Run(
        NpgsqlConnection connection, Text words, string? table, string sql, string? countOffenders, CancellationToken cancellation)
    {
        try
        {
            await using var command = new NpgsqlCommand($"SAVEPOINT {Savepoint};\n{sql};\nRELEASE SAVEPOINT {Savepoint}", connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellation);
            return null;
        }
        catch (PostgresException exception) when (!Absence.Is(exception))
        {
            return StepFaults.From(words, table, exception, await CountOffenders(connection, countOffenders, exception, cancellation));
        }
    }

    /// <summary>Tells the functions of the database which step runs: what it moves aside is noted under it.</summary>
    public static async Task Announce(NpgsqlConnection connection, long migration, int step, bool isDown, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT set_config('socle.migration', $1, true), set_config('socle.step', $2, true), set_config('socle.way', $3, true)", connection)
        {
            Parameters =
            {
                new() { Value = migration.ToString(CultureInfo.InvariantCulture) },
                new() { Value = step.ToString(CultureInfo.InvariantCulture) },
                new() { Value = isDown ? "down" : "up" },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<long?> CountOffenders(NpgsqlConnection connection, string? sql, PostgresException refusal, CancellationToken cancellation)
    {
        const string IntegrityConstraintViolation = "23";
        if (sql is null || !refusal.SqlState.StartsWith(IntegrityConstraintViolation, StringComparison.Ordinal))
            return null;
        try
        {
            await using var command = new NpgsqlCommand($"ROLLBACK TO SAVEPOINT {Savepoint};\n{sql}", connection) { CommandTimeout = 0 };
            return await command.ExecuteScalarAsync(cancellation) as long?;
        }
        catch (PostgresException)
        {
            // The count only explains; the refusal stands without it.
            return null;
        }
    }
}
