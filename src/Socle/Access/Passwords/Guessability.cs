using System.Text.RegularExpressions;
using Zxcvbn;
using Zxcvbn.Matcher;

namespace Socle.Access.Passwords;

/// <summary>How soon a password would be guessed, by zxcvbn: with its English lists, our French one, and the words of the person and the product.</summary>
internal static partial class Guessability
{
    /// <summary>zxcvbn's time grows with the square of the length; what is guessed late is not guessed sooner for being longer.</summary>
    private const int Piece = 100;

    /// <summary>The highest of zxcvbn's scores: more than 10¹² guesses.</summary>
    private const int Strong = 4;

    private const string Personal = "personal";

    private static readonly Lazy<IMatcher[]> Matchers = new(Make);

    /// <summary>Its built-in lists, which it reads by these names.</summary>
    private static readonly string[] English = ["passwords", "english", "male_names", "female_names", "surnames", "us_tv_and_film"];

    public enum Judgement
    {
        Strong,
        Guessable,

        /// <summary>Guessable, and made of words about the person.</summary>
        Personal,
    }

    /// <param name="password">Without accents: a guess with and one without are the same guess.</param>
    public static Judgement Of(string password, IReadOnlyCollection<string> personalWords)
    {
        // zxcvbn of this version does not see that a group of characters comes again.
        var once = Repeated().Replace(password, "${group}");
        var scorer = new Zxcvbn.Zxcvbn(new Factory(new DictionaryMatcher(Personal, personalWords)), Translation.English);
        var results = once.Chunk(Piece).Select(piece => scorer.EvaluatePassword(new string(piece))).ToList();
        if (results.Exists(result => result.Score >= Strong))
            return Judgement.Strong;
        return results.SelectMany(result => result.MatchSequence).Any(match => match is DictionaryMatch { DictionaryName: Personal }) ? Judgement.Personal : Judgement.Guessable;
    }

    private static IMatcher[] Make()
    {
        var words = English.Select(name => new DictionaryMatcher(name, $"{name}.lst"))
            .Append(new DictionaryMatcher("french", CommonPasswords.French())).ToList();
        return
        [
            .. words,
            new L33tMatcher(words),
            new RepeatMatcher(),
            new SequenceMatcher(),
            new SpatialMatcher(),
            new DateMatcher(),
            new RegexMatcher("\\d{3,}", 10, true, "digits"),
            new RegexMatcher("19\\d\\d|20[0-4]\\d", 149, false, "year"),
        ];
    }

    [GeneratedRegex(@"(?<group>.{3,}?)\k<group>+", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Repeated();

    private sealed class Factory(DictionaryMatcher personal) : IMatcherFactory
    {
        public IEnumerable<IMatcher> CreateMatchers(IEnumerable<string> userInputs) => [.. Matchers.Value, personal, new L33tMatcher(personal)];
    }
}
