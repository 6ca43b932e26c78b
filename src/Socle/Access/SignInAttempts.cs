using System.Collections.Concurrent;
using Npgsql;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>
/// How often somebody may still be wrong. A try is counted before its password is looked at, so that guesses that come at
/// once get no more than those that come one by one; who was right gets it back.
/// </summary>
public sealed class SignInAttempts(Database database, AccessOptions options)
{
    private readonly ConcurrentDictionary<Guid, Turn> _turns = new();

    /// <summary>Tries on one account follow each other: somebody's own programs that sign in together do not lock themselves out.</summary>
    public async Task<IAsyncDisposable> Wait(Guid account, CancellationToken cancellation)
    {
        Turn turn;
        lock (_turns)
        {
            turn = _turns.GetOrAdd(account, _ => new Turn());
            turn.Users++;
        }

        try
        {
            await turn.Door.WaitAsync(cancellation);
            return new Held(this, account, turn);
        }
        catch
        {
            Leave(account, turn);
            throw;
        }
    }

    /// <returns>Which wrong one this would be; null when the account is locked.</returns>
    public async Task<int?> Count(Guid account, CancellationToken cancellation)
    {
        await using var connection = await database.Requests.OpenConnectionAsync(cancellation);
        // Not waiting for the disk: an account that exists takes no longer than one that does not.
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("SET LOCAL synchronous_commit = off"),
                new NpgsqlBatchCommand(
                    """
                    UPDATE socle_system.users SET
                        failed_attempts = CASE WHEN locked_until IS NULL THEN failed_attempts + 1 ELSE 1 END,
                        locked_until = CASE WHEN (CASE WHEN locked_until IS NULL THEN failed_attempts + 1 ELSE 1 END) >= $2 THEN now() + $3 END
                    WHERE id = $1 AND (locked_until IS NULL OR locked_until <= now())
                    RETURNING failed_attempts
                    """)
                {
                    Parameters = { new() { Value = account }, new() { Value = options.MaxLoginAttempts }, new() { Value = options.LockoutDuration } },
                },
            },
        };
        return (int?)await batch.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Whether this many wrong ones lock the account.</summary>
    public bool Locks(int attempts) => attempts >= options.MaxLoginAttempts;

    /// <summary>The try was neither right nor wrong: the password was right, and the second factor is still to come.</summary>
    public Task GiveBack(Guid account) => database.Requests.Execute(
        "UPDATE socle_system.users SET failed_attempts = greatest(failed_attempts - 1, 0), locked_until = NULL WHERE id = $1", CancellationToken.None, account);

    /// <summary>They proved who they are.</summary>
    public Task Forget(Guid account) => database.Requests.Execute(
        "UPDATE socle_system.users SET failed_attempts = 0, locked_until = NULL, last_sign_in_at = now() WHERE id = $1", CancellationToken.None, account);

    /// <summary>An administrator lets them try again.</summary>
    public Task Unlock(Guid account) => database.Requests.Execute(
        "UPDATE socle_system.users SET failed_attempts = 0, locked_until = NULL WHERE id = $1", CancellationToken.None, account);

    private void Leave(Guid account, Turn turn)
    {
        lock (_turns)
        {
            if (--turn.Users == 0)
                _turns.TryRemove(account, out _);
        }
    }

    private sealed class Turn
    {
        public SemaphoreSlim Door { get; } = new(1);

        public int Users { get; set; }
    }

    private sealed class Held(SignInAttempts attempts, Guid account, Turn turn) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            turn.Door.Release();
            attempts.Leave(account, turn);
            return ValueTask.CompletedTask;
        }
    }
}
