using Npgsql;
using Socle.Http;
using Socle.Postgres;
using Socle.Records.Running;

namespace Socle.Host;

/// <summary>Forgets, once an hour, the answers kept for idempotency keys whose time is over.</summary>
internal sealed class IdempotencyPurge(Database database, ServerState state, ILogger<IdempotencyPurge> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Soon after the start too, for servers that are restarted each day.
        for (var wait = TimeSpan.FromMinutes(1); ; wait = Every)
        {
            await Task.Delay(wait, stoppingToken);
            try
            {
                if (state.IsReady)
                    await IdempotencyKeys.Purge(database.Maintenance, stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                logger.LogWarning("Old idempotency keys could not be removed: {Reason}", exception.Message);
            }
        }
    }
}
