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
        return Of(
            actual.Where(table => !staying.Contains(table) && table.Metadata?.MadeBy == blueprint),
            [.. tables.Select(match => Match(match.Key, match.Value))]);

        TableMatch Match(TableShape wanted, TableShape found)
        {
            var fields = Identities.OfFields(wanted, found);
            var taken = fields.Values.ToHashSet();
            return new TableMatch(wanted, found, fields, [.. found.Columns.Select(column => column.Name).Where(name => !taken.Contains(name) && found.Metadata?.FindField(name)?.MadeBy == blueprint)]);
        }
    }

    /// <param name="gone">Tables that leave.</param>
    /// <param name="matches">Those that stay, and which of their fields do.</param>
    public static ImmutableArray<SchemaStep> Of(IEnumerable<TableShape> gone, IReadOnlyList<TableMatch> matches)
    {
        var steps = new List<SchemaStep>();
        var parts = new HashSet<(string Owner, string Name)>();
        foreach (var table in gone)
        {
            Drop(table.Parts.Where(part => part is { IsReference: true } && (part.IsInbound || part.HoldsDeletes)), table);
            steps.Add(new DropTable(table.Name) { Rows = null, Losses = null });
        }

        foreach (var match in matches)
        {
            Drop(match.Found.Parts.Where(part => part.Columns.Any(name => match.Leaving.Contains(name))), match.Found);
            steps.AddRange(match.Leaving.Select(name => new DropField(match.Found.Name, name) { Rows = null, Losses = null }));
        }

        return [.. steps.OrderBy(step => step.Order), .. Renames(matches)];

        // References to a key go before the key.
        void Drop(IEnumerable<PartShape> hanging, TableShape table) => steps.AddRange(hanging
            .Where(part => parts.Add((part.Owner, part.Name)))
            .OrderBy(part => part.IsInbound ? 0 : 1)
            .Select(part => new DropPart(table.Name, part, IsLeaving: true, table.KeepsHistory)));
    }

    private static IEnumerable<SchemaStep> Renames(IReadOnlyList<TableMatch> matches)
    {
        foreach (var (from, to) in Ordered(matches.Select(match => (match.Found.Name, match.Wanted.Name))))
            yield return new RenameTable(from, to);
        foreach (var match in matches)
        {
            foreach (var (from, to) in Ordered(match.Fields.Select(field => (field.Value, field.Key))))
                yield return new RenameField(match.Wanted.Name, from, to);
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

/// <summary>A table as wanted, and the one that it is.</summary>
/// <param name="Fields">Each wanted column's name with that of the one that it is.</param>
/// <param name="Leaving">The columns that go.</param>
internal sealed record TableMatch(TableShape Wanted, TableShape Found, IReadOnlyDictionary<string, string> Fields, ImmutableArray<string> Leaving);
