using Socle.Access;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Entry;

/// <summary><c>/setup</c>, <c>/invite</c> and <c>/reset</c> with a token: forms by which a link becomes a password.</summary>
internal static class LinkPages
{
    public static Task ShowSetup(EntryVisit visit) => visit.Show(Setup(visit));

    public static async Task TakeSetup(EntryVisit visit)
    {
        var call = visit.Call;
        var admin = new User { Email = visit.Text("email").Trim(), Name = visit.Text("name").Trim(), Role = Caller.Admin, Language = visit.Language };
        var done = call.Get<RateLimits>().UseLink(call.Caller.Address) is { } tooMany
            ? tooMany
            : await call.Get<Enrolment>().SetUp(call.Text("token") ?? "", admin, visit.Text("password"), call.Caller, call.RequestId);
        await Answer(visit, done, Setup(visit));
    }

    public static Task ShowPassword(EntryVisit visit) => visit.Show(Password(visit));

    public static async Task TakePassword(EntryVisit visit, LinkPurpose purpose)
    {
        var call = visit.Call;
        var done = call.Get<RateLimits>().UseLink(call.Caller.Address) is { } tooMany
            ? tooMany
            : await call.Get<Enrolment>().ChoosePassword(purpose, call.Text("token") ?? "", visit.Text("password"), call.Caller, call.RequestId);
        await Answer(visit, done, Password(visit));
    }

    private static Task Answer(EntryVisit visit, Result<User> done, EntryForm form)
    {
        if (done.IsFault)
            return visit.Refuse(form, done.Faults);
        visit.GoTo($"/sign-in?done=1&lang={Languages.TagOf(visit.Language)}");
        return Task.CompletedTask;
    }

    private static EntryForm Setup(EntryVisit visit) => new(
        visit.Language,
        new("The first administrator", "Le premier administrateur"),
        new("You look after this server: accounts, roles, backups. Others can join you later.", "Vous vous occupez de ce serveur : comptes, rôles, sauvegardes. D'autres pourront vous rejoindre."),
        new("Create my account", "Créer mon compte"),
        [
            new("name", new("Your name", "Votre nom"), "text", "name", Value: visit.Text("name")),
            new("email", new("E-mail address", "Adresse électronique"), "email", "username", Value: visit.Text("email")),
            EntryField.NewPassword("password"),
        ]);

    private static EntryForm Password(EntryVisit visit) => new(
        visit.Language,
        new("Choose your password", "Choisissez votre mot de passe"),
        new("Afterwards you sign in with it.", "Vous vous connecterez ensuite avec lui."),
        new("Save", "Enregistrer"),
        [EntryField.NewPassword("password")]);
}
