using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Socle.Access.Mail;
using Socle.Kernel;

namespace Socle.Tests.Access.Mail;

/// <summary>Mail, as a real SMTP server takes it.</summary>
public sealed class MailTests : IDisposable
{
    private readonly Words _log = new();
    private readonly string _certificate = Path.GetTempFileName();
    private readonly X509Certificate2 _trusted;

    public MailTests()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        _trusted = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(_certificate, $"{_trusted.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _trusted.Dispose();
        File.Delete(_certificate);
    }

    [Fact]
    public async Task A_mail_arrives_as_it_was_written()
    {
        await using var server = await SmtpServer.Start("plain");
        var link = $"https://erp.example.com/reset#{new string('k', 200)}";
        var text = $"Bonjour Zoé,\n\n.un point d'abord\n..deux\nFrom la ligne = 100 %\n{link}\n日本語 🎉\n";

        Assert.True(await Sender(server).Send("anna+erp@example.com", "Réinitialisez votre mot de passe — 日本 🎉", text, Cancellation), string.Join('\n', _log.Lines));

        var mail = await server.Receive();
        Assert.Equal("erp@example.com", mail.From);
        Assert.Equal(["anna+erp@example.com"], mail.To);
        Assert.Equal("Réinitialisez votre mot de passe — 日本 🎉", mail.Subject);
        Assert.Equal(text.TrimEnd(), mail.Text.ReplaceLineEndings("\n").TrimEnd());
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.EndsWith("@example.com>", mail.Headers["Message-ID"], StringComparison.Ordinal);
        Assert.Contains("Date", mail.Headers.Keys);
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData("anna@example.com\r\nBcc: eve@example.com")]
    [InlineData("anna@example.com\nRCPT TO:<eve@example.com>")]
    [InlineData("anna@example.com,eve@example.com")]
    [InlineData("anna@example.com;eve@example.com")]
    [InlineData("Anna <anna@example.com>")]
    [InlineData("\"anna\r\n\"@example.com")]
    [InlineData("anna@example.com>")]
    [InlineData("anna")]
    [InlineData("")]
    [InlineData(" anna@example.com")]
    public async Task What_is_no_single_address_gets_no_mail(string to)
    {
        await using var server = await SmtpServer.Start("plain");
        Assert.False(await Sender(server).Send(to, "A", "b", Cancellation));
        Assert.True(await Sender(server).Send("anna@example.com", "The first to arrive", "b", Cancellation));
        Assert.Equal("The first to arrive", (await server.Receive()).Subject);
    }

    [Theory]
    [InlineData("Hello\r\nBcc: eve@example.com")]
    [InlineData("Hello\nBcc: eve@example.com\n\nAnother text")]
    [InlineData("Hello\rBcc: eve@example.com")]
    [InlineData("Hé\u2028Bcc: eve@example.com\u0085X: y")]
    public async Task A_subject_stays_one_line(string subject)
    {
        await using var server = await SmtpServer.Start("plain");
        Assert.True(await Sender(server).Send("anna@example.com", subject, "text", Cancellation));
        var mail = await server.Receive();
        Assert.DoesNotContain("Bcc", mail.Headers.Keys);
        Assert.Contains("Bcc: eve@example.com", mail.Subject, StringComparison.Ordinal);
        Assert.Equal(["anna@example.com"], mail.To);
        Assert.Equal("text", mail.Text.Trim());
    }

    [Fact]
    public async Task With_TLS_the_password_goes_encrypted_and_signs_in()
    {
        await using var server = await SmtpServer.Start("signed", _certificate);
        using (Trust())
            Assert.True(await Sender(server, tls: true, password: "s3cret").Send("anna@example.com", "A", "b", Cancellation), string.Join('\n', _log.Lines));
        var mail = await server.Receive();
        Assert.True(mail.IsEncrypted);
        Assert.Equal("erp", mail.User);
    }

    [Theory]
    [InlineData("signed", true, "wrong-pass")]
    [InlineData("tls", false, null)]
    [InlineData("plain", true, "s3cret")]
    [InlineData("nowhere", false, null)]
    public async Task What_fails_is_said_in_the_log_without_secrets(string mode, bool tls, string? password)
    {
        await using var server = mode == "nowhere" ? null : await SmtpServer.Start(mode, _certificate);
        using (Trust())
            Assert.False(await Sender(server, tls, password).Send("anna@example.com", "Subject", "https://erp.example.com/secret-link", Cancellation));
        var line = Assert.Single(_log.Lines);
        Assert.All(["s3cret", "wrong-pass", "secret-link", "anna", "Subject"], secret => Assert.DoesNotContain(secret, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_gets_no_mail()
    {
        await using var server = await SmtpServer.Start("tls", _certificate);
        Assert.False(await Sender(server, tls: true).Send("anna@example.com", "A", "b", Cancellation));
        Assert.Single(_log.Lines);
    }

    [Fact]
    public async Task A_refused_reader_is_not_named_in_the_log()
    {
        await using var server = await SmtpServer.Start("plain");
        Assert.False(await Sender(server).Send("nobody@example.com", "A", "b", Cancellation));
        Assert.DoesNotContain("nobody", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_not_waited_for_long()
    {
        await using var server = await SmtpServer.Start("mute");
        var clock = Stopwatch.StartNew();
        Assert.False(await Sender(server).Send("anna@example.com", "A", "b", Cancellation));
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(25));
        Assert.Contains("did not answer", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_server_nothing_is_sent() =>
        Assert.False(await new MailSender(new MailOptions(null, 587, null, null, null, true), _log).Send("anna@example.com", "A", "b", Cancellation));

    [Theory]
    [InlineData(Language.French, "pendant 60 minutes", "Votre mot de passe : Lavage du Midi Bcc: x")]
    [InlineData(Language.English, "for 60 minutes", "Your password: Lavage du Midi Bcc: x")]
    public void Letters_say_where_to_go_and_for_how_long(Language language, string lasts, string subject)
    {
        var link = new Uri("https://erp.example.com/#/reset/abc_-123");
        var letter = Letters.Reset(language, "Lavage du Midi\r\nBcc: x", link, TimeSpan.FromHours(1));
        Assert.Contains($"\n\n{link}\n\n", letter.Text, StringComparison.Ordinal);
        Assert.Contains(lasts, letter.Text, StringComparison.Ordinal);
        Assert.Equal(subject, letter.Subject);
        Assert.Contains(language == Language.French ? "7 jours" : "7 days", Letters.Invite(language, "x", link, TimeSpan.FromDays(7)).Text, StringComparison.Ordinal);
    }

    private MailSender Sender(SmtpServer? server, bool tls = false, string? password = null) =>
        new(new MailOptions("localhost", server?.Port ?? 1, password is null ? null : "erp", password, "erp@example.com", tls), _log);

#pragma warning disable SYSLIB0014, MA0039 // The one place where the runtime's SMTP client can be told of a certificate of the test's own.
    private Trusting Trust()
    {
        ServicePointManager.ServerCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == _trusted.GetCertHashString();
        return new Trusting();
    }

    private sealed class Trusting : IDisposable
    {
        public void Dispose() => ServicePointManager.ServerCertificateValidationCallback = null;
    }
#pragma warning restore SYSLIB0014, MA0039

    private sealed class Words : ILogger<MailSender>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{formatter(state, exception)} {exception}");
    }
}
