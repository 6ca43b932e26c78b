using System.Collections.Immutable;
using Npgsql;
using Socle.Kernel;

namespace Socle.Schema.Migrations;

/// <summary>Does the steps of one change and logs them, so that they can be taken back. In the caller's <see cref="SchemaTransaction"/>; a fault leaves it to be rolled back.</summary>
internal static class ApplySteps
{
    /// <summary>What stands for the blueprint's name where somebody changed tables while the server ran. No blueprint can be called so.</summary>
    public const string ByHand = "/api/schema";

    /// <param name="connection">In its transaction.</param>
    /// <param name="steps">What is done. None at all leaves no migration.</param>
    /// <param name="blueprint">The blueprint's name, or <see cref="ByHand"/>.</param>
    /// <param name="source">The blueprint's own text, or what was asked.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<Fault?> Run(NpgsqlConnection connection, ImmutableArray<SchemaStep> steps, string blueprint, string source, CancellationToken cancellation)
    {
        if (await PlanRunner.Run(connection, [.. steps.Where(step => step.IsHousekeeping)], cancellation) is { } fault)
            return fault;
        ImmutableArray<SchemaStep> changes = [.. steps.Where(step => !step.IsHousekeeping)];
        return changes.IsEmpty
            ? null
            : await PlanRunner.Run(connection, changes, cancellation, await MigrationLog.Add(connection, blueprint, source, changes, cancellation));
    }
}
