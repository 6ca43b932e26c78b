using System.Diagnostics;
using Npgsql;
using Socle.Postgres;
using Socle.Tests.Postgres;

[assembly: AssemblyFixture(typeof(TestServer))]

namespace Socle.Tests.Postgres;

/// <summary>
/// A PostgreSQL of the tests' own, in a temporary folder, reached through a socket in it and gone with
/// them: a shell holds it and ends it when the tests' end of a pipe closes, even if they are killed.
/// Each test class makes its database, cloned from a template that has the system schema.
/// </summary>
public sealed class TestServer : IAsyncLifetime
{
    private const string Template = "socle_template";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("socle-tests-");
    private readonly SemaphoreSlim _cloning = new(1, 1);
    private Process? _holder;
    private int _databases;

    public async ValueTask InitializeAsync()
    {
        var binaries = FindBinaries();
        if (IsRoot)
            await Run("chown", "postgres", _folder.FullName);
        await Run(AsPostgres([Path.Combine(binaries, "initdb"), "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]));
        _holder = Process.Start(StartInfo(AsPostgres(["/bin/sh", "-c", Script, "sh", Path.Combine(binaries, "postgres"), Data, _folder.FullName])))!;
        await WaitUntilItAnswers();
        await Execute("postgres", $"CREATE DATABASE {Template}");
        await using (var dataSource = NpgsqlDataSource.Create(ConnectionString(Template, pooling: false)))
            await SystemSchema.Apply(dataSource, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_holder is not null)
        {
            NpgsqlConnection.ClearAllPools();
            _holder.StandardInput.Close();
            await _holder.WaitForExitAsync();
            _holder.Dispose();
        }

        _cloning.Dispose();
        if (Directory.Exists(_folder.FullName))
            _folder.Delete(recursive: true);
    }

    /// <summary>A new database with the system schema.</summary>
    public async Task<NpgsqlDataSource> CreateDatabase()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await _cloning.WaitAsync();
        try
        {
            await Execute("postgres", $"CREATE DATABASE {name} TEMPLATE {Template}");
        }
        finally
        {
            _cloning.Release();
        }

        return NpgsqlDataSource.Create(ConnectionString(name, pooling: true));
    }

    private string Data => Path.Combine(_folder.FullName, "data");

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>$1 is the server, $2 its data, $3 the folder of its socket.</summary>
    private const string Script = """
        "$1" -D "$2" -k "$3" -c listen_addresses= -c fsync=off -c full_page_writes=off -c shared_buffers=64MB -c max_connections=150 >/dev/null 2>&1 &
        server=$!
        cat >/dev/null
        kill -INT $server
        wait $server
        rm -rf "$3"
        """;

    private string ConnectionString(string database, bool pooling) =>
        $"Host={_folder.FullName};Username=postgres;Database={database};Pooling={pooling};Maximum Pool Size=8";

    private async Task WaitUntilItAnswers()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await Execute("postgres", "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (clock.Elapsed < TimeSpan.FromSeconds(30) && !_holder!.HasExited)
            {
                await Task.Delay(50);
            }
        }
    }

    private async Task Execute(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database, pooling: false));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string FindBinaries() =>
        Directory.EnumerateDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin")).Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Max()
        ?? throw new InvalidOperationException("The tests need PostgreSQL's server programs in /usr/lib/postgresql.");

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] AsPostgres(string[] command) =>
        IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. command] : command;

    private static ProcessStartInfo StartInfo(string[] command) => new(command[0], command[1..])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = "/",
    };

    private static async Task Run(params string[] command)
    {
        using var process = Process.Start(StartInfo(command))!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command[0]} failed: {errors} {await output}");
    }
}
