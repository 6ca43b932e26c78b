using System.Collections.Immutable;
using System.Globalization;
using Socle.Kernel;

namespace Socle.Access.Passwords;

/// <summary>
/// Whether a password may be chosen: long enough, and not soon guessed. No rules about kinds of characters: any are taken, up to 256 of them.
/// Counted and hashed in Unicode's composed form.
/// </summary>
public static class PasswordRules
{
    public const int Shortest = 12;

    /// <summary>For whoever may much and has no second factor.</summary>
    public const int ShortestOfLonger = 15;

    public const int Longest = 256;

    /// <param name="personalWords">What others know of the person: names, addresses, the organisation.</param>
    /// <returns>What is wrong with it, at the field <c>password</c>; empty when it may be chosen.</returns>
    public static ImmutableArray<Fault> Check(string password, bool needsLonger, IEnumerable<string> personalWords)
    {
        // No text this long has so few characters once composed; and it is not worth composing.
        var length = password.Length > 16 * Longest ? int.MaxValue : ComposedText.Of(password).EnumerateRunes().Count();
        if (length > Longest)
            return [TooLong];
        var shortest = needsLonger ? ShortestOfLonger : Shortest;
        if (length < shortest)
            return [TooShort(shortest)];
        var unmarked = ComposedText.WithoutMarks(password);
        // What stands between words is guessed with them.
        var joined = string.Concat(unmarked.Where(c => !char.IsWhiteSpace(c) && !"-_.,'’".Contains(c, StringComparison.Ordinal)));
        if (CommonPasswords.Contains(unmarked.ToLowerInvariant()) || CommonPasswords.Contains(joined.ToLowerInvariant()))
            return [TooCommon];
        return Guessability.Of(joined, Parts(personalWords)) switch
        {
            Guessability.Judgement.Strong => [],
            Guessability.Judgement.Personal => [TooPersonal],
            _ => [TooGuessable],
        };
    }

    /// <summary><c>Jean Dupont</c> and <c>j.dupont@example.fr</c> → <c>jean</c>, <c>dupont</c>, <c>example</c>, and each as a whole.</summary>
    private static HashSet<string> Parts(IEnumerable<string> words)
    {
        var parts = new HashSet<string> { "socle" };
        foreach (var word in words.Select(word => ComposedText.WithoutMarks(word).ToLowerInvariant()))
        {
            var pieces = new string([.. word.Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            parts.UnionWith([.. pieces, word, string.Concat(pieces)]);
        }

        parts.RemoveWhere(part => part.Length < 3);
        return parts;
    }

    private static Fault Weak(string english, string french) => new(FaultCode.WeakPassword, english, french, "password");

    private static Fault TooLong => Weak(
        string.Create(CultureInfo.InvariantCulture, $"The password is longer than {Longest} characters. Choose a shorter one: none is cut off."),
        string.Create(CultureInfo.InvariantCulture, $"Le mot de passe dépasse {Longest} caractères. Choisissez-en un plus court : aucun n'est tronqué."));

    private static Fault TooShort(int shortest) => Weak(
        string.Create(CultureInfo.InvariantCulture, $"The password needs at least {shortest} characters. A few words that have nothing to do with each other make a good one."),
        string.Create(CultureInfo.InvariantCulture, $"Le mot de passe doit avoir au moins {shortest} caractères. Quelques mots sans rapport entre eux en font un bon."));

    private static Fault TooCommon => Weak(
        "Many people use this password, with or without figures around it, so it is among the first to be tried. Choose a few words that have nothing to do with each other.",
        "Beaucoup de gens utilisent ce mot de passe, avec ou sans chiffres autour : il est parmi les premiers essayés. Choisissez quelques mots sans rapport entre eux.");

    private static Fault TooPersonal => Weak(
        "The password is made of what others know about you, such as your name or address. Choose a few words that have nothing to do with you or with each other.",
        "Le mot de passe est fait de ce que d'autres savent de vous, comme votre nom ou votre adresse. Choisissez quelques mots sans rapport avec vous ni entre eux.");

    private static Fault TooGuessable => Weak(
        "The password would soon be guessed: common words, dates, repetitions and rows of keys are tried first. Add one or two words that have nothing to do with the others.",
        "Le mot de passe serait vite deviné : mots courants, dates, répétitions et touches voisines sont essayés en premier. Ajoutez un ou deux mots sans rapport avec les autres.");
}
