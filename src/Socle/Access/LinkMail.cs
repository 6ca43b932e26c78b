using Socle.Access.Mail;
using Socle.Auditing;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>Makes links by which people come to a password, and mails them.</summary>
public sealed class LinkMail(IServiceScopeFactory scopes, AccountLinks links, MailSender mail, AuditLog audit, ILogger<LinkMail> logger)
{
    /// <summary>Begins and does not wait: who asks never learns whether there is such an account, not even by the time it takes.</summary>
    public void AskForReset(string email, Uri address, Caller caller, string requestId) => _ = Task.Run(async () =>
    {
        try
        {
            await SendReset(email, address, caller, requestId);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "A link for a new password could not be sent");
        }
    });

    /// <summary>A link for somebody: to choose a first password, or another one.</summary>
    public async Task<Uri> Make(User user, Uri address)
    {
        var purpose = PurposeFor(user);
        var token = await links.Make(purpose, user.Id, CancellationToken.None);
        return LinkTo(address, purpose, token);
    }

    /// <summary>Whether the mail server took it.</summary>
    public async Task<bool> Send(User user, Uri address, Uri link, CancellationToken cancellation)
    {
        if (user.Email is null || !mail.IsConfigured)
            return false;
        var purpose = PurposeFor(user);
        var letter = purpose == LinkPurpose.Invite
            ? Letters.Invite(user.Language, address.Authority, link, links.LastsFor(purpose))
            : Letters.Reset(user.Language, address.Authority, link, links.LastsFor(purpose));
        return await mail.Send(user.Email, letter, cancellation);
    }

    public DateTimeOffset ExpiryFor(User user) => DateTimeOffset.UtcNow + links.LastsFor(PurposeFor(user));

    public static Uri LinkTo(Uri address, LinkPurpose purpose, string token) => new(address, $"/{purpose.ToString().ToLowerInvariant()}?token={token}");

    private static LinkPurpose PurposeFor(User user) => user.PasswordHash is null ? LinkPurpose.Invite : LinkPurpose.Reset;

    private async Task SendReset(string email, Uri address, Caller caller, string requestId)
    {
        await using var scope = scopes.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<Accounts>().Find(email, username: null);
        await audit.Write(caller, requestId, AuditEvents.ResetAsked, email, actor: email);
        if (user is { IsDisabled: false })
            await Send(user, address, await Make(user, address), CancellationToken.None);
    }
}
