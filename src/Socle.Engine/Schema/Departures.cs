using System.Collections.Immutable;

namespace Socle.Schema;

/// <summary>
/// Takes tables as wanted and as they are, gives the steps by which what is no longer wanted leaves and what is called
/// otherwise gets its name. Pure. Only what the same blueprint made leaves.
/// </summary>
internal static class Departures
{
    /// <summary>Which of the tables that are there the wanted ones are, by what the blueprint gave them; what it made and wants no longer leaves.</summary>
    public static Matching Match(string blueprint, IReadOnlyList<TableShape> desired, IReadOnlyList<TableShape> actual)
    {
        var tables = Identities.OfTables(blueprint, desired, actual);
        var staying = tables.Values.ToHashSet();
        return new Matching(
            [.. actual.Where(table => !staying.Contains(table) && table.Metadata?.MadeBy == blueprint)],
            [.. tables.Select(match => Match(blueprint, match.Key, match.Value))]);
    }

    private static TableMatch Match(string blueprint, TableShape wanted, TableShape found)
    {
        var fields = Identities.OfFields(wanted, found);
        var taken = fields.Values.ToHashSet();
        var leaving = found.Columns.Select(column => column.Name).Where(name => !taken.Contains(name) && found.Metadata?.FindField(name)?.MadeBy == blueprint);
        return new TableMatch(wanted, found, fields, [.. leaving, .. LeavingComputed(blueprint, wanted, found)]);
    }

    /// <param name="gone">Tables that leave.</param>
    /// <param name="matches">Those that stay, and which of their fields do.</param>
    /// <param name="others">Tables that may take values from them; none where nobody looked.</param>
    public static ImmutableArray<SchemaStep> Of(IEnumerable<TableShape> gone, IReadOnlyList<TableMatch> matches, IReadOnlyList<TableShape>? others = null)
    {
        gone = [.. gone];
        var steps = new List<SchemaStep>();
        var parts = new HashSet<(string Owner, string Name)>();
        foreach (var table in gone)
        {
            Drop(table.Parts.Where(part => part is { IsReference: true } && (part.IsInbound || part.HoldsDeletes)), table);
            steps.Add(new DropTable(table.Name) { Rows = null, Losses = null });
        }

        foreach (var match in matches)
        {
            var leaving = match.Leaving.Concat(Turned(match).Select(pair => pair.Value)).ToHashSet();
            Drop(match.Found.Parts.Where(part => part.Columns.Any(leaving.Contains)), match.Found);
            // A formula that stays looks at what leaves until it has its new one.
            steps.AddRange(
                from column in match.Found.Columns
                where column.Generated is not null && !leaving.Contains(column.Name) && column.Inputs.Any(leaving.Contains)
                select new ChangeFormula(match.Found.Name, column, ChangeFormula.Nothing(column), StepOrder.Leave) { Rows = null });
            steps.AddRange(leaving.SelectMany(name => Leave(match.Found, name)));
        }

        steps.AddRange(LimitDepartures.Of([.. gone], matches, others ?? []));

        return [.. steps.OrderBy(step => step.Order), .. Renames(matches)];

        // References to a key go before the key.
        void Drop(IEnumerable<PartShape> hanging, TableShape table) => steps.AddRange(hanging
            .Where(part => parts.Add((part.Owner, part.Name)))
            .OrderBy(part => part.IsInbound ? 0 : 1)
            .Select(part => new DropPart(table.Name, part, IsLeaving: true, table.KeepsHistory)));
    }

    /// <summary>
    /// A column that is written cannot become one that is computed, nor the other way: one leaves and the other comes. What somebody else
    /// computes stays, whatever a blueprint calls it.
    /// </summary>
    private static IEnumerable<KeyValuePair<string, string>> Turned(TableMatch match) =>
        from pair in match.Fields
        let wanted = match.Wanted.FindColumn(pair.Key)
        let found = match.Found.FindColumn(pair.Value)
        where wanted is not null && found is not null && wanted.Generated is null != found.Generated is null
            && (found.Generated is null || match.Found.Metadata?.FindField(found.Name)?.Type == "formula")
        select pair;

    /// <summary>A computed field is known by its name alone: there are no values to carry over. One that becomes a column makes room for it.</summary>
    private static IEnumerable<string> LeavingComputed(string blueprint, TableShape wanted, TableShape found) =>
        from told in found.Metadata?.Fields ?? []
        where told.IsComputed && found.FindColumn(told.Name) is null
            && (wanted.Metadata?.FindField(told.Name) is { } same ? !same.IsComputed : told.MadeBy == blueprint)
        select told.Name;

    private static IEnumerable<SchemaStep> Leave(TableShape table, string field)
    {
        if (table.FindColumn(field) is not { } column)
        {
            if (table.Metadata?.FindField(field) is { } told)
                yield return new ForgetField(table.Name, told);
            yield break;
        }

        if (column.Generated is not null)
        {
            yield return new DropFormula(table.Name, column, table.Metadata);
            yield break;
        }

        if (column.Number is not null)
            yield return new SetNumber(table.Name, column.Name, null, column.Number) { IsLeaving = true };
        yield return new DropField(table.Name, column.Name) { Rows = null, Losses = null };
    }

    private static IEnumerable<SchemaStep> Renames(IReadOnlyList<TableMatch> matches)
    {
        foreach (var (from, to) in Ordered(matches.Select(match => (match.Found.Name, match.Wanted.Name))))
            yield return new RenameTable(from, to);
        foreach (var match in matches)
        {
            var turned = Turned(match).Select(pair => pair.Value).ToHashSet();
            foreach (var (from, to) in Ordered(match.Fields.Where(field => !match.Leaving.Contains(field.Value) && !turned.Contains(field.Value)).Select(field => (field.Value, field.Key))))
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
/// <param name="Leaving">The columns that go, and the computed fields.</param>
internal sealed record TableMatch(TableShape Wanted, TableShape Found, IReadOnlyDictionary<string, string> Fields, ImmutableArray<string> Leaving);

/// <param name="Gone">Tables that leave.</param>
/// <param name="Staying">Those that are wanted, and there.</param>
internal sealed record Matching(ImmutableArray<TableShape> Gone, ImmutableArray<TableMatch> Staying);
