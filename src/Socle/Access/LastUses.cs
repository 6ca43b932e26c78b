using System.Collections.Concurrent;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>Notes when sessions and API keys were last used, at most once a minute each, without making anybody wait.</summary>
public sealed class LastUses(Database database, Sessions sessions, ILogger<LastUses> logger)
{
    private const int Most = 10_000;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, long> _noted = new();

    public void NoteSession(Guid session)
    {
        if (IsDue(session))
            _ = Try(() => sessions.Prolong(session, CancellationToken.None));
    }

    public void NoteKey(Guid key)
    {
        if (IsDue(key))
            _ = Try(() => database.Requests.Execute("UPDATE socle_system.api_keys SET last_used_at = now() WHERE id = $1", CancellationToken.None, key));
    }

    private bool IsDue(Guid id)
    {
        var now = Environment.TickCount64;
        if (_noted.TryGetValue(id, out var last) && now - last < (long)Every.TotalMilliseconds)
            return false;
        if (_noted.Count >= Most)
            _noted.Clear();
        _noted[id] = now;
        return true;
    }

    private async Task Try(Func<Task> note)
    {
        try
        {
            await note();
        }
        catch (Exception exception)
        {
            logger.LogWarning("When a credential was last used could not be noted: {Reason}", exception.Message);
        }
    }
}
