using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Socle.Access.Tokens;

/// <summary>
/// The keys of programs: <c>socle_</c>, eight characters by which a key is found and shown, <c>_</c>, and a secret.
/// The fixed beginning lets scanners find keys that leaked.
/// </summary>
public static partial class ApiKeys
{
    private const string PrefixAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    public static string New() => OpaqueTokens.New($"socle_{RandomNumberGenerator.GetString(PrefixAlphabet, 8)}_");

    /// <summary>The eight characters of a key; null when the text is not written as a key.</summary>
    public static string? PrefixOf(string key) => Form().Match(key) is { Success: true } match ? match.Groups["prefix"].Value : null;

    [GeneratedRegex(@"\Asocle_(?<prefix>[a-z0-9]{8})_[A-Za-z0-9_-]{43}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
