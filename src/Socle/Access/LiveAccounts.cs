using Npgsql;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>
/// Keeps the snapshot of accounts true: reads it anew when the database tells of a change (NOTIFY socle_accounts), and before a change
/// made here is answered. Survives PostgreSQL's restarts.
/// </summary>
public sealed class LiveAccounts(Database database, ILogger<LiveAccounts> logger) : IDisposable
{
    private const int AnswerSeconds = 10;
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>Where nobody may listen (a standby), somebody looks.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1);
    private AccountsSnapshot _current = AccountsSnapshot.Empty;
    private long _asked;
    private long _done;

    public AccountsSnapshot Current => Volatile.Read(ref _current);

    /// <summary>The caller of a request that lasts, as they are by now; null when what let them in does not hold any more.</summary>
    public Caller? FindPresent(Caller caller)
    {
        var accounts = Current;
        if (caller.UserId is { } id)
            return accounts.FindUser(id) is { } user && !(caller.SessionId is { } session && accounts.IsRevoked(session)) ? caller with { Role = user.Role } : null;
        if (caller.Name is not { } name || !name.StartsWith(KnownKey.NamePrefix, StringComparison.Ordinal))
            return caller;
        return accounts.FindKey(name[KnownKey.NamePrefix.Length..]) is { } key && !(key.ExpiresAt <= DateTimeOffset.UtcNow) ? caller with { Role = key.Role } : null;
    }

    /// <summary>Returns when what was committed before is in the snapshot. Those who ask together share one reading.</summary>
    public async Task Reload(CancellationToken cancellation = default)
    {
        var turn = Interlocked.Increment(ref _asked);
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_done >= turn)
                return;
            var upTo = Volatile.Read(ref _asked);
            await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
            Volatile.Write(ref _current, await AccountsSnapshot.Read(connection, cancellation));
            _done = upTo;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    public async Task Run(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await Watch(cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                logger.LogWarning("The watcher of accounts lost the database: {Reason}", exception.Message);
                await Task.Delay(RetryEvery, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task Watch(CancellationToken cancellation)
    {
        await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
        var isTold = false;
        connection.Notification += (_, _) => isTold = true;
        await using var standby = new NpgsqlCommand("SELECT pg_is_in_recovery()", connection) { CommandTimeout = AnswerSeconds };
        var isStandby = (bool)(await standby.ExecuteScalarAsync(cancellation))!;
        if (!isStandby)
        {
            await using var listen = new NpgsqlCommand("LISTEN socle_accounts", connection) { CommandTimeout = AnswerSeconds };
            await listen.ExecuteNonQueryAsync(cancellation);
        }

        // What changed before LISTEN was not heard of.
        await Reload(cancellation);
        while (true)
        {
            if (!isTold)
                await connection.WaitAsync(isStandby ? LookEvery : Timeout.InfiniteTimeSpan, cancellation);
            isTold = false;
            await Reload(cancellation);
        }
    }
}
