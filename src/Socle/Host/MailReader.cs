using Socle.Access.Mail;
using Socle.Kernel;

namespace Socle.Host;

/// <summary>The settings of mail → <see cref="MailOptions"/>. Refuses what could not send, or would send links that lead astray.</summary>
internal static class MailReader
{
    private const int TlsFromTheFirstByte = 465;

    public static MailOptions Read(SettingReader reader)
    {
        var host = reader.Text("SMTP_HOST");
        var options = new MailOptions(
            host,
            (int)reader.Number("SMTP_PORT", 587, 1, 65535),
            reader.Text("SMTP_USER"),
            reader.Text("SMTP_PASSWORD"),
            reader.Text("SMTP_FROM"),
            // A password and a link never travel in the clear because somebody forgot a setting.
            reader.Switch("SMTP_TLS", fallback: host is not null and not ("localhost" or "127.0.0.1" or "::1")));
        if (options.From is { } from && !MailSender.IsAddress(from))
            reader.Refuse("SMTP_FROM", from, "one mail address, such as erp@example.com", "une adresse de courriel, comme erp@exemple.fr");
        if (options.Host is null)
            return options;
        if (options.Port == TlsFromTheFirstByte)
            reader.Refuse("SMTP_PORT", "465", "a port with STARTTLS, which is 587 at most providers", "un port avec STARTTLS, soit 587 chez la plupart des fournisseurs");
        if (options.From is null)
            reader.Faults.Add(new Fault(FaultCode.InvalidConfiguration, "SMTP_HOST is set, but not SMTP_FROM: say from which address mail comes.", "SMTP_HOST est défini, mais pas SMTP_FROM : dites de quelle adresse vient le courrier.", "SMTP_FROM"));
        // The Host header of a request is whatever its sender wrote: a link made of it could lead to a thief.
        if (reader.Text("PUBLIC_URL") is null)
            reader.Faults.Add(new Fault(FaultCode.InvalidConfiguration, "SMTP_HOST is set, but not PUBLIC_URL: say where the links in mail lead.", "SMTP_HOST est défini, mais pas PUBLIC_URL : dites où mènent les liens du courrier.", "PUBLIC_URL"));
        return options;
    }
}
