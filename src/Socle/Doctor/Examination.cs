using Socle.Host;

namespace Socle.Doctor;

/// <summary>Looks at what a server with these settings would meet: the network, the data folder, the database and who may come in. Changes nothing.</summary>
public static class Examination
{
    public static async Task<IReadOnlyList<Finding>> Run(ServerOptions options) =>
    [
        .. Warnings.Find(options).Select(warning => new Finding(IsError: false, warning)),
        .. FolderFindings.Find(options.DataFolder),
        .. await DatabaseFindings.Find(options),
    ];
}
