using System.Text;
using System.Text.RegularExpressions;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>Texts that stand where a secret should: examples of documentations, templates nobody filled in, and what is too short or too regular to be one.</summary>
internal static partial class Placeholders
{
    private const int ShortestBytes = 32;

    /// <summary>Compared without signs and capitals. Long enough that a random key practically never holds one.</summary>
    private static readonly string[] Words =
        ["changeme", "changethis", "changeit", "changezmoi", "replaceme", "replacethis", "remplacez", "placeholder", "secret", "password", "motdepasse", "insecure", "example", "exemple", "keyboardcat", "notsafe"];

    /// <summary>Keys that are printed in well-known documentations (FastAPI, Flask) and copied from there.</summary>
    private static readonly string[] Published =
    [
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
    ];

    /// <summary>Why the text is no secret; null when it may be one.</summary>
    public static Fault? Find(string text)
    {
        var plain = Separators().Replace(text, "").ToLowerInvariant();
        if (Unfilled().IsMatch(text))
            return Refuse("is a command or a variable that nobody filled in", "est une commande ou une variable que rien n'a remplacée");
        if (Yours().IsMatch(text) || Array.Exists(Words, word => plain.Contains(word, StringComparison.Ordinal)))
            return Refuse("is a placeholder from an example", "est un texte d'exemple laissé en place");
        if (Published.Contains(plain))
            return Refuse("is a key printed in a public documentation", "est une clé imprimée dans une documentation publique");
        if (Encoding.UTF8.GetByteCount(text) < ShortestBytes)
            return Refuse($"is shorter than {ShortestBytes} bytes", $"fait moins de {ShortestBytes} octets");
        return IsRepetition(text) ? Refuse("only repeats itself", "ne fait que se répéter") : null;
    }

    /// <summary>One character many times, or a few again and again.</summary>
    private static bool IsRepetition(string text)
    {
        for (var period = 1; period <= text.Length / 2; period++)
        {
            if (text.AsSpan(period).SequenceEqual(text.AsSpan(0, text.Length - period)))
                return true;
        }

        return text.Distinct().Count() < 8;
    }

    private static Fault Refuse(string english, string french) => new(
        FaultCode.InvalidConfiguration,
        $"SECRET_KEY {english}. Set it to what 'openssl rand -base64 48' prints, or leave it out: Socle then makes one and keeps it in the data folder.",
        $"SECRET_KEY {french}. Donnez-lui ce qu'affiche « openssl rand -base64 48 », ou ne la renseignez pas : Socle en crée alors une et la garde dans le dossier de données.",
        "SECRET_KEY");

    [GeneratedRegex(@"[-_. ]", RegexOptions.None, 1000)]
    private static partial Regex Separators();

    /// <summary>
    /// $(…), ${…}, {{…}}, `…`, %…% and $NAME, quoted or not, as the whole text: random keys may hold such signs somewhere. Django's random
    /// keys may even begin with $( and end with ), so that a command is one word, or holds a sign that they do not (get_random_secret_key).
    /// </summary>
    [GeneratedRegex(@"^\s*[""']?(\$\(([\w-]*|.*[^a-z0-9!@#$%^&*(\-_=+)].*)\)|\$\{.*\}|\{\{.*\}\}|`.*`|%\w+%|\$[A-Za-z_]\w*)[""']?\s*$", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unfilled();

    /// <summary>your-…-here, votre_…, my_key, &lt;…&gt;. The short words alone may well begin a random key.</summary>
    [GeneratedRegex(@"^\W*((your|votre)[-_ ]|(my|ma|mon)[-_ ](super|very|app|api|own|jwt|token|key|cl[eé]|phrase))|[-_ ](here|ici)\W*$|^<.*>$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Yours();
}
