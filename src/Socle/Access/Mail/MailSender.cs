using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Net.Sockets;
using System.Text;

namespace Socle.Access.Mail;

/// <summary>
/// Sends plain text by the SMTP server of the settings. Takes one address, a subject and a text; gives whether the server
/// took the mail. Refuses what is no single address. A failure is logged without the address, the text or the password.
/// </summary>
public sealed class MailSender(MailOptions options, ILogger<MailSender> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Whether there is a server to send by.</summary>
    public bool IsConfigured => options.Host is not null && options.From is not null;

    public Task<bool> Send(string to, Letter letter, CancellationToken cancellation) => Send(to, letter.Subject, letter.Text, cancellation);

    public async Task<bool> Send(string to, string subject, string text, CancellationToken cancellation)
    {
        if (!IsConfigured)
            return false;
        if (!IsAddress(to))
        {
            logger.LogWarning("A mail was not sent: what stands for its reader is no single mail address");
            return false;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            using var message = Write(to, subject, text);
            using var client = Open();
            await client.SendMailAsync(message, patience.Token).WaitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            logger.LogError("A mail was not sent: {Host}:{Port} did not answer within {Seconds} seconds", options.Host, options.Port, Patience.TotalSeconds);
        }
        catch (Exception exception) when (exception is SmtpException or IOException or SocketException or FormatException or System.Security.Authentication.AuthenticationException)
        {
            logger.LogError("A mail was not sent by {Host}:{Port}: {Reason}", options.Host, options.Port, ReasonOf(exception));
        }

        return false;
    }

    /// <summary>One mailbox and nothing else: no name before it, no second one, nothing that ends a header.</summary>
    public static bool IsAddress(string text) =>
        text.Length <= 254 && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';' or '"' or '(' or ')')
        && MailAddress.TryCreate(text, out var address) && address.Address == text;

    private SmtpClient Open() => new(options.Host!, options.Port)
    {
        EnableSsl = options.Tls,
        UseDefaultCredentials = false,
        Credentials = options.User is null ? null : new NetworkCredential(options.User, options.Password),
    };

    private MailMessage Write(string to, string subject, string text)
    {
        var from = new MailAddress(options.From!);
        var message = new MailMessage(from, new MailAddress(to))
        {
            Subject = OneLine(subject),
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
            Body = text.ReplaceLineEndings("\r\n"),
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
            IsBodyHtml = false,
        };
        message.Headers["Message-ID"] = $"<{Guid.NewGuid():N}@{from.Host}>";
        // RFC 3834: absence notes do not answer it.
        message.Headers["Auto-Submitted"] = "auto-generated";
        return message;
    }

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));

    /// <summary>The kind of failure only: servers repeat the reader's address in their words, and some what was sent to sign in.</summary>
    private static string ReasonOf(Exception exception) => exception switch
    {
        SmtpException { InnerException: { } inner } and not SmtpFailedRecipientException => $"{inner.GetType().Name}",
        SmtpException smtp => $"SMTP {(int)smtp.StatusCode} ({smtp.StatusCode})",
        _ => exception.GetType().Name,
    };
}
