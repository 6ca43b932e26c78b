namespace Socle.Schema;

/// <summary>Takes tables as wanted and as they are, gives the limits that go: those that hang on what leaves, and those that are wanted otherwise or no longer. Pure.</summary>
internal static class LimitDepartures
{
    /// <param name="blueprint">Whose fields leave when it no longer has them.</param>
    /// <param name="matches">Each wanted table with the one that it is.</param>
    /// <param name="staying">The tables that do not leave.</param>
    /// <param name="actual">All tables.</param>
    public static IEnumerable<SchemaStep> Between(string blueprint, IReadOnlyDictionary<TableShape, TableShape> matches, IReadOnlySet<TableShape> staying, IReadOnlyList<TableShape> actual)
    {
        var wantedOf = matches.ToDictionary(match => match.Value, match => match.Key);
        return from table in actual
               from limit in table.Limits
               where !staying.Contains(table) || !IsKept(table, limit)
               select new DropLimit(table.Name, limit);

        bool IsKept(TableShape table, LimitShape limit)
        {
            if (actual.FirstOrDefault(other => other.Name == limit.Source) is not { } source || !staying.Contains(source) || NewName(source, limit.SourceField) is not { } value)
                return false;
            if (NewName(table, limit.Field) is not { } field)
                return false;
            // A field that nobody speaks of keeps what it has.
            if (!wantedOf.TryGetValue(table, out var wanted) || wanted.FindColumn(field) is null)
                return true;
            var after = limit with { Source = wantedOf.GetValueOrDefault(source)?.Name ?? source.Name, SourceField = value };
            return wanted.Limits.Any(other => other.Field == field && other.IsSame(after));
        }

        // Null for a field that leaves.
        string? NewName(TableShape table, string field)
        {
            if (!wantedOf.TryGetValue(table, out var wanted))
                return field;
            foreach (var (name, found) in Identities.OfFields(wanted, table))
            {
                if (found == field)
                    return name;
            }

            return table.Metadata?.FindField(field)?.MadeBy == blueprint ? null : field;
        }
    }
}
