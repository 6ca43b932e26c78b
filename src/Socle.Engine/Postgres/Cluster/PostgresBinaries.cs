using Socle.Kernel;

namespace Socle.Postgres.Cluster;

/// <summary>
/// The programs of one PostgreSQL version. Takes the version that a data folder was made with, or none for a new one;
/// gives the folder that holds those very programs, or the newest; refuses when there are none, saying what to install.
/// </summary>
internal sealed record PostgresBinaries(string Folder, int Major)
{
    /// <summary>The first with ICU as a database's own collation.</summary>
    public const int OldestMajor = 15;

    public string Program(string name) => Path.Combine(Folder, name);

    public static async Task<Result<PostgresBinaries>> Find(int? major) => Choose(await List(), major);

    public static Result<PostgresBinaries> Choose(IReadOnlyCollection<PostgresBinaries> installed, int? major)
    {
        if (installed.Where(found => found.Major == (major ?? found.Major)).MaxBy(found => found.Major) is not { } chosen)
            return major is { } wanted && installed.Count > 0 ? OtherMajor(wanted, installed) : Missing(major ?? OldestMajor);
        return chosen.Major < OldestMajor ? Missing(OldestMajor) : chosen;
    }

    public static async Task<IReadOnlyCollection<PostgresBinaries>> List()
    {
        var installed = Versions("/usr/lib/postgresql", "").Concat(Versions("/usr", "pgsql-")).ToList();
        if (installed.Count == 0 && Posix.FindProgram("postgres") is { } program && await ReadMajor(program) is { } major)
            installed.Add(new(RealFolder(program), major));
        return installed;
    }

    /// <summary><c>parent/prefixN/bin</c> for each N that holds a server.</summary>
    private static IEnumerable<PostgresBinaries> Versions(string parent, string prefix)
    {
        if (!Directory.Exists(parent))
            yield break;
        foreach (var version in Directory.EnumerateDirectories(parent, prefix + "*"))
        {
            var bin = Path.Combine(version, "bin");
            if (int.TryParse(Path.GetFileName(version)[prefix.Length..], out var major) && HoldsServer(bin))
                yield return new(bin, major);
        }
    }

    private static bool HoldsServer(string folder) => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb"));

    private static string RealFolder(string program) =>
        Path.GetDirectoryName(File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program)!;

    /// <summary>From <c>postgres (PostgreSQL) 15.13 (Debian 15.13-1)</c>.</summary>
    private static async Task<int?> ReadMajor(string program)
    {
        var words = (await Posix.Read(program, "--version") ?? "").Split(' ', '.');
        return words.Length > 2 && int.TryParse(words[2], out var major) ? major : null;
    }

    private static Fault Missing(int major) => new(
        FaultCode.InvalidConfiguration,
        $"PostgreSQL {major} or newer is not installed. Install it (Debian, Ubuntu: apt install postgresql; Fedora, RHEL: dnf install postgresql-server) or set DATABASE_URL to a PostgreSQL elsewhere.",
        $"PostgreSQL {major} ou plus récent n'est pas installé. Installez-le (Debian, Ubuntu : apt install postgresql ; Fedora, RHEL : dnf install postgresql-server) ou indiquez dans DATABASE_URL un PostgreSQL situé ailleurs.");

    private static Fault OtherMajor(int wanted, IEnumerable<PostgresBinaries> installed)
    {
        var versions = string.Join(", ", installed.Select(found => found.Major).Order());
        return new(
            FaultCode.InvalidConfiguration,
            $"The data folder was made by PostgreSQL {wanted}, and only PostgreSQL {versions} is installed. Install postgresql-{wanted}; or, where it is installed, back up with it and restore here into a new data folder.",
            $"Le dossier de données a été créé par PostgreSQL {wanted}, et seul PostgreSQL {versions} est installé. Installez postgresql-{wanted} ; ou bien, là où il est installé, faites avec lui une sauvegarde et restaurez-la ici dans un nouveau dossier de données.");
    }
}
