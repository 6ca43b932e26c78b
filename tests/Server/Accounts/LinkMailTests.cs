using System.Diagnostics;
using Socle.Tests.Access.Mail;

namespace Socle.Tests.Server.Accounts;

/// <summary>The links that come by mail.</summary>
[Collection(nameof(AccountServer))]
public sealed class LinkMailTests(AccountServer server)
{
    [Fact]
    public async Task Who_forgot_their_password_chooses_another_by_mail_and_nobody_learns_who_has_an_account()
    {
        await using var smtp = await SmtpServer.Start("plain");
        await using var mailing = await server.Start(("SMTP_HOST", "127.0.0.1"), ("SMTP_PORT", $"{smtp.Port}"), ("SMTP_FROM", "erp@exemple.fr"), ("PUBLIC_URL", "https://erp.exemple.fr"));
        var (_, email) = await server.NewUser();
        var visitor = server.Visitor(mailing);
        await visitor.Expect(200, Call.Get("/health"));
        var (unknown, unknownTook) = await Ask("nobody@exemple.fr");
        var (known, knownTook) = await Ask(email.ToUpperInvariant());
        Assert.Equal(unknown.Text, known.Text);
        // The quickest of each: what else the machine does only ever adds to a time.
        var mail = await smtp.Receive();
        for (var i = 0; i < 3; i++)
        {
            unknownTook = Least(unknownTook, (await Ask($"nobody{i}@exemple.fr")).Took);
            knownTook = Least(knownTook, (await Ask(email)).Took);
            mail = await smtp.Receive();
        }

        Assert.InRange(Math.Abs((knownTook - unknownTook).TotalMilliseconds), 0, 50);
        Assert.Equal([email], mail.To);
        var token = mail.Text.Split("https://erp.exemple.fr/reset?token=")[1].Split()[0];
        await visitor.Expect(200, Call.Post("/api/auth/reset/confirm", $$"""{"token":"{{token}}","password":"Trois-lynx bleus 47 nagent"}"""));
        await visitor.Expect(200, Call.Post("/api/auth/login", AccountServer.Login(email, "Trois-lynx bleus 47 nagent")));

        static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

        async Task<(Answer Answer, TimeSpan Took)> Ask(string address)
        {
            var started = Stopwatch.GetTimestamp();
            return (await visitor.Expect(200, Call.Post("/api/auth/reset", $$"""{"email":"{{address}}"}""")), Stopwatch.GetElapsedTime(started));
        }
    }

    [Fact]
    public async Task An_invitation_comes_by_mail()
    {
        await using var smtp = await SmtpServer.Start("plain");
        await using var mailing = await server.Start(("SMTP_HOST", "127.0.0.1"), ("SMTP_PORT", $"{smtp.Port}"), ("SMTP_FROM", "erp@exemple.fr"), ("PUBLIC_URL", "https://erp.exemple.fr"));
        var invited = await server.AdminAt(mailing).Expect(201, Call.Post("/api/auth/invite", """{"email":"invitee@exemple.fr","role":"viewer","language":"en"}"""));
        Assert.True((bool)invited.Data!["sent"]!);
        var mail = await smtp.Receive();
        Assert.Contains((string)invited.Data["link"]!, mail.Text, StringComparison.Ordinal);
        Assert.StartsWith("https://erp.exemple.fr/invite?token=", (string)invited.Data["link"]!, StringComparison.Ordinal);
        Assert.StartsWith("Your account", mail.Subject, StringComparison.Ordinal);
    }
}
