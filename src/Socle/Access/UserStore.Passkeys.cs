using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Npgsql;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="IsBackedUp">Whether it is copied to other devices of theirs.</param>
public sealed record OwnPasskey(byte[] Id, string Name, bool IsBackedUp, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>Passkeys: public keys and counters. Nothing in them is secret.</summary>
public sealed partial class UserStore : IUserPasskeyStore<User>
{
    private const int MostPasskeys = 20;
    private const string SelectPasskey = "SELECT credential_id, name, data::text, created_at FROM socle_system.passkeys";

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(User user, CancellationToken cancellationToken) =>
        await Pool.List($"{SelectPasskey} WHERE user_id = $1", ReadPasskey, cancellationToken, user.Id);

    public Task<User?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        Pool.Find($"{Select} WHERE id = (SELECT user_id FROM socle_system.passkeys WHERE credential_id = $1)", User.Read, cancellationToken, credentialId);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) =>
        Pool.Find($"{SelectPasskey} WHERE user_id = $1 AND credential_id = $2", ReadPasskey, cancellationToken, user.Id, credentialId);

    /// <summary>A passkey is added by <see cref="AddPasskey"/> and counted by <see cref="UsePasskey"/>, each of which may refuse.</summary>
    public Task AddOrUpdatePasskeyAsync(User user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemovePasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) => RemovePasskey(user.Id, credentialId);

    public Task<List<OwnPasskey>> ListPasskeys(Guid user, CancellationToken cancellation) => Pool.List(
        "SELECT credential_id, name, (data->>'backedUp')::boolean, created_at, last_used_at FROM socle_system.passkeys WHERE user_id = $1 ORDER BY created_at, credential_id",
        row => new OwnPasskey(row.GetFieldValue<byte[]>(0), row.GetString(1), row.GetBoolean(2), row.GetFieldValue<DateTimeOffset>(3), row.OptionalValue<DateTimeOffset>(4)),
        cancellation,
        user);

    /// <returns>False when the passkey is there already, or there are too many.</returns>
    public async Task<bool> AddPasskey(Guid user, UserPasskeyInfo passkey, string name) => await Pool.Execute(
        """
        INSERT INTO socle_system.passkeys (credential_id, user_id, name, data)
        SELECT $1, $2, $3, $4::text::jsonb WHERE (SELECT count(*) FROM socle_system.passkeys WHERE user_id = $2) < $5
        ON CONFLICT (credential_id) DO NOTHING
        """,
        CancellationToken.None,
        passkey.CredentialId,
        user,
        name,
        Write(passkey),
        MostPasskeys) == 1;

    /// <summary>Keeps the counter of a passkey that opened the door. Of two answers with one counter, one is a copy's: false for the second.</summary>
    public async Task<bool> UsePasskey(UserPasskeyInfo passkey) => await Pool.Execute(
        """
        WITH used AS (
            UPDATE socle_system.passkeys SET data = data || jsonb_build_object('signCount', $2::bigint, 'backedUp', $3::boolean), last_used_at = now()
            WHERE credential_id = $1 AND ((data->>'signCount')::bigint < $2::bigint OR ($2::bigint = 0 AND (data->>'signCount')::bigint = 0))
            RETURNING user_id)
        UPDATE socle_system.users SET last_sign_in_at = now() FROM used WHERE id = used.user_id AND NOT is_disabled
        """,
        CancellationToken.None,
        passkey.CredentialId,
        (long)passkey.SignCount,
        passkey.IsBackedUp) == 1;

    /// <returns>Its name; null when they have no such passkey.</returns>
    public Task<string?> RemovePasskey(Guid user, byte[] credentialId) => Pool.Find(
        "DELETE FROM socle_system.passkeys WHERE user_id = $1 AND credential_id = $2 RETURNING name", row => row.GetString(0), CancellationToken.None, user, credentialId);

    private static string Write(UserPasskeyInfo passkey) => new JsonObject
    {
        ["publicKey"] = Convert.ToBase64String(passkey.PublicKey),
        ["signCount"] = passkey.SignCount,
        ["transports"] = new JsonArray([.. (passkey.Transports ?? []).Select(transport => JsonValue.Create(transport))]),
        ["userVerified"] = passkey.IsUserVerified,
        ["backupEligible"] = passkey.IsBackupEligible,
        ["backedUp"] = passkey.IsBackedUp,
    }.ToJsonString();

    /// <summary>How it was made is not kept: nobody looks at it again.</summary>
    private static UserPasskeyInfo ReadPasskey(NpgsqlDataReader row)
    {
        var data = JsonNode.Parse(row.GetString(2))!;
        return new UserPasskeyInfo(
            row.GetFieldValue<byte[]>(0),
            Convert.FromBase64String((string)data["publicKey"]!),
            row.GetFieldValue<DateTimeOffset>(3),
            (uint)data["signCount"]!,
            [.. data["transports"]!.AsArray().Select(transport => (string)transport!)],
            (bool)data["userVerified"]!,
            (bool)data["backupEligible"]!,
            (bool)data["backedUp"]!,
            attestationObject: [],
            clientDataJson: [])
        { Name = row.GetString(1) };
    }
}
