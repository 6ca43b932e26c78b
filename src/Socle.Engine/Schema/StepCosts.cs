using System.Collections.Immutable;
using Npgsql;

namespace Socle.Schema;

/// <summary>Counts what steps touch and would lose, exactly. A count that fails stays unknown, and unknown is taken for a loss.</summary>
internal static class StepCosts
{
    private const string Savepoint = "socle_count";

    public static async Task<ImmutableArray<SchemaStep>> Count(NpgsqlConnection connection, ImmutableArray<SchemaStep> steps, CancellationToken cancellation)
    {
        // Several steps on one table touch the same rows.
        var known = new Dictionary<string, long?>();
        var counted = ImmutableArray.CreateBuilder<SchemaStep>(steps.Length);
        foreach (var step in steps)
        {
            counted.Add(step with
            {
                Rows = step.Rows ?? await Count(step.CountRows),
                Losses = step.Losses ?? await Count(step.CountLosses),
            });
        }

        return counted.MoveToImmutable();

        async Task<long?> Count(string? sql)
        {
            if (sql is null)
                return 0;
            if (!known.TryGetValue(sql, out var count))
                known[sql] = count = await StepCosts.Count(connection, sql, cancellation);
            return count;
        }
    }

    /// <summary>Null when PostgreSQL refuses to count.</summary>
    public static async Task<long?> Count(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        try
        {
            await using var command = new NpgsqlCommand($"SAVEPOINT {Savepoint};\n{sql};\nRELEASE SAVEPOINT {Savepoint}", connection) { CommandTimeout = 0 };
            return await command.ExecuteScalarAsync(cancellation) as long?;
        }
        catch (PostgresException exception) when (exception.SqlState != PostgresErrorCodes.LockNotAvailable)
        {
            await using var command = new NpgsqlCommand($"ROLLBACK TO SAVEPOINT {Savepoint}", connection);
            await command.ExecuteNonQueryAsync(cancellation);
            return null;
        }
    }
}
