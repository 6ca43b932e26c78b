using System.Collections.Immutable;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Schema;

/// <summary>Takes tables as wanted and as they are once all that leaves has left, and the rules of each; gives the steps to those rules. Refuses rules that do not hold, every fault at once.</summary>
internal static class RuleDifference
{
    public static Result<ImmutableArray<SchemaStep>> Between(IEnumerable<TableShape> desired, IEnumerable<TableShape> actual, IReadOnlyDictionary<string, ImmutableArray<KeptRule>> final)
    {
        var existing = actual.ToDictionary(table => table.Name);
        var steps = ImmutableArray.CreateBuilder<SchemaStep>();
        var faults = new List<Fault>();
        foreach (var wanted in desired)
        {
            var found = existing.GetValueOrDefault(wanted.Name);
            var becoming = wanted with
            {
                Columns = [.. wanted.Columns, .. (found?.Columns ?? []).Where(column => wanted.FindColumn(column.Name) is null)],
                KeepsUpdatedAt = wanted.KeepsUpdatedAt || found is { KeepsUpdatedAt: true },
                Rules = found?.Rules ?? [],
            };
            var step = RuleShapes.Plan(becoming, final[wanted.Name]);
            if (step.IsFault)
                faults.AddRange(step.Faults.Select(fault => fault with { Field = $"tables.{wanted.Name}.rules.{fault.Field}" }));
            else if (step.Value is { } change)
                steps.Add(change with { IsOnNewTable = found is null, Rows = found is null ? 0 : null });
        }

        return faults.Count > 0 ? faults : steps.ToImmutable();
    }
}
