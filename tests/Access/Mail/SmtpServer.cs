using System.Diagnostics;
using System.Text.Json;
using Socle.Testing;

namespace Socle.Tests.Access.Mail;

/// <summary>A real SMTP server on this machine (aiosmtpd, of Debian), which tells each mail it takes as one line of JSON.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly Process _process;

    private SmtpServer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <param name="mode">plain; tls: with STARTTLS; signed: with STARTTLS and a password (erp, s3cret) asked for; mute: takes the connection and says nothing.</param>
    /// <param name="certificate">A PEM file of certificate and key, for tls and signed.</param>
    public static async Task<SmtpServer> Start(string mode, string? certificate = null)
    {
        var port = RunningServer.FreePort();
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Mail", "smtp_server.py"), $"{port}", mode, certificate ?? ""])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        var process = Process.Start(start)!;
        var first = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.True(first == "ready", "The SMTP server did not start: is python3-aiosmtpd installed? script/install smtp");
        return new SmtpServer(process, port);
    }

    /// <summary>The next mail.</summary>
    public async Task<ReceivedMail> Receive()
    {
        var line = await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<ReceivedMail>(line!, JsonSerializerOptions.Web)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

/// <summary>A mail as Python's mail library reads it.</summary>
internal sealed record ReceivedMail(string From, string[] To, string Subject, string Text, Dictionary<string, string> Headers, bool IsEncrypted, string? User);
