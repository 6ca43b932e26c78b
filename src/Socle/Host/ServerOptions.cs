using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Socle.Kernel;

namespace Socle.Host;

/// <summary>How the server was asked to run: each setting by flag or by environment variable, the flag first.</summary>
/// <param name="DataFolder">Where everything that the server keeps lies (DATA_DIR).</param>
/// <param name="Host">The address to listen on (HOST).</param>
/// <param name="Port">The port to listen on (PORT).</param>
/// <param name="Blueprint">The blueprint to apply at start: a name or a file (BLUEPRINT).</param>
/// <param name="WithSample">Whether tables that the blueprint makes get its sample records (SAMPLE_DATA).</param>
/// <param name="DatabaseUrl">The PostgreSQL to use instead of a private one (DATABASE_URL).</param>
/// <param name="Schemas">The schemas to serve, the first having the bare names; empty for what the database's kind suggests (SCHEMAS, separated by commas).</param>
/// <param name="MaxRows">The most records of one JSON answer (MAX_ROWS).</param>
/// <param name="MaxBodyBytes">The largest request body (MAX_BODY_BYTES).</param>
/// <param name="MaxImportBytes">The largest file that a request may import (MAX_IMPORT_BYTES).</param>
/// <param name="StatementTimeout">The longest a request may keep the database busy (STATEMENT_TIMEOUT, in seconds).</param>
/// <param name="HistoryFor">How long versions are remembered (HISTORY_DAYS); zero is for ever.</param>
/// <param name="TrashFor">How long deleted records can be restored (TRASH_DAYS); zero is for ever.</param>
/// <param name="LogLevel">debug, information, warning or error (LOG_LEVEL).</param>
/// <param name="TimeZone">Where the moments of spreadsheets are told (TIMEZONE).</param>
public sealed record ServerOptions(
    string DataFolder,
    IPAddress Host,
    int Port,
    string? Blueprint,
    bool WithSample,
    string? DatabaseUrl,
    ImmutableArray<string> Schemas,
    int MaxRows,
    long MaxBodyBytes,
    long MaxImportBytes,
    TimeSpan StatementTimeout,
    TimeSpan HistoryFor,
    TimeSpan TrashFor,
    LogLevel LogLevel,
    TimeZoneInfo TimeZone)
{
    /// <summary>Every setting's environment variable; docs/configuration.md lists the same.</summary>
    public static IReadOnlyList<string> Variables { get; } =
        ["DATA_DIR", "HOST", "PORT", "BLUEPRINT", "SAMPLE_DATA", "DATABASE_URL", "SCHEMAS", "MAX_ROWS", "MAX_BODY_BYTES", "MAX_IMPORT_BYTES", "STATEMENT_TIMEOUT", "HISTORY_DAYS", "TRASH_DAYS", "LOG_LEVEL", "TIMEZONE"];

    /// <param name="find">A flag or variable's text by the variable's name; null or empty when not given.</param>
    public static Result<ServerOptions> Read(Func<string, string?> find)
    {
        var reader = new SettingReader(find);
        var options = new ServerOptions(
            Path.GetFullPath(reader.Text("DATA_DIR") ?? "data"),
            reader.Address("HOST", IPAddress.Loopback),
            (int)reader.Number("PORT", 8000, 0, 65535),
            reader.Text("BLUEPRINT"),
            reader.Switch("SAMPLE_DATA"),
            reader.Text("DATABASE_URL"),
            reader.Names("SCHEMAS"),
            (int)reader.Number("MAX_ROWS", 1000, 1, 10_000_000),
            reader.Number("MAX_BODY_BYTES", 30_000_000, 1024, int.MaxValue),
            reader.Number("MAX_IMPORT_BYTES", 1_000_000_000, 1024, 1_000_000_000_000),
            TimeSpan.FromSeconds(reader.Number("STATEMENT_TIMEOUT", 30, 1, 86_400)),
            TimeSpan.FromDays(reader.Number("HISTORY_DAYS", 365, 0, 36_500)),
            TimeSpan.FromDays(reader.Number("TRASH_DAYS", 30, 0, 36_500)),
            reader.Level("LOG_LEVEL", LogLevel.Information),
            reader.Zone("TIMEZONE", "Europe/Paris"));
        if (!IPAddress.IsLoopback(options.Host))
            reader.Faults.Add(BeyondLoopback(options.Host));
        return reader.Faults.Count > 0 ? reader.Faults : options;
    }

    private static Fault BeyondLoopback(IPAddress host) => new(
        FaultCode.InvalidConfiguration,
        $"HOST={host}: there are no accounts yet, so the server only listens on this machine. Use 127.0.0.1 and put an authenticating proxy in front of it.",
        $"HOST={host} : il n'y a pas encore de comptes, le serveur n'écoute donc que sur cette machine. Utilisez 127.0.0.1 et placez devant lui un proxy qui authentifie.",
        "HOST");

    private sealed class SettingReader(Func<string, string?> find)
    {
        public List<Fault> Faults { get; } = [];

        public string? Text(string name) => find(name) is { Length: > 0 } text ? text : null;

        public ImmutableArray<string> Names(string name) =>
            [.. (Text(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];

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

        public bool Switch(string name)
        {
            var text = Text(name)?.ToLowerInvariant();
            if (text is not (null or "1" or "0" or "true" or "false" or "yes" or "no"))
                Refuse(name, text, "true or false", "true ou false");
            return text is "1" or "true" or "yes";
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

        public TimeZoneInfo Zone(string name, string fallback)
        {
            var text = Text(name) ?? fallback;
            if (TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone))
                return zone;
            Refuse(name, text, "a time zone that this machine knows, such as Europe/Paris (package tzdata)", "un fuseau horaire connu de cette machine, comme Europe/Paris (paquet tzdata)");
            return TimeZoneInfo.Utc;
        }

        private void Refuse(string name, string text, string expected, string attendu) => Faults.Add(new Fault(
            FaultCode.InvalidConfiguration,
            $"{name} is '{text}', but must be {expected}.",
            $"{name} vaut « {text} », mais doit être {attendu}.",
            name));
    }
}
