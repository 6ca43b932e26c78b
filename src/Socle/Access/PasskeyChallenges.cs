using Socle.Access.Tokens;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>What passkeys are asked to sign, kept in the database: any server takes the answer, once, within five minutes, from whom it was made for.</summary>
public sealed class PasskeyChallenges(Database database)
{
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    /// <param name="user">Who adds a passkey; null for somebody who signs in, who is nobody yet.</param>
    /// <param name="state">What is needed to judge the answer.</param>
    /// <returns>The token by which the answer names it.</returns>
    public async Task<string> Keep(Guid? user, string state, CancellationToken cancellation)
    {
        var token = OpaqueTokens.New("");
        await database.Requests.Execute(
            """
            WITH over AS (DELETE FROM socle_system.passkey_challenges WHERE expires_at <= now())
            INSERT INTO socle_system.passkey_challenges (hash, user_id, state, expires_at) VALUES ($1, $2::uuid, $3, now() + $4)
            """,
            cancellation,
            OpaqueTokens.Hash(token),
            user,
            state,
            Lasts);
        return token;
    }

    /// <summary>Uses it up; null when it was never made, is too old, was used, or is another's.</summary>
    public async Task<string?> Take(Guid? user, string token) => await database.Requests.Find(
        "DELETE FROM socle_system.passkey_challenges WHERE hash = $1 AND user_id IS NOT DISTINCT FROM $2::uuid AND expires_at > now() RETURNING state",
        row => row.GetString(0),
        CancellationToken.None,
        OpaqueTokens.Hash(token),
        user);
}
