using Socle.Access;
using Socle.Auditing;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Entry;

/// <summary><c>/sign-in</c>: address, password and code → the browser's cookie. An expired password is changed on the way.</summary>
internal static class SignInPage
{
    public static Task Show(EntryVisit visit) => visit.Show(Page(visit) with { Notice = visit.Call.Text("done") is null ? null : PasswordSet });

    public static async Task Take(EntryVisit visit)
    {
        var call = visit.Call;
        var said = visit.Text("address").Trim();
        var credentials = new Credentials(said.Contains('@') ? said : null, said.Contains('@') ? null : said, visit.Text("password"), SecondFactor.FromText(visit.Optional("code")));
        var wanted = visit.Optional("newPassword");
        var user = call.Get<RateLimits>().SignIn(call.Caller.Address, credentials.Said) is { } tooMany
            ? tooMany
            : await call.Get<SignIn>().Run(credentials, call.Caller, call.RequestId, maybeExpired: wanted is not null, call.Cancellation);
        if (!user.IsFault && wanted is not null)
            user = await ChangePassword(call, user.Value, wanted);
        if (user.IsFault)
        {
            await visit.Refuse(PageFor(visit, user.Faults[0].Code), user.Faults.Select(fault => fault.Field == "password" ? fault with { Field = "newPassword" } : fault));
            return;
        }

        await Start(call, user.Value);
        visit.GoTo(Next(visit));
    }

    private static async Task Start(AccountCall call, User user)
    {
        var session = await call.Get<Sessions>().Start(user.Id, call.Caller.Address, call.Context.Request.Headers.UserAgent, call.Cancellation);
        call.Get<SessionTokens>().SetCookie(call.Context, user.Id, session);
        await call.Get<AuditLog>().Write(call.Caller with { UserId = user.Id }, call.RequestId, AuditEvents.SignedIn, user.Address, actor: user.Address);
    }

    private static async Task<Result<User>> ChangePassword(AccountCall call, User user, string wanted)
    {
        var changed = await call.Get<Accounts>().SetPassword(user, wanted);
        if (changed.IsFault)
            return changed;
        await call.Get<Sessions>().RevokeAll(user.Id);
        await call.Get<AuditLog>().Write(call.Caller with { UserId = user.Id }, call.RequestId, AuditEvents.PasswordChanged, user.Address, actor: user.Address);
        return changed;
    }

    private static EntryForm Page(EntryVisit visit) => new(
        visit.Language,
        new("Sign in", "Connexion"),
        new("With the account that your administrator gave you.", "Avec le compte que votre administrateur vous a donné."),
        new("Sign in", "Se connecter"),
        [EntryField.Address(visit.Text("address")), EntryField.Password, EntryField.Code(isRequired: false)])
    {
        More = ("/reset", new("I forgot my password", "J'ai oublié mon mot de passe")),
    };

    private static EntryForm PageFor(EntryVisit visit, FaultCode code)
    {
        var page = Page(visit);
        return code switch
        {
            FaultCode.SecondFactorRequired => page with { Fields = [EntryField.Address(visit.Text("address")), EntryField.Password, EntryField.Code(isRequired: true)] },
            FaultCode.PasswordExpired or FaultCode.WeakPassword => page with { Fields = [.. page.Fields, EntryField.NewPassword("newPassword")] },
            _ => page,
        };
    }

    /// <summary>Where they wanted to go: a place on this server, or the root.</summary>
    private static string Next(EntryVisit visit)
    {
        if (visit.Call.Text("next") is not { } next || !next.StartsWith('/') || next.Contains('\\') || next.Any(char.IsControl) || !Uri.TryCreate(new Uri("http://here"), next, out var place))
            return "/";
        // Another host's address may hide behind dots: /.//example.com.
        return place.Authority == "here" && !place.PathAndQuery.StartsWith("//", StringComparison.Ordinal) ? place.PathAndQuery : "/";
    }

    private static Text PasswordSet { get; } = new("Your password is set. Sign in with it.", "Votre mot de passe est enregistré. Connectez-vous avec lui.");
}
