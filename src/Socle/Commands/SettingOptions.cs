using System.CommandLine;
using Socle.Host;
using Socle.Kernel;

namespace Socle.Commands;

/// <summary>The flags that set what environment variables set too; a flag wins.</summary>
internal sealed class SettingOptions
{
    private readonly Dictionary<string, Option<string?>> _options;

    private SettingOptions(params (string Variable, string Flag, string Description)[] settings) =>
        _options = settings.ToDictionary(
            setting => setting.Variable,
            setting => new Option<string?>(setting.Flag) { Description = $"{setting.Description} [{setting.Variable}]" });

    /// <summary>Where the data lies.</summary>
    public static SettingOptions ForData() => new(("DATA_DIR", "--data", "The data folder (default: ./data)"));

    /// <summary>And where links into the server lead.</summary>
    public static SettingOptions ForAccounts() => new(
        ("DATA_DIR", "--data", "The data folder (default: ./data)"),
        ("PUBLIC_URL", "--url", "The server's address, for the link"),
        ("PORT", "--port", "The server's port, for the link (default: 8000)"));

    public static SettingOptions ForAdoption() => new(
        ("DATA_DIR", "--data", "The data folder (default: ./data)"),
        ("SCHEMAS", "--schemas", "The schemas to serve, separated by commas (default: all)"));

    public static SettingOptions ForServer() => new(
        ("DATA_DIR", "--data", "The data folder (default: ./data)"),
        ("PORT", "--port", "The port to listen on (default: 8000)"),
        ("HOST", "--host", "The address to listen on (default: 127.0.0.1)"),
        ("BLUEPRINT", "--blueprint", "The blueprint to apply at start: a name or a file"),
        ("SCHEMAS", "--schemas", "The schemas to serve, separated by commas"));

    public void AddTo(Command command)
    {
        foreach (var option in _options.Values)
            command.Options.Add(option);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="withSample">Whether --sample was said.</param>
    /// <param name="defaults">What holds where neither a flag nor a variable says anything.</param>
    public Result<ServerOptions> Read(ParseResult parsed, bool withSample = false, IReadOnlyDictionary<string, string>? defaults = null) => ServerOptions.Read(name =>
        name == "SAMPLE_DATA" && withSample ? "true"
        : _options.TryGetValue(name, out var option) && parsed.GetValue(option) is { } text ? text
        : Environment.GetEnvironmentVariable(name) is { Length: > 0 } variable ? variable
        : defaults?.GetValueOrDefault(name));
}
