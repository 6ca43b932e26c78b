using Socle.Access.Tokens;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>What a link is for.</summary>
public enum LinkPurpose
{
    Setup,
    Invite,
    Reset,
}

/// <summary>
/// Links that work once and for a time. Only their hashes are kept. A new one of the same purpose for the same person replaces
/// the former.
/// </summary>
public sealed class AccountLinks(Database database, AccessOptions options)
{
    private static readonly TimeSpan SetupLasts = TimeSpan.FromHours(24);
    private static readonly TimeSpan InviteLasts = TimeSpan.FromDays(7);

    /// <param name="user">Null for the first administrator, who is nobody yet.</param>
    /// <returns>The token that the link carries.</returns>
    public async Task<string> Make(LinkPurpose purpose, Guid? user, CancellationToken cancellation)
    {
        var token = OpaqueTokens.New("");
        await database.Maintenance.Execute(
            """
            WITH former AS (DELETE FROM socle_system.account_links WHERE purpose = $3 AND user_id IS NOT DISTINCT FROM $2::uuid)
            INSERT INTO socle_system.account_links (hash, user_id, purpose, expires_at) VALUES ($1, $2::uuid, $3, now() + $4)
            """,
            cancellation,
            OpaqueTokens.Hash(token),
            user,
            NameOf(purpose),
            LastsFor(purpose));
        return token;
    }

    public TimeSpan LastsFor(LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.Setup => SetupLasts,
        LinkPurpose.Invite => InviteLasts,
        _ => options.PasswordResetTimeout,
    };

    /// <summary>Whose the link is; null when it was never made, is too old or was used.</summary>
    public async Task<AccountLink?> Find(string token, LinkPurpose purpose, CancellationToken cancellation) => await database.Requests.Find(
        "SELECT user_id FROM socle_system.account_links WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > now()",
        row => new AccountLink(OpaqueTokens.Hash(token), row.OptionalValue<Guid>(0)),
        cancellation,
        OpaqueTokens.Hash(token),
        NameOf(purpose));

    /// <summary>Uses it up; false when somebody else did so meanwhile.</summary>
    public async Task<bool> Take(AccountLink link) => await database.Requests.Execute(
        "UPDATE socle_system.account_links SET used_at = now() WHERE hash = $1 AND used_at IS NULL AND expires_at > now()", CancellationToken.None, link.Hash) == 1;

    /// <summary>What it was taken for could not be done.</summary>
    public Task GiveBack(AccountLink link) =>
        database.Requests.Execute("UPDATE socle_system.account_links SET used_at = NULL WHERE hash = $1", CancellationToken.None, link.Hash);

    private static string NameOf(LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.Setup => "setup",
        LinkPurpose.Invite => "invite",
        _ => "reset",
    };
}

/// <summary>A link that still works.</summary>
public sealed record AccountLink(byte[] Hash, Guid? User);
