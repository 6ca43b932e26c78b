using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;
using Socle.Kernel;
using Socle.Postgres.Cluster;

namespace Socle.Postgres;

/// <summary>
/// Runs psql in our terminal on a database. Takes the connection and psql's own arguments; gives its exit code.
/// Refuses when psql is not installed. The password travels in psql's environment, never on its command line.
/// </summary>
public static class Psql
{
    public static async Task<Result<int>> Run(NpgsqlConnectionStringBuilder connection, IEnumerable<string> arguments)
    {
        if (await FindProgram() is not { } program)
            return Missing();
        using var process = new Process { StartInfo = Command(program, connection, arguments) };

        // Ctrl-C cancels a statement in psql, which shares our terminal; we wait for it to end by itself.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => context.Cancel = true);
        process.Start();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        await process.WaitForExitAsync();
        return process.ExitCode;

        // With psql, so that our caller can still stop the cluster it started.
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            Posix.Signal(process.Id, Posix.Terminate);
        }
    }

    internal static ProcessStartInfo Command(string program, NpgsqlConnectionStringBuilder connection, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        foreach (var (name, value) in Environment(connection))
            start.Environment[name] = value;
        return start;
    }

    /// <summary>libpq's variables; one that the connection does not set is removed, so that our own environment cannot redirect psql.</summary>
    private static IEnumerable<(string Name, string? Value)> Environment(NpgsqlConnectionStringBuilder connection) =>
    [
        ("PGHOST", connection.Host),
        ("PGPORT", connection.Port.ToString(CultureInfo.InvariantCulture)),
        ("PGUSER", connection.Username),
        ("PGDATABASE", connection.Database),
        ("PGPASSWORD", connection.Password),
        ("PGPASSFILE", connection.Passfile),
        ("PGOPTIONS", connection.Options),
        ("PGAPPNAME", connection.ApplicationName),
        ("PGCONNECT_TIMEOUT", connection.Timeout.ToString(CultureInfo.InvariantCulture)),
        ("PGSSLMODE", SslMode(connection.SslMode)),
        ("PGSSLROOTCERT", connection.RootCertificate),
        ("PGSSLCERT", connection.SslCertificate),
        ("PGSSLKEY", connection.SslKey),
        ("PGHOSTADDR", null),
        ("PGSERVICE", null),
    ];

    private static string SslMode(SslMode mode) => mode switch
    {
        Npgsql.SslMode.VerifyCA => "verify-ca",
        Npgsql.SslMode.VerifyFull => "verify-full",
        _ => mode.ToString().ToLowerInvariant(),
    };

    private static async Task<string?> FindProgram()
    {
        var newest = (await PostgresBinaries.List()).MaxBy(found => found.Major)?.Program("psql");
        return newest is not null && File.Exists(newest) ? newest : Posix.FindProgram("psql");
    }

    private static Fault Missing() => new(
        FaultCode.InvalidConfiguration,
        "psql is not installed. Install it (Debian, Ubuntu: apt install postgresql-client; Fedora, RHEL: dnf install postgresql).",
        "psql n'est pas installé. Installez-le (Debian, Ubuntu : apt install postgresql-client ; Fedora, RHEL : dnf install postgresql).");
}
