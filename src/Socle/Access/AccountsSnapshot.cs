using System.Collections.Frozen;
using Npgsql;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>An account as every request needs it.</summary>
public sealed record KnownUser(Guid Id, string Address, string Role, bool IsDisabled);

/// <summary>An API key as every request needs it.</summary>
/// <param name="Hash">SHA-256 of the whole key.</param>
public sealed record KnownKey(Guid Id, string Prefix, byte[] Hash, string Role, DateTimeOffset? ExpiresAt)
{
    /// <summary>Before the key's own prefix in the name of a caller who has no account.</summary>
    public const string NamePrefix = "key:";
}

/// <summary>Who may come in, read at one moment: immutable, and swapped whole when it changes.</summary>
public sealed class AccountsSnapshot
{
    private const string Text = """
        SELECT id, coalesce(email, username), role, is_disabled FROM socle_system.users;
        SELECT id FROM socle_system.sessions WHERE revoked_at IS NOT NULL AND expires_at > now() - interval '1 hour';
        SELECT id, prefix, hash, role, expires_at FROM socle_system.api_keys WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
        """;

    private readonly FrozenDictionary<Guid, KnownUser> _users;
    private readonly FrozenSet<Guid> _revoked;
    private readonly FrozenDictionary<string, KnownKey> _keys;

    private AccountsSnapshot(IEnumerable<KnownUser> users, IEnumerable<Guid> revoked, IEnumerable<KnownKey> keys)
    {
        _users = users.ToFrozenDictionary(user => user.Id);
        _revoked = revoked.ToFrozenSet();
        _keys = keys.ToFrozenDictionary(key => key.Prefix);
    }

    /// <summary>Of a database that has no accounts.</summary>
    public static AccountsSnapshot Empty { get; } = new([], [], []);

    /// <summary>Somebody who has an account that is not disabled.</summary>
    public KnownUser? FindUser(Guid id) => _users.TryGetValue(id, out var user) && !user.IsDisabled ? user : null;

    public KnownKey? FindKey(string prefix) => _keys.GetValueOrDefault(prefix);

    public bool IsRevoked(Guid session) => _revoked.Contains(session);

    public static async Task<AccountsSnapshot> Read(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using (var look = new NpgsqlCommand("SELECT to_regclass('socle_system.users') IS NOT NULL", connection))
        {
            if (!(bool)(await look.ExecuteScalarAsync(cancellation))!)
                return Empty;
        }

        await using var command = new NpgsqlCommand(Text, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var users = await Rows(reader, row => new KnownUser(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetBoolean(3)), cancellation);
        var revoked = await Rows(reader, row => row.GetGuid(0), cancellation);
        var keys = await Rows(reader, row => new KnownKey(row.GetGuid(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetString(3), row.OptionalValue<DateTimeOffset>(4)), cancellation);
        return new AccountsSnapshot(users, revoked, keys);
    }

    private static async Task<List<T>> Rows<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        await reader.NextResultAsync(cancellation);
        return rows;
    }
}
