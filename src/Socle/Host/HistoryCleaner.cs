using Npgsql;
using Socle.History;
using Socle.Http;
using Socle.Postgres;

namespace Socle.Host;

/// <summary>Every hour, forgets versions and deleted records whose time is over (HISTORY_DAYS, TRASH_DAYS).</summary>
public sealed class HistoryCleaner(ServerOptions options, Database database, ServerState state, ILogger<HistoryCleaner> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly TimeSpan UntilReady = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (state.IsReady)
                await Clean(stoppingToken);
            await Task.Delay(state.IsReady ? Every : UntilReady, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Clean(CancellationToken cancellation)
    {
        try
        {
            var purged = await HistoryPurge.Run(database.Maintenance, options.HistoryFor, options.TrashFor, cancellation);
            if (purged > 0)
                logger.LogInformation("Forgot {Entries} entries of the history", purged);
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException or OperationCanceledException)
        {
            if (!cancellation.IsCancellationRequested)
                logger.LogWarning("The history could not be cleaned: {Reason}", exception.Message);
        }
    }
}
