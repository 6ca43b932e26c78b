using Npgsql;
using Socle.Catalog;
using Socle.Records.Running;

namespace Socle.Realtime;

/// <summary>
/// Takes entries of one table, gives which of them a listener may hear of: whether it might read the record before, and after.
/// What a record became is what the next entry says it was, or the record itself.
/// </summary>
internal sealed class EntryVisibility(NpgsqlDataSource database, ChangeReader changes)
{
    /// <param name="table">As the listener sees it.</param>
    /// <param name="entries">Of that table.</param>
    /// <param name="present">The keys of the records that the listener finds now.</param>
    /// <param name="view">The listener's.</param>
    /// <param name="cancellation">The listener left.</param>
    public async Task<Dictionary<long, (bool Before, bool After)>> Judge(TableSnapshot table, IReadOnlyList<Entry> entries, IReadOnlyDictionary<string, byte[]> present, View view, CancellationToken cancellation)
    {
        if (table.Rights.AllowsEveryRecord(PolicyAction.Read))
            return entries.ToDictionary(entry => entry.Id, entry => (entry.Operation != 'I', entry.Operation != 'D'));
        var images = await changes.ReadImages([.. entries.Select(entry => entry.Id)], cancellation);
        string[] distinct = [.. images.Values.SelectMany(image => new[] { image.Before, image.Next }).OfType<string>().Distinct()];
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var judged = await new Visibility(table, view.Settings).Judge(connection, distinct, cancellation);
        var seen = distinct.Where((_, i) => judged[i]).ToHashSet();
        return entries.ToDictionary(entry => entry.Id, entry =>
        {
            // What was purged meanwhile is not told.
            if (!images.TryGetValue(entry.Id, out var image))
                return (false, false);
            var after = image.HasNext ? image.Next is not null && seen.Contains(image.Next) : present.ContainsKey(entry.Key);
            return (entry.Operation != 'I' && image.Before is not null && seen.Contains(image.Before), entry.Operation != 'D' && after);
        });
    }
}

/// <summary>What a record was before an entry, and before the next one of the same record, as JSON objects by column names.</summary>
internal readonly record struct EntryImages(string? Before, bool HasNext, string? Next);
