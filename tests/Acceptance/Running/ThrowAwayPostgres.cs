using Socle.Testing;

namespace Socle.Tests.Acceptance.Running;

/// <summary>
/// A PostgreSQL that an operator might run beside Socle: made by initdb in a temporary folder, on a port of loopback,
/// with passwords. It has a superuser <c>erp_root</c> and an ordinary role <c>erp_api</c>. Starts and stops when told.
/// </summary>
public sealed class ThrowAwayPostgres : IAsyncLifetime
{
    private const string Password = "p@ss:w/rd%";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("socle-acceptance-pg-");
    private readonly int _port = RunningServer.FreePort();
    private Guard? _guard;

    public static string Binaries { get; } =
        Directory.EnumerateDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin")).Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Max()
        ?? throw new InvalidOperationException("The tests need PostgreSQL's server programs in /usr/lib/postgresql (script/install postgresql).");

    private string Data => Path.Combine(_folder.FullName, "data");

    public async ValueTask InitializeAsync()
    {
        var passwordFile = Path.Combine(_folder.FullName, "password");
        await File.WriteAllTextAsync(passwordFile, Password);
        if (Environment.IsPrivilegedProcess)
            await Programs.Read("chown", "-R", "postgres", _folder.FullName);
        await Run("initdb", "-D", Data, "-U", "erp_root", "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync");
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.conf"), $"\nport = {_port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nshared_buffers = 32MB\n");
        await Start();
        await Psql("postgres", $"CREATE ROLE erp_api LOGIN CREATEROLE PASSWORD '{Password}'");
    }

    /// <returns>Once it accepts connections.</returns>
    public async Task Start()
    {
        await Run("pg_ctl", "-D", Data, "-w", "-l", Path.Combine(_folder.FullName, "log"), "start");
        _guard = new Guard(int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First()));
    }

    /// <summary>Without a checkpoint, as when the machine fails.</summary>
    public async Task StopImmediately()
    {
        _guard?.Dispose();
        _guard = null;
        await Run("pg_ctl", "-D", Data, "-m", "immediate", "stop");
    }

    public Task CreateDatabase(string name, string owner) => Psql("postgres", $"CREATE DATABASE {name} OWNER {owner}");

    /// <summary>As SQLAlchemy's users write it.</summary>
    public string Url(string database, string role) =>
        $"postgresql+psycopg2://{role}:{Uri.EscapeDataString(Password)}@127.0.0.1:{_port}/{database}";

    public Task<string> Psql(string database, string sql) => Ask("psql", database, "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-c", sql);

    /// <summary>Runs the statements of a file.</summary>
    public Task Load(string database, string file) => Ask("psql", database, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", file);

    /// <summary>Schema and data as SQL.</summary>
    public Task<string> Dump(string database) => Ask("pg_dump", database);

    private async Task<string> Ask(string program, string database, params IEnumerable<string> arguments)
    {
        var command = Programs.Command(Path.Combine(Binaries, program), ["-h", "127.0.0.1", "-p", $"{_port}", "-U", "erp_root", "-d", database, .. arguments]);
        command.Environment["PGPASSWORD"] = Password;
        var ended = await Programs.Run(command);
        Assert.True(ended.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{ended.Errors}");
        return ended.Output.TrimEnd('\n');
    }

    public async ValueTask DisposeAsync()
    {
        if (_guard is not null)
            await StopImmediately();
        _folder.Delete(recursive: true);
    }

    /// <summary>PostgreSQL refuses to run as root. What the program says goes to a file: a server that it leaves behind would keep a pipe open.</summary>
    private async Task Run(string program, params string[] arguments)
    {
        string[] command = [Path.Combine(Binaries, program), .. arguments];
        if (Environment.IsPrivilegedProcess)
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. command];
        var said = Path.Combine(_folder.FullName, program);
        var ended = await Programs.Run(Programs.Command("/bin/sh", ["-c", "exec >\"$1\" 2>&1; shift; exec \"$@\"", "sh", said, .. command]));
        Assert.True(ended.ExitCode == 0, $"{program} ended with {ended.ExitCode}: {await File.ReadAllTextAsync(said)}");
    }
}
