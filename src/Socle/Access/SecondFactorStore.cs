using System.Collections.Immutable;
using Npgsql;
using Socle.Access.Factors;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>The authenticator's secret and the recovery codes in socle_system. Whatever works once is used up in one statement: of two who come together, one is too late.</summary>
public sealed class SecondFactorStore(Database database)
{
    /// <summary>Keeps a secret that is still to be confirmed, in place of an earlier such one; false when a confirmed one is there.</summary>
    public async Task<bool> Begin(Guid user, byte[] kept, CancellationToken cancellation) => await database.Requests.Execute(
        "UPDATE socle_system.users SET totp_secret = $2, totp_last_step = NULL WHERE id = $1 AND totp_confirmed_at IS NULL", cancellation, user, kept) == 1;

    /// <summary>The sealed secret; null when there is none in this state.</summary>
    public async Task<byte[]?> FindSecret(Guid user, bool isConfirmed, CancellationToken cancellation) => await database.Requests.Find(
        "SELECT totp_secret FROM socle_system.users WHERE id = $1 AND totp_secret IS NOT NULL AND (totp_confirmed_at IS NOT NULL) = $2", row => row.GetFieldValue<byte[]>(0), cancellation, user, isConfirmed);

    /// <summary>From now on codes are asked for; false when the secret is no longer the one whose code came.</summary>
    public async Task<bool> Confirm(Guid user, byte[] kept, long step, ImmutableArray<string> codes) => await Together(
        "UPDATE socle_system.users SET totp_confirmed_at = now(), totp_last_step = $2 WHERE id = $1 AND totp_secret = $3 AND totp_confirmed_at IS NULL",
        [user, step, kept],
        codes);

    /// <summary>Uses up the code of a step, and those before it; false when that was done already.</summary>
    public async Task<bool> UseStep(Guid user, byte[] kept, long step) => await database.Requests.Execute(
        "UPDATE socle_system.users SET totp_last_step = $2 WHERE id = $1 AND totp_secret = $3 AND (totp_last_step IS NULL OR totp_last_step < $2)", CancellationToken.None, user, step, kept) == 1;

    /// <summary>Uses up a recovery code; false when there is none such, or it was used.</summary>
    public async Task<bool> UseRecoveryCode(Guid user, string code) => await database.Requests.Execute(
        "UPDATE socle_system.recovery_codes SET used_at = now() WHERE user_id = $1 AND hash = $2 AND used_at IS NULL", CancellationToken.None, user, RecoveryCodes.Hash(code)) == 1;

    /// <summary>A new set in place of the old one; false when there is no second factor that they would stand for.</summary>
    public Task<bool> ReplaceRecoveryCodes(Guid user, ImmutableArray<string> codes) =>
        Together("UPDATE socle_system.users SET totp_confirmed_at = totp_confirmed_at WHERE id = $1 AND totp_confirmed_at IS NOT NULL", [user], codes);

    /// <summary>Takes the authenticator and the recovery codes away; false when there was no authenticator.</summary>
    public async Task<bool> Remove(Guid user) => await Together(
        "UPDATE socle_system.users SET totp_secret = NULL, totp_confirmed_at = NULL, totp_last_step = NULL WHERE id = $1 AND totp_confirmed_at IS NOT NULL", [user], []);

    /// <summary>Takes every second factor away, passkeys included; false when there was none.</summary>
    public async Task<bool> RemoveAll(Guid user)
    {
        var hadPasskeys = await database.Requests.Execute("DELETE FROM socle_system.passkeys WHERE user_id = $1", CancellationToken.None, user) > 0;
        return await Remove(user) || hadPasskeys;
    }

    /// <summary>Where the first statement finds its account, the recovery codes become these.</summary>
    private async Task<bool> Together(string sql, object[] values, ImmutableArray<string> codes)
    {
        await using var connection = await database.Requests.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var change = new NpgsqlCommand(sql, connection).With(values);
        if (await change.ExecuteNonQueryAsync() == 0)
            return false;
        await using var replace = new NpgsqlCommand(
            """
            WITH former AS (DELETE FROM socle_system.recovery_codes WHERE user_id = $1)
            INSERT INTO socle_system.recovery_codes (user_id, hash) SELECT $1, unnest($2)
            """,
            connection).With(values[0], codes.Select(RecoveryCodes.Hash).ToArray());
        await replace.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return true;
    }
}
