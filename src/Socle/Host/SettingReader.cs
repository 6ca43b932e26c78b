using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Socle.Access;
using Socle.Access.Tokens;
using Socle.Blueprints;
using Socle.Kernel;

namespace Socle.Host;

/// <summary>Settings' texts → values; gathers a fault for each that is none.</summary>
internal sealed class SettingReader(Func<string, string?> find)
{
    public List<Fault> Faults { get; } = [];

    public string? Text(string name) => find(name) is { Length: > 0 } text ? text : null;

    public string? Secret(string name)
    {
        var text = Text(name);
        if (text is not null && SecretKey.Refuse(text) is { } fault)
            Faults.Add(fault);
        return text;
    }

    public ImmutableArray<string> Names(string name) =>
        [.. (Text(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];

    /// <summary>A number that blueprints may set too, within the same bounds.</summary>
    public long Number(string name, long fallback) => Number(name, fallback, SettingDefaults.Numbers[name].Low, SettingDefaults.Numbers[name].High);

    public long Number(string name, long fallback, long low, long high)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= low && number <= high)
            return number;
        Refuse(name, text, $"a whole number from {low} to {high}", $"un nombre entier de {low} à {high}");
        return fallback;
    }

    public IPAddress Address(string name, IPAddress fallback)
    {
        var text = Text(name);
        if (text is null)
            return fallback;
        if (text == "localhost")
            return IPAddress.Loopback;
        if (IPAddress.TryParse(text, out var address))
            return address;
        Refuse(name, text, "an IP address such as 127.0.0.1", "une adresse IP comme 127.0.0.1");
        return fallback;
    }

    public bool Switch(string name, bool fallback = false)
    {
        var text = Text(name)?.ToLowerInvariant();
        if (text is not (null or "1" or "0" or "true" or "false" or "yes" or "no"))
            Refuse(name, text, "true or false", "true ou false");
        return text is null ? fallback : text is "1" or "true" or "yes";
    }

    public LogLevel Level(string name, LogLevel fallback)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && !int.TryParse(text, out _))
            return level;
        Refuse(name, text, "debug, information, warning or error", "debug, information, warning ou error");
        return fallback;
    }

    public JwtAlgorithm Algorithm(string name, JwtAlgorithm fallback)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (Enum.GetNames<JwtAlgorithm>().Contains(text))
            return Enum.Parse<JwtAlgorithm>(text);
        Refuse(name, text, "ES256 or HS256", "ES256 ou HS256");
        return fallback;
    }

    public TimeZoneInfo Zone(string name, string fallback)
    {
        var text = Text(name) ?? fallback;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone))
            return zone;
        Refuse(name, text, "a time zone that this machine knows, such as Europe/Paris (package tzdata)", "un fuseau horaire connu de cette machine, comme Europe/Paris (paquet tzdata)");
        return TimeZoneInfo.Utc;
    }

    public void Refuse(string name, string text, string expected, string attendu) => Faults.Add(new Fault(
        FaultCode.InvalidConfiguration,
        $"{name} is '{text}', but must be {expected}.",
        $"{name} vaut « {text} », mais doit être {attendu}.",
        name));
}
