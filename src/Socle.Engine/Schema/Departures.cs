using System.Collections.Immutable;

namespace Socle.Schema;

/// <summary>
/// Takes tables as wanted and as they are, gives the steps by which what is no longer wanted leaves and what is called
/// otherwise gets its name. Pure. Only what the same blueprint made leaves.
/// </summary>
internal static class Departures
{
    public static ImmutableArray<SchemaStep> Between(string blueprint, IReadOnlyList<TableShape> desired, IReadOnlyList<TableShape> actual)
    {
        var tables = Identities.OfTables(blueprint, desired, actual);
        var staying = tables.Values.ToHashSet();
        var steps = new List<SchemaStep>();
        var parts = new HashSet<(string Owner, string Name)>();
        foreach (var table in actual.Where(table => !staying.Contains(table) && table.Metadata?.MadeBy == blueprint))
        {
            Drop(table.Parts.Where(part => part is { IsReference: true } && (part.IsInbound || part.HoldsDeletes)), table);
            steps.Add(new DropTable(table.Name) { Rows = null, Losses = null });
        }

        foreach (var (wanted, found) in tables)
        {
            var fields = Identities.OfFields(wanted, found).Values.ToHashSet();
            var turned = Identities.OfFields(wanted, found).Where(match => IsTurned(wanted.FindColumn(match.Key)!, found.FindColumn(match.Value)!)).Select(match => match.Value).ToHashSet();
            var leaving = found.Columns.Where(column => turned.Contains(column.Name) || (!fields.Contains(column.Name) && found.Metadata?.FindField(column.Name)?.MadeBy == blueprint)).ToList();
            Drop(found.Parts.Where(part => part.Columns.Any(name => leaving.Exists(column => column.Name == name))), found);
            // A formula that stays looks at what leaves until it has its new one.
            steps.AddRange(
                from column in found.Columns
                where column.Generated is not null && !leaving.Contains(column) && column.Inputs.Any(input => leaving.Exists(other => other.Name == input))
                select new ChangeFormula(found.Name, column, ChangeFormula.Nothing(column), StepOrder.Leave) { Rows = null });
            steps.AddRange(leaving.SelectMany(column => Leave(found, column)));
        }

        return [.. steps.OrderBy(step => step.Order), .. Renames(tables)];

        // References to a key go before the key.
        void Drop(IEnumerable<PartShape> hanging, TableShape table) => steps.AddRange(hanging
            .Where(part => parts.Add((part.Owner, part.Name)))
            .OrderBy(part => part.IsInbound ? 0 : 1)
            .Select(part => new DropPart(table.Name, part, IsLeaving: true, table.KeepsHistory)));
    }

    /// <summary>A column that is written cannot become one that is computed, nor the other way: one leaves and the other comes.</summary>
    private static bool IsTurned(ColumnShape wanted, ColumnShape found) => wanted.Generated is null != found.Generated is null;

    private static IEnumerable<SchemaStep> Leave(TableShape table, ColumnShape column)
    {
        if (column.Generated is not null)
        {
            yield return new DropFormula(table.Name, column, table.Metadata);
            yield break;
        }

        if (column.Number is not null)
            yield return new SetNumber(table.Name, column.Name, null, column.Number) { IsLeaving = true };
        yield return new DropField(table.Name, column.Name) { Rows = null, Losses = null };
    }

    private static IEnumerable<SchemaStep> Renames(Dictionary<TableShape, TableShape> tables)
    {
        foreach (var (from, to) in Ordered(tables.Select(match => (match.Value.Name, match.Key.Name))))
            yield return new RenameTable(from, to);
        foreach (var (wanted, found) in tables)
        {
            foreach (var (from, to) in Ordered(Identities.OfFields(wanted, found).Select(match => (match.Value, match.Key))))
                yield return new RenameField(wanted.Name, from, to);
        }
    }

    /// <summary>In an order in which no name is taken; where names go round in a circle, one waits under another.</summary>
    private static IEnumerable<(string From, string To)> Ordered(IEnumerable<(string From, string To)> renames)
    {
        var pending = renames.Where(rename => rename.From != rename.To).ToList();
        for (var waiting = 1; pending.Count > 0;)
        {
            var index = pending.FindIndex(rename => pending.All(other => other.From != rename.To));
            if (index >= 0)
            {
                yield return pending[index];
                pending.RemoveAt(index);
                continue;
            }

            var name = $"socle_renaming_{waiting++}";
            yield return (pending[0].From, name);
            pending[0] = (name, pending[0].To);
        }
    }
}
