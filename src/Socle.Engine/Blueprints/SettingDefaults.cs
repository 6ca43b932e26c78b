using System.Collections.Immutable;
using System.Globalization;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>
/// The settings of the server that a blueprint may give other defaults, by their environment variables: a flag or a
/// variable still wins. None is a secret, and none says where the server listens or who may come in.
/// </summary>
public static class SettingDefaults
{
    public const string TimeZone = "TIMEZONE";

    /// <summary>Those that are whole numbers, with the least and the most of each.</summary>
    public static IReadOnlyDictionary<string, (long Low, long High)> Numbers { get; } = new Dictionary<string, (long, long)>
    {
        ["SESSION_TIMEOUT"] = (60, 31_536_000),
        ["ACCOUNT_LOCKOUT_DURATION"] = (1, 10_080),
        ["MAX_LOGIN_ATTEMPTS"] = (1, 1000),
        ["PASSWORD_EXPIRY_DAYS"] = (0, 36_500),
        ["PASSWORD_RESET_TIMEOUT"] = (60, 604_800),
        ["PASSWORD_HISTORY"] = (0, 100),
        ["HISTORY_DAYS"] = (0, 36_500),
        ["TRASH_DAYS"] = (0, 36_500),
        ["FILES_KEEP_DAYS"] = (0, 36_500),
    };

    /// <summary>What the blueprint's <c>settings</c> say, by variable.</summary>
    internal static ImmutableDictionary<string, string> Read(YamlNode? node, NodeReader reader)
    {
        if (node is null || reader.ReadMap(node, "settings", BlueprintKeys.Settings) is not { } map)
            return ImmutableDictionary<string, string>.Empty;
        var read = from entry in map.Entries
                   where BlueprintKeys.Settings.Contains(entry.Key)
                   let text = ReadValue(entry, $"settings.{entry.Key}", reader)
                   where text is not null
                   select KeyValuePair.Create(entry.Key, text);
        return read.ToImmutableDictionary();
    }

    private static string? ReadValue(YamlEntry entry, string path, NodeReader reader)
    {
        if (Numbers.TryGetValue(entry.Key, out var range))
            return reader.ReadInteger(entry.Value, path, (int)range.Low, (int)range.High)?.ToString(CultureInfo.InvariantCulture);
        var zone = reader.ReadWord(entry.Value, path);
        if (zone is null || TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            return zone;
        reader.Refuse(entry.Value.Line, path, $"'{path}' expects a time zone such as Europe/Paris, that this machine knows (package tzdata).", $"« {path} » attend un fuseau horaire comme Europe/Paris, connu de cette machine (paquet tzdata).");
        return null;
    }
}
