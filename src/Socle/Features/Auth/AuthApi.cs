using Socle.Access;
using Socle.Http;

namespace Socle.Features.Auth;

/// <summary><c>/api/auth</c>: signing in and out, sessions, passwords, and the links by which people come to one.</summary>
public static class AuthApi
{
    public static void MapAuth(this WebApplication app)
    {
        app.MapOpen("/api/auth/login", SignInRoutes.Login);
        app.MapOpen("/api/auth/refresh", SignInRoutes.Refresh);
        app.MapPeople("/api/auth/logout", ("POST", SessionRoutes.Logout));
        app.MapPeople("/api/auth/me", ("GET", SessionRoutes.Me));
        app.MapPeople("/api/auth/sessions", ("GET", SessionRoutes.List));
        app.MapPeople("/api/auth/sessions/{id}", ("DELETE", SessionRoutes.Revoke));
        // With a session, or without one for who has an expired password.
        app.MapAccounts("/api/auth/password", GateKind.Everybody, ("POST", PasswordRoutes.Change));
        app.MapOpen("/api/auth/reset", PasswordRoutes.AskForLink);
        app.MapOpen("/api/auth/reset/confirm", call => LinkRoutes.ChoosePassword(call, LinkPurpose.Reset));
        app.MapAccounts("/api/auth/invite", GateKind.Administrators, ("POST", LinkRoutes.Invite));
        app.MapOpen("/api/auth/invite/accept", call => LinkRoutes.ChoosePassword(call, LinkPurpose.Invite));
        app.MapOpen("/api/auth/setup", LinkRoutes.SetUp);
        app.MapTotp();
        app.MapPasskeys();
    }
}
