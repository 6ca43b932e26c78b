namespace Socle.Schema;

/// <summary>
/// Takes what is wanted and what is there, tells which is which: by the key that a blueprint gives, then by name,
/// then by the name that it had when it was first applied, for what somebody renamed in psql.
/// </summary>
internal static class Identities
{
    /// <summary>Each wanted table with the one that it is, if any.</summary>
    public static Dictionary<TableShape, TableShape> OfTables(string blueprint, IReadOnlyList<TableShape> desired, IReadOnlyList<TableShape> actual) =>
        Match(
            desired,
            actual,
            table => (table.Name, table.Metadata?.Key),
            table => (table.Name, table.Metadata is { } metadata && metadata.Blueprint == blueprint ? metadata.Key : null));

    /// <summary>Each wanted column's name with that of the one that it is, if any.</summary>
    public static Dictionary<string, string> OfFields(TableShape desired, TableShape actual) =>
        Match(
            [.. desired.Columns.Select(column => column.Name)],
            [.. actual.Columns.Select(column => column.Name)],
            name => (name, desired.Metadata?.FindField(name)?.Key),
            name => (name, actual.Metadata?.FindField(name)?.Key));

    private static Dictionary<T, T> Match<T>(
        IReadOnlyList<T> desired, IReadOnlyList<T> actual, Func<T, (string Name, string? Key)> wanted, Func<T, (string Name, string? Key)> found)
        where T : notnull
    {
        var matches = new Dictionary<T, T>();
        var free = actual.ToList();
        Take((one, other) => one.Key is not null && one.Key == other.Key);
        Take((one, other) => one.Name == other.Name);
        Take((one, other) => one.Key is null && one.Name == other.Key);
        return matches;

        void Take(Func<(string Name, string? Key), (string Name, string? Key), bool> isSame)
        {
            foreach (var item in desired.Where(item => !matches.ContainsKey(item)))
            {
                var index = free.FindIndex(other => isSame(wanted(item), found(other)));
                if (index < 0)
                    continue;
                matches.Add(item, free[index]);
                free.RemoveAt(index);
            }
        }
    }
}
