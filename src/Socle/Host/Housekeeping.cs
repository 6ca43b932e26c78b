using Socle.Access;
using Socle.Catalog;
using Socle.Files;
using Socle.History;
using Socle.Http;
using Socle.Postgres;
using Socle.Records.Running;
using Socle.Schema.Migrations;

namespace Socle.Host;

/// <summary>
/// Forgets, soon after the start and then every hour, what is kept for a time only: old versions and deleted records (HISTORY_DAYS,
/// TRASH_DAYS), dropped fields and tables, files that no record points to, answers to idempotency keys, sessions and links that are over. A database without Socle's own schema holds none of them.
/// </summary>
public sealed class Housekeeping(ServerOptions options, Database database, LiveCatalog catalog, ServerState state, FileStore files, ILogger<Housekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly TimeSpan UntilReady = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var isReady = state.IsReady;
            if (isReady && catalog.Current.HasSystemSchema)
            {
                await Try("old versions and deleted records", ForgetHistory, stoppingToken);
                await Try("dropped fields and tables", ForgetDropped, stoppingToken);
                await Try("answers to idempotency keys", () => IdempotencyKeys.Purge(database.Maintenance, stoppingToken), stoppingToken);
                await Try("files that no record points to", CollectFiles, stoppingToken);
                await Try("sessions and links that are over", () => OldCredentials.Purge(database.Maintenance, stoppingToken), stoppingToken);
            }

            await Task.Delay(isReady ? Every : UntilReady, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task ForgetHistory()
        {
            var entries = await HistoryPurge.Run(database.Maintenance, options.HistoryFor, options.TrashFor, stoppingToken);
            if (entries > 0)
                logger.LogInformation("Forgot {Entries} entries of the history", entries);
        }

        async Task CollectFiles()
        {
            var collected = await new FileCollector(database.Maintenance, files).Run(options.FilesFor, stoppingToken);
            if (collected != new Collected(0, 0, 0))
                logger.LogInformation("Removed {Files} files that no record pointed to, {Uploads} uploads that were never finished, {Orphans} contents that nothing knew", collected.Files, collected.Uploads, collected.Orphans);
        }

        async Task ForgetDropped()
        {
            var (gone, kept) = await AsidePurge.Run(database.Maintenance, stoppingToken);
            foreach (var name in gone)
                logger.LogInformation("Gone for good, {Days} days after it was dropped: {Name}", AsidePurge.Days, name);
            foreach (var name in kept)
                logger.LogWarning("Could not drop for good, since something depends on it: {Name}", name);
        }
    }

    private async Task Try(string what, Func<Task> forget, CancellationToken cancellation)
    {
        try
        {
            await forget();
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // A PostgreSQL that dies in the middle surfaces as many kinds of exception; none of them may end the server.
            logger.LogWarning("Could not forget {What}: {Reason}", what, exception.Message);
        }
        catch (Exception)
        {
            // The server stops.
        }
    }
}
