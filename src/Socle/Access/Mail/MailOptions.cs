namespace Socle.Access.Mail;

/// <summary>The SMTP server that takes our mail; without a host none is sent.</summary>
/// <param name="Host">SMTP_HOST.</param>
/// <param name="Port">SMTP_PORT.</param>
/// <param name="User">SMTP_USER.</param>
/// <param name="Password">SMTP_PASSWORD.</param>
/// <param name="From">The sender's address (SMTP_FROM).</param>
/// <param name="Tls">Whether STARTTLS is demanded (SMTP_TLS).</param>
public sealed record MailOptions(string? Host, int Port, string? User, string? Password, string? From, bool Tls);
