using Npgsql;
using Socle.Kernel;

namespace Socle.Schema;

/// <summary>
/// Takes a plan and an open transaction, runs its steps. Refuses at the first step that PostgreSQL refuses,
/// naming it and what stands in its way; the caller then rolls all of them back.
/// </summary>
internal static class PlanRunner
{
    private const string Savepoint = "socle_step";

    public static async Task<Fault?> Run(NpgsqlConnection connection, SchemaPlan plan, CancellationToken cancellation)
    {
        foreach (var step in plan.Steps)
        {
            try
            {
                await using var command = new NpgsqlCommand($"SAVEPOINT {Savepoint};\n{step.Sql};\nRELEASE SAVEPOINT {Savepoint}", connection) { CommandTimeout = 0 };
                await command.ExecuteNonQueryAsync(cancellation);
            }
            catch (PostgresException exception)
            {
                return StepFaults.From(step, exception, await CountOffenders(connection, step, exception, cancellation));
            }
        }

        return null;
    }

    private static async Task<long?> CountOffenders(NpgsqlConnection connection, SchemaStep step, PostgresException refusal, CancellationToken cancellation)
    {
        const string IntegrityConstraintViolation = "23";
        if (step.CountOffenders is not { } sql || !refusal.SqlState.StartsWith(IntegrityConstraintViolation, StringComparison.Ordinal))
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
