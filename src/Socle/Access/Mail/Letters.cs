using Socle.Kernel;

namespace Socle.Access.Mail;

/// <summary>What is written to people about their accounts, in their own language.</summary>
public static class Letters
{
    /// <summary>The link for a new password.</summary>
    /// <param name="language">The reader's.</param>
    /// <param name="server">What people call the server: the firm's name or its address.</param>
    /// <param name="link">The link, which works once.</param>
    /// <param name="lasts">How long it works.</param>
    public static Letter Reset(Language language, string server, Uri link, TimeSpan lasts) => language == Language.French
        ? new($"Votre mot de passe : {OneLine(server)}", $"""
            Bonjour,

            Quelqu'un, sans doute vous, a demandé un nouveau mot de passe pour {OneLine(server)}. Choisissez-le ici :

            {link}

            Ce lien fonctionne une fois, pendant {Say(lasts, "minute", "heure", "jour")}. Si vous n'avez rien demandé, ignorez ce message : votre mot de passe n'a pas changé.

            """)
        : new($"Your password: {OneLine(server)}", $"""
            Hello,

            Somebody, probably you, asked for a new password for {OneLine(server)}. Choose it here:

            {link}

            This link works once, for {Say(lasts, "minute", "hour", "day")}. If you did not ask, ignore this message: your password has not changed.

            """);

    /// <summary>The link by which somebody invited chooses a password.</summary>
    /// <param name="language">The reader's.</param>
    /// <param name="server">What people call the server: the firm's name or its address.</param>
    /// <param name="link">The link, which works once.</param>
    /// <param name="lasts">How long it works.</param>
    public static Letter Invite(Language language, string server, Uri link, TimeSpan lasts) => language == Language.French
        ? new($"Votre compte : {OneLine(server)}", $"""
            Bonjour,

            Un compte vous attend sur {OneLine(server)}. Choisissez votre mot de passe ici :

            {link}

            Ce lien fonctionne une fois, pendant {Say(lasts, "minute", "heure", "jour")}. Si ce message ne vous dit rien, ignorez-le.

            """)
        : new($"Your account: {OneLine(server)}", $"""
            Hello,

            An account is waiting for you on {OneLine(server)}. Choose your password here:

            {link}

            This link works once, for {Say(lasts, "minute", "hour", "day")}. If this message means nothing to you, ignore it.

            """);

    private static string Say(TimeSpan lasts, string minute, string hour, string day)
    {
        var (count, unit) = lasts switch
        {
            { TotalMinutes: < 120 } => (lasts.TotalMinutes, minute),
            { TotalHours: < 48 } => (lasts.TotalHours, hour),
            _ => (lasts.TotalDays, day),
        };
        // Never longer than it works.
        var whole = Math.Max(1, (int)count);
        return whole == 1 ? $"{whole} {unit}" : $"{whole} {unit}s";
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
