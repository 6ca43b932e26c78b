using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Socle.Rules;

/// <summary>An exact number as PostgreSQL's numeric has it: NaN is the greatest and equals itself. Takes JSON's and PostgreSQL's text; refuses anything else.</summary>
/// <param name="Unscaled">The digits.</param>
/// <param name="Scale">How many of them stand after the point; never negative.</param>
/// <param name="Special">-1 and 1 for the infinities, 2 for NaN, 0 for a number.</param>
public readonly partial record struct RuleNumber(BigInteger Unscaled, int Scale, int Special = 0)
{
    /// <summary>More digits than anybody means; a hostile exponent must not cost memory.</summary>
    private const int MostDigits = 1000;

    public static RuleNumber? Read(string text)
    {
        if (text is "NaN" or "Infinity" or "-Infinity")
            return new RuleNumber(0, 0, text switch { "NaN" => 2, "Infinity" => 1, _ => -1 });
        if (text.Length > MostDigits || Form().Match(text) is not { Success: true } found)
            return null;
        var fraction = found.Groups["fraction"].Value;
        var digits = BigInteger.Parse(found.Groups["whole"].Value + fraction, NumberStyles.None, CultureInfo.InvariantCulture);
        if (!int.TryParse(found.Groups["exponent"].Value is { Length: > 0 } power ? power : "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) || Math.Abs(exponent) > MostDigits)
            return null;
        var scale = fraction.Length - exponent;
        if (scale < 0)
            (digits, scale) = (digits * BigInteger.Pow(10, -scale), 0);
        return new RuleNumber(found.Groups["sign"].Value == "-" ? -digits : digits, scale);
    }

    public bool IsWhole => Special == 0 && Scale == 0;

    /// <summary>With so many digits after the point, a half going away from zero.</summary>
    public RuleNumber Round(int scale)
    {
        if (Special != 0 || Scale <= scale)
            return this;
        var divisor = BigInteger.Pow(10, Scale - scale);
        var half = Unscaled.Sign * divisor / 2;
        var rounded = (Unscaled + half) / divisor;
        return scale >= 0 ? new RuleNumber(rounded, scale) : new RuleNumber(rounded * BigInteger.Pow(10, -scale), 0);
    }

    public RuleNumber Plus(int units, int scale) => new RuleNumber(Align(scale) + units, Math.Max(scale, Scale));

    /// <summary>Below, at or above zero.</summary>
    public static int Compare(RuleNumber one, RuleNumber other) => one.Special != 0 || other.Special != 0
        ? one.Special.CompareTo(other.Special)
        : one.Align(other.Scale).CompareTo(other.Align(one.Scale));

    public override string ToString()
    {
        if (Special != 0)
            return Special switch { 2 => "NaN", 1 => "Infinity", _ => "-Infinity" };
        var digits = BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(Scale + 1, '0');
        return $"{(Unscaled.Sign < 0 ? "-" : "")}{digits[..^Scale]}{(Scale > 0 ? "." : "")}{digits[^Scale..]}";
    }

    private BigInteger Align(int scale) => scale > Scale ? Unscaled * BigInteger.Pow(10, scale - Scale) : Unscaled;

    [GeneratedRegex(@"^(?<sign>[+-]?)(?<whole>[0-9]+)(\.(?<fraction>[0-9]*))?([eE](?<exponent>[+-]?[0-9]{1,5}))?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
