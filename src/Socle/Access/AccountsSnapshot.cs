using System.Collections.Frozen;
using Npgsql;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>An account as every request needs it.</summary>
public sealed record KnownUser(Guid Id, string Address, string Role, bool IsDisabled);

/// <summary>An API key as every request needs it.</summary>
/// <param name="Hash">SHA-256 of the whole key.</param>
public sealed record KnownKey(Guid Id, string Prefix, byte[] Hash, string Role, DateTimeOffset? ExpiresAt);

/// <summary>Who may come in, read at one moment: immutable, and swapped whole when it changes.</summary>
public sealed class AccountsSnapshot
{
    private const string Text = """
        SELECT id, coalesce(email, username), role, is_disabled FROM socle_system.users;
        SELECT id FROM socle_system.sessions WHERE revoked_at IS NOT NULL AND expires_at > now();
        SELECT id, prefix, hash, role, expires_at FROM socle_system.api_keys WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now());
        SELECT name, is_admin FROM socle_system.roles
        """;

    private readonly FrozenDictionary<Guid, KnownUser> _users;
    private readonly FrozenSet<Guid> _revoked;
    private readonly FrozenDictionary<string, KnownKey> _keys;
    private readonly FrozenDictionary<string, bool> _roles;

    private AccountsSnapshot(IEnumerable<KnownUser> users, IEnumerable<Guid> revoked, IEnumerable<KnownKey> keys, IEnumerable<KeyValuePair<string, bool>> roles)
    {
        _users = users.ToFrozenDictionary(user => user.Id);
        _revoked = revoked.ToFrozenSet();
        _keys = keys.ToFrozenDictionary(key => key.Prefix);
        _roles = roles.ToFrozenDictionary();
    }

    /// <summary>Of a database that has no accounts.</summary>
    public static AccountsSnapshot Empty { get; } = new([], [], [], []);

    public bool HasActiveAdmin => _users.Values.Any(user => !user.IsDisabled && IsAdmin(user.Role));

    /// <summary>Somebody who has an account that is not disabled.</summary>
    public KnownUser? FindUser(Guid id) => _users.TryGetValue(id, out var user) && !user.IsDisabled ? user : null;

    public KnownKey? FindKey(string prefix) => _keys.GetValueOrDefault(prefix);

    public bool IsRevoked(Guid session) => _revoked.Contains(session);

    public bool HasRole(string role) => _roles.ContainsKey(role);

    /// <summary>Whether the role looks after accounts. In a database without roles of its own, the one called admin does.</summary>
    public bool IsAdmin(string? role) => role is not null && (_roles.TryGetValue(role, out var isAdmin) ? isAdmin : role == Caller.Admin);

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
        var roles = await Rows(reader, row => KeyValuePair.Create(row.GetString(0), row.GetBoolean(1)), cancellation);
        return new AccountsSnapshot(users, revoked, keys, roles);
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
