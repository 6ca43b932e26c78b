using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Running;

namespace Socle.Realtime;

/// <summary>
/// The changes of records as they happen, from any source: one feed for the server, and a stream for each who listens.
/// Keeps itself running through the database's absences.
/// </summary>
public sealed class Changes
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(2);

    /// <summary>This server's name among those on the database.</summary>
    private readonly string _name = Guid.NewGuid().ToString("N");

    private readonly Database _database;
    private readonly LiveCatalog _catalog;
    private readonly ChangeReader _reader;
    private readonly PageReader _pages;
    private readonly ChangeFeed _feed;

    public Changes(Database database, LiveCatalog catalog, ChangeBell bell)
    {
        _database = database;
        _catalog = catalog;
        Bell = bell;
        var records = new PresentRecords(new RecordStore(database, ChangeReader.PageSize));
        _reader = new ChangeReader(database.Requests);
        _pages = new PageReader(_reader, records, new EntryVisibility(database.Requests, _reader));
        var ownReader = new ChangeReader(database.Maintenance);
        var ownPages = new PageReader(ownReader, records, new EntryVisibility(database.Maintenance, ownReader));
        _feed = new ChangeFeed(ownReader, ownPages, new Offers(ownPages, catalog), bell, _name);
    }

    private ChangeBell Bell { get; }

    public Task Run(Action<Exception> onFailure, CancellationToken cancellation) => Task.WhenAll(
        Keep(_feed.Run, onFailure, cancellation),
        Keep(Listen, _ => { }, cancellation));

    /// <summary>The stream of some tables' changes, or of all that keep a history. Refuses tables that there are not, and those that keep none.</summary>
    /// <param name="names">As the caller wrote them; none for all.</param>
    /// <param name="who">Who listens, as they are at any moment: they are told of what they may read then. Null when they are nobody any more.</param>
    /// <param name="lastId">The id of the last event that the listener has, if it has one.</param>
    /// <param name="cancellation">The listener left.</param>
    public async Task<Result<ChangeStream>> Open(IReadOnlyList<string> names, Func<Caller?> who, string? lastId, CancellationToken cancellation)
    {
        if (View.Find(who(), _catalog.Current) is not { Seen: var snapshot })
            return NothingToHear;
        var found = names.Select(snapshot.GetTable).ToList();
        if (found.SelectMany(table => table.Faults).ToList() is { Count: > 0 } faults)
            return faults;
        var kept = await _reader.ReadTables(cancellation);
        if (kept is null)
            return NoHistory(null);
        var tables = new HashSet<Guid>();
        foreach (var table in found.Select(table => table.Value))
        {
            if (kept.Find(candidate => PageReader.Find(snapshot, candidate) == table) is not { } item)
                return NoHistory(table.Name);
            tables.Add(item.Id);
        }

        return new ChangeStream(_feed, _reader, _pages, _catalog, names.Count == 0 ? null : tables, who, lastId);
    }

    /// <summary>A connection that does nothing but wait. What was changed before it listened is looked for once.</summary>
    private async Task Listen(CancellationToken cancellation)
    {
        await using var connection = await _database.Maintenance.OpenConnectionAsync(cancellation);
        connection.Notification += (_, told) =>
        {
            if (told.Payload != _name)
                Bell.Wake();
        };
        await using (var listen = new NpgsqlCommand("LISTEN socle_changes", connection))
            await listen.ExecuteNonQueryAsync(cancellation);
        _feed.Doubt();
        while (true)
            await connection.WaitAsync(cancellation);
    }

    private static async Task Keep(Func<CancellationToken, Task> run, Action<Exception> onFailure, CancellationToken cancellation)
    {
        var retry = FirstRetry;
        while (!cancellation.IsCancellationRequested)
        {
            var started = TimeProvider.System.GetTimestamp();
            try
            {
                await run(cancellation);
            }
            catch (Exception exception)
            {
                if (cancellation.IsCancellationRequested)
                    return;
                // An outage is told once.
                retry = TimeProvider.System.GetElapsedTime(started) > LongestRetry + LongestRetry ? FirstRetry : retry;
                if (retry == FirstRetry)
                    onFailure(exception);
                await Task.Delay(retry, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                retry = retry * 2 < LongestRetry ? retry * 2 : LongestRetry;
            }
        }
    }

    private static Fault NothingToHear { get; } = new(
        FaultCode.Forbidden,
        "Your role may read no table, so there is nothing to tell you. Ask an administrator.",
        "Votre rôle ne permet de lire aucune table : il n'y a rien à vous annoncer. Adressez-vous à un administrateur.");

    private static Fault NoHistory(string? table) => table is null
        ? new(
            FaultCode.InvalidRequest,
            "No table of this database keeps a history, so its changes are not told. A blueprint gives its tables one.",
            "Aucune table de cette base ne garde d'historique : ses modifications ne sont donc pas annoncées. Un blueprint en donne un à ses tables.")
        : new(
            FaultCode.InvalidRequest,
            $"'{table}' keeps no history, so its changes are not told. Remove history: false from its blueprint, or leave the table out.",
            $"« {table} » ne garde pas d'historique : ses modifications ne sont donc pas annoncées. Retirez history: false de son blueprint, ou omettez la table.",
            "table");
}
