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

        steps.AddRange(LimitDepartures.Between(blueprint, tables, actual.Where(table => staying.Contains(table) || table.Metadata?.MadeBy != blueprint).ToHashSet(), actual));

        foreach (var (wanted, found) in tables)
        {
            var fields = Identities.OfFields(wanted, found).Values.ToHashSet();
            var leaving = found.Columns.Select(column => column.Name).Where(name => !fields.Contains(name) && found.Metadata?.FindField(name)?.MadeBy == blueprint).ToList();
            Drop(found.Parts.Where(part => part.Columns.Any(leaving.Contains)), found);
            steps.AddRange(leaving.Select(name => new DropField(found.Name, name) { Rows = null, Losses = null }));
            steps.AddRange(LeavingComputed(blueprint, wanted, found));
        }

        return [.. steps.OrderBy(step => step.Order), .. Renames(tables)];

        // References to a key go before the key.
        void Drop(IEnumerable<PartShape> hanging, TableShape table) => steps.AddRange(hanging
            .Where(part => parts.Add((part.Owner, part.Name)))
            .OrderBy(part => part.IsInbound ? 0 : 1)
            .Select(part => new DropPart(table.Name, part, IsLeaving: true, table.KeepsHistory)));
    }

    /// <summary>A computed field is known by its name alone: there are no values to carry over. One that becomes a column makes room for it.</summary>
    private static IEnumerable<SchemaStep> LeavingComputed(string blueprint, TableShape wanted, TableShape found) =>
        from told in found.Metadata?.Fields ?? []
        where told.IsComputed && found.FindColumn(told.Name) is null
            && (wanted.Metadata?.FindField(told.Name) is { } same ? !same.IsComputed : told.MadeBy == blueprint)
        select new ForgetField(found.Name, told);

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
