using Npgsql;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Planning;
using Socle.Records.Statements;

namespace Socle.Records.Running;

/// <summary>
/// Finds the field for which PostgreSQL refused a statement, where its answer names none: asks again, part by part.
/// Takes a refused plan, gives a fault with the field, or null when no part alone is at fault.
/// </summary>
internal sealed class FaultFinder(Database database)
{
    /// <summary>A hostile request must not cost much more than it does anyway.</summary>
    private const int MostQuestions = 60;

    public Task<Fault?> Find(ReadPlan plan, CancellationToken cancellation) => Ask(Parts(plan.Scope), cancellation);

    public Task<Fault?> Find(WritePlan plan, bool isMany, CancellationToken cancellation)
    {
        var columns = plan.Columns.Where(column => column.Presence != Presence.None).Select(column => column.Field).Concat(plan.Echoed)
            .Select(field => new Part(PartStatements.Column(plan, field, isMany), plan.Table, fault => WriteFaults.Refused(field, fault)));
        return Ask(columns.Concat(Parts(plan.Answer.Scope)), cancellation);
    }

    private sealed record Part(Statement Statement, TableSnapshot Table, Func<Fault?, Fault> Name);

    private async Task<Fault?> Ask(IEnumerable<Part> parts, CancellationToken cancellation)
    {
        // Not prepared: a plan made for any operand would not look at this one.
        await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
        foreach (var part in parts.Take(MostQuestions))
        {
            try
            {
                await using var command = new NpgsqlCommand(part.Statement.Sql, connection);
                StatementRunner.Bind(command.Parameters, part.Statement);
                await command.ExecuteNonQueryAsync(cancellation);
            }
            catch (PostgresException exception)
            {
                return part.Name(DatabaseFaults.Find(exception, part.Table, null));
            }
        }

        return null;
    }

    private static IEnumerable<Part> Parts(ScopePlan scope) =>
        scope.Where.SelectMany(Comparisons).Select(condition => new Part(PartStatements.Condition(scope, condition), scope.Table, fault => PlanFaults.Refused(condition, fault)))
            .Concat(scope.Order.Where(term => term.Value.Source is ColumnSource).Select(term => new Part(PartStatements.Order(scope, term), scope.Table, _ => PlanFaults.NotSortable(term.Value))))
            .Concat(scope.Outputs.OfType<ValueOutput>().Where(output => output.Value.Source is ColumnSource).Select(output => new Part(PartStatements.Output(scope, output.Value), scope.Table, _ => PlanFaults.NotConvertible(output.Value))))
            .Concat(scope.Embeds.SelectMany(embed => Parts(embed.Scope)));

    private static IEnumerable<ComparisonPlan> Comparisons(ConditionPlan condition) => condition switch
    {
        ComparisonPlan comparison => [comparison],
        GroupPlan group => group.Conditions.SelectMany(Comparisons),
        _ => [],
    };
}
