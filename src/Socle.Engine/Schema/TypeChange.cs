using System.Globalization;
using System.Text.RegularExpressions;

namespace Socle.Schema;

/// <summary>What it costs to turn a column of one type into another. Types as format_type prints them.</summary>
internal static partial class TypeChange
{
    /// <summary>The cost where every value stays what it is; null where values need a cast that some may not survive.</summary>
    public static Verdict? FindLossless(string from, string to) => (from, to) switch
    {
        // The stored bytes are the same, so PostgreSQL changes the catalog alone.
        (_, "text") when from.StartsWith("character varying", StringComparison.Ordinal) && !from.EndsWith("[]", StringComparison.Ordinal) => Verdict.Harmless,
        (_, "text[]") when from.StartsWith("character varying", StringComparison.Ordinal) && from.EndsWith("[]", StringComparison.Ordinal) => Verdict.NeedsScan,
        ("smallint" or "integer", "bigint") => Verdict.NeedsScan,
        ("smallint" or "integer" or "bigint", "numeric") => Verdict.NeedsScan,
        // A point that stays where it is leaves the stored digits as they are.
        _ when Room.Of(from) is { } old && Room.Of(to) is { } wanted =>
            old.Whole > wanted.Whole || old.Fraction > wanted.Fraction ? null
            : wanted.Whole == Room.Endless || old.Fraction == wanted.Fraction ? Verdict.Harmless
            : Verdict.NeedsScan,
        _ => null,
    };

    /// <summary>The digits that numeric(p,s) holds before and after the point.</summary>
    private sealed record Room(int Whole, int Fraction)
    {
        public const int Endless = int.MaxValue;

        public static Room? Of(string type)
        {
            if (type == "numeric")
                return new Room(Endless, Endless);
            if (Numeric().Match(type) is not { Success: true } match)
                return null;
            var scale = int.Parse(match.Groups["scale"].ValueSpan, CultureInfo.InvariantCulture);
            return new Room(int.Parse(match.Groups["precision"].ValueSpan, CultureInfo.InvariantCulture) - scale, scale);
        }
    }

    [GeneratedRegex(@"^numeric\((?<precision>\d+),(?<scale>-?\d+)\)$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numeric();
}
