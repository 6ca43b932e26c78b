namespace Socle.Schema;

/// <summary>Takes tables as wanted and as they are, gives the limits that go: those that hang on what leaves, and those that are wanted otherwise or no longer. Pure.</summary>
internal static class LimitDepartures
{
    /// <param name="gone">Tables that leave.</param>
    /// <param name="matches">Those that stay, and which of their fields do.</param>
    /// <param name="others">All tables, those that nobody speaks of among them.</param>
    public static IEnumerable<SchemaStep> Of(IReadOnlyList<TableShape> gone, IReadOnlyList<TableMatch> matches, IReadOnlyList<TableShape> others)
    {
        var known = matches.ToDictionary(match => match.Found.Name);
        var rest = others.Where(table => !known.ContainsKey(table.Name) && gone.All(other => other.Name != table.Name));
        return
        [
            .. from table in gone
               from limit in table.Limits
               select new DropLimit(table.Name, limit),
            .. from match in matches
               from limit in match.Found.Limits
               where Leaves(limit) || !IsKept(match, limit)
               select new DropLimit(match.Found.Name, limit),
            .. from table in rest
               from limit in table.Limits
               where Leaves(limit)
               select new DropLimit(table.Name, limit),
        ];

        // Whether its values go.
        bool Leaves(LimitShape limit) =>
            gone.Any(table => table.Name == limit.Source) || (known.TryGetValue(limit.Source, out var source) && source.Leaving.Contains(limit.SourceField));

        bool IsKept(TableMatch match, LimitShape limit)
        {
            if (match.Leaving.Contains(limit.Field))
                return false;
            // A field that nobody speaks of keeps what it has.
            if (NewName(match, limit.Field) is not { } field)
                return true;
            var after = known.TryGetValue(limit.Source, out var source)
                ? limit with { Source = source.Wanted.Name, SourceField = NewName(source, limit.SourceField) ?? limit.SourceField }
                : limit;
            return match.Wanted.Limits.Any(other => other.Field == field && other.IsSame(after));
        }
    }

    private static string? NewName(TableMatch match, string field) => match.Fields.Where(pair => pair.Value == field).Select(pair => pair.Key).FirstOrDefault();
}
