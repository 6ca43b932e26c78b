using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;
using Socle.Kernel;

namespace Socle.Postgres.Cluster;

/// <summary>
/// What it takes to run the cluster of a folder: which programs, as which user. Takes a folder whose lock is held;
/// makes the cluster when there is none, in one step that a crash cannot leave half done; gives starting commands.
/// </summary>
internal sealed partial record ClusterServer(ClusterFolder Folder, ServerAccount Account, PostgresBinaries Binaries, Action<string> Log)
{
    private const string Superuser = "socle";
    private const string DatabaseName = "socle";

    public static async Task<Result<ClusterServer>> Open(ClusterFolder folder, Action<string> log)
    {
        var binaries = await PostgresBinaries.Find(folder.Major);
        if (binaries.IsFault)
            return binaries.Faults;
        var account = await ServerAccount.Find(folder);
        return account.IsFault ? account.Faults : new ClusterServer(folder, account.Value, binaries.Value, log);
    }

    public static NpgsqlConnectionStringBuilder ConnectionTo(ClusterFolder folder, string password) => new()
    {
        Host = folder.Cluster,
        Port = 5432,
        Username = Superuser,
        Password = password,
        Database = DatabaseName,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    };

    /// <summary>A cluster with a known password, ready to be started; gives the password.</summary>
    public async Task<Result<string>> Prepare(CancellationToken cancel)
    {
        if (Directory.Exists(Folder.Draft))
            Directory.Delete(Folder.Draft, recursive: true);
        var password = ClusterPassword.Find(Folder);
        if (Folder.Major is null)
        {
            // Kept first: a password without a cluster is harmless, a cluster without its password is not.
            ClusterPassword.Store(Folder, password ??= ClusterPassword.Generate());
            if (await Create(password) is { } fault)
                return fault;
        }
        else
        {
            File.SetUnixFileMode(Folder.Cluster, ClusterFolder.OwnerOnly);
            await Account.Own(Folder.Cluster);
            if (password is null)
            {
                await Leftovers.Clear(Folder, Log, cancel);
                password = ClusterPassword.Generate();
                if (await RunStatements(Folder.Cluster, "", $"ALTER ROLE {Superuser} PASSWORD '{password}'") is { } fault)
                    return fault;
                ClusterPassword.Store(Folder, password);
            }
        }

        await Account.GiveToDataOwner(Folder.Lock, Folder.ProcessId, Folder.Secrets, Folder.Password);
        return password;
    }

    /// <summary>In a session of its own: Ctrl-C in our terminal must not stop the database before the requests in flight end.</summary>
    public ProcessStartInfo Command() =>
        Account.Program(Folder.Cluster, ["setsid", Binaries.Program("postgres"), "-D", ServerAccount.OpenedFolder, .. ClusterSettings.Fixed]);

    /// <summary>A line that PostgreSQL wrote, with the folder's name instead of how it was opened.</summary>
    public string Translate(string line) => line.Replace(ServerAccount.OpenedFolder, Folder.Cluster, StringComparison.Ordinal);

    /// <summary>The fault of a program that failed, with the lines around its first complaint, or its last lines.</summary>
    public Fault Failure(string english, string french, IEnumerable<string> output)
    {
        var lines = output.Where(line => line.Length > 0).ToList();
        var complaint = lines.FindIndex(line => Complaint().IsMatch(line));
        var cause = lines.Skip(complaint < 0 ? lines.Count - 4 : complaint - 2).Take(4);
        var said = string.Join(" | ", cause.Select(line => LogPrefix().Replace(Translate(line), "")));
        return new(FaultCode.DatabaseUnavailable, $"{english} It says: {said}", $"{french} Il répond : {said}");
    }

    private async Task<Fault?> Create(string password)
    {
        Log($"Making a PostgreSQL {Binaries.Major} cluster in {Folder.Cluster}.");
        Directory.CreateDirectory(Folder.Draft, ClusterFolder.OwnerOnly);
        ClusterPassword.Write(Path.Combine(Folder.Draft, "password"), password);
        await Account.Own(Folder.Draft);
        var (exitCode, output) = await Posix.Run(Account.Program(
            Folder.Draft,
            Binaries.Program("initdb"),
            $"--pgdata={ServerAccount.OpenedFolder}/data",
            $"--pwfile={ServerAccount.OpenedFolder}/password",
            $"--username={Superuser}",
            "--auth=scram-sha-256",
            "--data-checksums",
            "--encoding=UTF8",
            "--locale-provider=icu",
            "--icu-locale=fr-FR",
            "--locale=C.UTF-8"));
        if (exitCode != 0)
            return Failure("The private PostgreSQL could not be made.", "Le PostgreSQL privé n'a pas pu être créé.", output.Split('\n'));

        // A cast fails when the collation is missing, so the programs were built without a part of ICU.
        if (await RunStatements(Folder.Draft, "/data", $"CREATE DATABASE {DatabaseName}", "SELECT 'fr-x-icu'::regcollation, 'en-x-icu'::regcollation") is { } fault)
            return fault;
        var draft = Path.Combine(Folder.Draft, "data");
        ClusterSettings.Include(draft);
        await Account.Own(Folder.Draft);
        if (Directory.Exists(Folder.Cluster))
            Directory.Delete(Folder.Cluster);
        Directory.Move(draft, Folder.Cluster);
        Directory.Delete(Folder.Draft, recursive: true);
        return null;
    }

    /// <summary>Without a server, in PostgreSQL's single-user mode, which asks for no password.</summary>
    private async Task<Fault?> RunStatements(string folder, string within, params string[] statements)
    {
        var (exitCode, output) = await Posix.Run(
            Account.Program(folder, Binaries.Program("postgres"), "--single", "-c", "exit_on_error=on", "-c", "log_min_error_statement=panic", "-D", ServerAccount.OpenedFolder + within, "postgres"),
            string.Join('\n', statements) + "\n");
        return exitCode == 0 ? null : Failure("The private PostgreSQL could not be prepared.", "Le PostgreSQL privé n'a pas pu être préparé.", output.Split('\n'));
    }

    [GeneratedRegex(@"\b(FATAL|PANIC|ERROR|error):", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Complaint();

    /// <summary>Time, process and level, which mean nothing in a message.</summary>
    [GeneratedRegex(@"^.*?\b(LOG|FATAL|PANIC|ERROR|WARNING|HINT|DETAIL):\s+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LogPrefix();
}
