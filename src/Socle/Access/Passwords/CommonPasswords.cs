using System.Collections.Frozen;
using System.Reflection;

namespace Socle.Access.Passwords;

/// <summary>Passwords that many people choose: the list that zxcvbn carries (English), and ours (French).</summary>
internal static class CommonPasswords
{
    private static readonly Lazy<FrozenSet<string>> All = new(() => English().Concat(French()).ToFrozenSet());

    /// <param name="plain">In small letters, without accents.</param>
    /// <returns>Whether it is one of them, or one with figures and signs around it.</returns>
    public static bool Contains(string plain)
    {
        var word = plain.AsSpan().Trim("0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~€§£°").ToString();
        return All.Value.Contains(plain) || All.Value.Contains(word) || plain.All(char.IsAsciiDigit);
    }

    /// <summary>The most frequent first.</summary>
    public static IEnumerable<string> French() => EmbeddedWords.Lines("french.txt");

    private static IEnumerable<string> English()
    {
        using var reader = new StreamReader(typeof(Zxcvbn.Zxcvbn).GetTypeInfo().Assembly.GetManifestResourceStream("zxcvbn-core.Dictionaries.passwords.lst")!);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
                yield return line;
        }
    }
}
