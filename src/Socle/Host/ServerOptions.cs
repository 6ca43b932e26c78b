using System.Collections.Immutable;
using System.Net;
using Socle.Access;
using Socle.Access.Mail;
using Socle.Access.Tokens;
using Socle.Files;
using Socle.Http;
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
/// <param name="TimeZone">Where the moments of spreadsheets are told, and where days and periods begin (TIMEZONE).</param>
/// <param name="Access">Accounts and sessions.</param>
/// <param name="Door">Who may call from where.</param>
/// <param name="Mail">How mail is sent.</param>
/// <param name="FileLimits">The largest file, and all files together (MAX_FILE_SIZE, FILES_QUOTA).</param>
/// <param name="FilesFor">How long a file stays that no record points to (FILES_KEEP_DAYS); zero is for ever.</param>
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
    TimeZoneInfo TimeZone,
    AccessOptions Access,
    DoorOptions Door,
    MailOptions Mail,
    StorageLimits FileLimits,
    TimeSpan FilesFor)
{
    /// <summary>Every setting's environment variable; docs/configuration.md lists the same.</summary>
    public static IReadOnlyList<string> Variables { get; } =
        ["DATA_DIR", "HOST", "PORT", "BLUEPRINT", "SAMPLE_DATA", "DATABASE_URL", "SCHEMAS", "MAX_ROWS", "MAX_BODY_BYTES", "MAX_IMPORT_BYTES", "STATEMENT_TIMEOUT", "HISTORY_DAYS", "TRASH_DAYS", "LOG_LEVEL", "TIMEZONE",
         .. AccessVariables, .. DoorVariables, .. MailVariables, "MAX_FILE_SIZE", "FILES_QUOTA", "FILES_KEEP_DAYS"];

    private static string[] AccessVariables => ["ANONYMOUS_ROLE", "SECRET_KEY", "JWT_ALGORITHM", "SESSION_TIMEOUT", "MAX_LOGIN_ATTEMPTS", "ACCOUNT_LOCKOUT_DURATION", "PASSWORD_EXPIRY_DAYS", "PASSWORD_RESET_TIMEOUT", "PASSWORD_HISTORY"];

    private static string[] DoorVariables => ["PUBLIC_URL", "CORS_ORIGINS", "CORS_ALLOWED_ORIGINS", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXIES"];

    private static string[] MailVariables => ["SMTP_HOST", "SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_FROM", "SMTP_TLS"];

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
            TimeSpan.FromDays(reader.Number("HISTORY_DAYS", 365)),
            TimeSpan.FromDays(reader.Number("TRASH_DAYS", 30)),
            reader.Level("LOG_LEVEL", LogLevel.Information),
            reader.Zone("TIMEZONE", "Europe/Paris"),
            ReadAccess(reader),
            DoorReader.Read(reader),
            MailReader.Read(reader),
            new StorageLimits(reader.Number("MAX_FILE_SIZE", 5_000_000_000, 1024, 1_000_000_000_000), reader.Number("FILES_QUOTA", 0, 0, 1_000_000_000_000_000)),
            TimeSpan.FromDays(reader.Number("FILES_KEEP_DAYS", 30)));
        return reader.Faults.Count > 0 ? reader.Faults : options;
    }

    private static AccessOptions ReadAccess(SettingReader reader) => new(
        reader.Text("ANONYMOUS_ROLE"),
        reader.Secret("SECRET_KEY"),
        reader.Algorithm("JWT_ALGORITHM", JwtAlgorithm.ES256),
        TimeSpan.FromSeconds(reader.Number("SESSION_TIMEOUT", 28_800)),
        (int)reader.Number("MAX_LOGIN_ATTEMPTS", 5),
        TimeSpan.FromMinutes(reader.Number("ACCOUNT_LOCKOUT_DURATION", 15)),
        TimeSpan.FromDays(reader.Number("PASSWORD_EXPIRY_DAYS", 0)),
        TimeSpan.FromSeconds(reader.Number("PASSWORD_RESET_TIMEOUT", 3600)),
        (int)reader.Number("PASSWORD_HISTORY", 5));
}
