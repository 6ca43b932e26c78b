using System.Diagnostics;
using Socle.Kernel;

namespace Socle.Postgres.Cluster;

/// <summary>
/// The user as whom PostgreSQL's programs run, because they refuse root. Gives the owner of the cluster or of the data
/// folder or else one of socle, postgres, nobody; ourselves when we are not root. Refuses when the tools to change user are missing.
/// </summary>
/// <param name="Ids"><c>uid:gid</c>, or null for ourselves.</param>
/// <param name="DataOwner"><c>uid:gid</c> of the data folder's owner, to whom root gives what it makes there; or null.</param>
internal sealed record ServerAccount(string? Ids, string? DataOwner)
{
    /// <summary>
    /// The folder given to <see cref="Program"/>, as the program sees it. It was opened before the user was changed and nothing
    /// above it is walked, so the data folder may lie below one that this user cannot enter, such as /root.
    /// </summary>
    public const string OpenedFolder = "/proc/self/fd/9";

    private const string OpenThenRun = "exec 9<\"$1\" || exit 126; shift; exec \"$@\" >&2";

    public static async Task<Result<ServerAccount>> Find(ClusterFolder folder)
    {
        string[] tools = Environment.IsPrivilegedProcess ? ["setsid", "setpriv", "stat", "id", "chown"] : ["setsid"];
        if (tools.FirstOrDefault(tool => Posix.FindProgram(tool) is null) is { } missing)
        {
            return new Fault(
                FaultCode.InvalidConfiguration,
                $"The program {missing} is missing. Install util-linux and coreutils, or run socle as a user other than root.",
                $"Le programme {missing} est introuvable. Installez util-linux et coreutils, ou lancez socle sous un autre utilisateur que root.");
        }

        if (!Environment.IsPrivilegedProcess)
            return new ServerAccount(null, null);
        var dataOwner = await ReadOwner(folder.Data);
        if ((await ReadOwner(folder.Cluster) ?? dataOwner ?? await FindSystemUser()) is { } ids)
            return new ServerAccount(ids, dataOwner);
        return new Fault(
            FaultCode.InvalidConfiguration,
            "PostgreSQL does not run as root, and there is no user for it. Make one (useradd --system socle) and start again.",
            "PostgreSQL ne s'exécute pas en tant que root, et il n'y a pas d'utilisateur pour lui. Créez-en un (useradd --system socle) et relancez.");
    }

    /// <summary>The command that runs one of PostgreSQL's programs as this user; <paramref name="folder"/> is its <see cref="OpenedFolder"/>.</summary>
    public ProcessStartInfo Program(string folder, params IEnumerable<string> command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", OpenThenRun, "sh", folder]) { WorkingDirectory = "/" };
        foreach (var word in ChangeUser().Concat(command))
            start.ArgumentList.Add(word);

        // Our environment holds secrets, and PG* variables that would be taken for settings.
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    /// <summary>Gives a folder and all in it to this user.</summary>
    public Task Own(string folder) => Ids is null ? Task.CompletedTask : Posix.Read("chown", "-hR", Ids, folder);

    /// <summary>Gives files that root made in the data folder to its owner, so that socle can run as that owner later.</summary>
    public Task GiveToDataOwner(params string[] paths) =>
        DataOwner is null ? Task.CompletedTask : Posix.Read("chown", ["-h", DataOwner, .. paths]);

    private IEnumerable<string> ChangeUser()
    {
        if (Ids?.Split(':') is not [var user, var group])
            return [];
        return ["setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups", "--"];
    }

    /// <summary>Null when the folder is missing or root's.</summary>
    private static async Task<string?> ReadOwner(string folder) =>
        Directory.Exists(folder) && await Posix.Read("stat", "-c", "%u:%g", folder) is { } ids && !ids.StartsWith("0:", StringComparison.Ordinal) ? ids : null;

    private static async Task<string?> FindSystemUser()
    {
        foreach (var name in (string[])["socle", "postgres", "nobody"])
        {
            if (await Posix.Read("id", "-u", name) is { } user && await Posix.Read("id", "-g", name) is { } group)
                return $"{user}:{group}";
        }

        return null;
    }
}
