using Npgsql;
using Socle.Access.Tokens;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>An API key as it is listed: never the key itself.</summary>
public sealed record IssuedKey(
    Guid Id, string Name, string Prefix, string Role, Guid? CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

/// <summary>The API keys of programs. Each has a role; the key is told once, when it is made, and only its hash is kept.</summary>
public sealed class IssuedKeys(Database database, LiveAccounts live)
{
    private const string Columns = "id, name, prefix, role, created_by, created_at, expires_at, last_used_at, revoked_at";

    public async Task<Result<(IssuedKey Key, string Secret)>> Create(string name, string role, DateTimeOffset? expiresAt, Guid? createdBy, CancellationToken cancellation)
    {
        var secret = ApiKeys.New();
        try
        {
            var key = await database.Requests.Find(
                $"INSERT INTO socle_system.api_keys (name, prefix, hash, role, created_by, expires_at) VALUES ($1, $2, $3, $4, $5::uuid, $6::timestamptz) RETURNING {Columns}",
                Read,
                cancellation,
                name,
                ApiKeys.PrefixOf(secret),
                OpaqueTokens.Hash(secret),
                role,
                createdBy,
                expiresAt?.ToUniversalTime());
            await live.Reload(CancellationToken.None);
            return (key!, secret);
        }
        catch (PostgresException exception) when (exception.ConstraintName == "fk_api_keys_role")
        {
            return UserFaults.UnknownRole(role);
        }
    }

    public Task<List<IssuedKey>> List(CancellationToken cancellation) =>
        database.Requests.List($"SELECT {Columns} FROM socle_system.api_keys ORDER BY created_at DESC, id", Read, cancellation);

    /// <summary>Null when there is none such.</summary>
    public Task<IssuedKey?> Find(Guid id, CancellationToken cancellation) =>
        database.Requests.Find($"SELECT {Columns} FROM socle_system.api_keys WHERE id = $1", Read, cancellation, id);

    /// <summary>From now on it opens nothing. Null when there is none such.</summary>
    public async Task<IssuedKey?> Revoke(Guid id)
    {
        var key = await database.Requests.Find(
            $"UPDATE socle_system.api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING {Columns}", Read, CancellationToken.None, id);
        await live.Reload();
        return key;
    }

    private static IssuedKey Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        row.GetString(2),
        row.GetString(3),
        row.OptionalValue<Guid>(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.OptionalValue<DateTimeOffset>(6),
        row.OptionalValue<DateTimeOffset>(7),
        row.OptionalValue<DateTimeOffset>(8));
}
