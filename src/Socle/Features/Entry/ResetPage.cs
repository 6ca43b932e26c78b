using Socle.Access;
using Socle.Access.Mail;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Entry;

/// <summary><c>/reset</c>: without a token it asks for the address to send a link to, with one for the new password.</summary>
internal static class ResetPage
{
    public static Task Show(EntryVisit visit) => visit.Call.Text("token") is null ? visit.Show(Page(visit)) : LinkPages.ShowPassword(visit);

    public static Task Take(EntryVisit visit) => visit.Call.Text("token") is null ? Ask(visit) : LinkPages.TakePassword(visit, LinkPurpose.Reset);

    /// <summary>Says the same whether there is such an account.</summary>
    private static async Task Ask(EntryVisit visit)
    {
        var call = visit.Call;
        var email = visit.Text("email").Trim();
        if (call.Get<RateLimits>().Reset(call.Caller.Address, email) is { } tooMany)
        {
            await visit.Refuse(Page(visit), tooMany);
            return;
        }

        if (call.Get<MailSender>().IsConfigured)
            call.Get<LinkMail>().AskForReset(email, call.PublicAddress(), call.Caller, call.RequestId);
        await visit.Show(Page(visit) with { Lead = Sent, Button = null });
    }

    private static EntryForm Page(EntryVisit visit) => new(
        visit.Language,
        new("A new password", "Un nouveau mot de passe"),
        visit.Call.Get<MailSender>().IsConfigured ? ByMail : ByHand,
        visit.Call.Get<MailSender>().IsConfigured ? new("Send the link", "Envoyer le lien") : null,
        [new("email", new("E-mail address", "Adresse électronique"), "email", "username")])
    {
        More = ("/sign-in", new("Back to signing in", "Retour à la connexion")),
    };

    private static Text ByMail { get; } = new("You get a link by mail, which works once.", "Vous recevez par courrier un lien qui fonctionne une fois.");

    private static Text ByHand { get; } = new("This server sends no mail. Ask an administrator for a link.", "Ce serveur n'envoie pas de courrier. Demandez un lien à un administrateur.");

    private static Text Sent { get; } = new("If there is an account with this address, a mail with a link is on its way.", "S'il existe un compte à cette adresse, un message avec un lien est en route.");
}
