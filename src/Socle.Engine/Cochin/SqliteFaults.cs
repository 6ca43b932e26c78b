using Socle.Kernel;

namespace Socle.Cochin;

/// <summary>Why a file is not imported.</summary>
internal static class SqliteFaults
{
    private const int LongestReason = 200;

    public static Fault NoProgram { get; } = new(
        FaultCode.InvalidConfiguration,
        "Reading an SQLite file needs the program sqlite3: apt-get install sqlite3.",
        "Lire un fichier SQLite demande le programme sqlite3 : apt-get install sqlite3.");

    public static Fault Missing(string path) => new(FaultCode.NotFound, $"There is no file '{path}'.", $"Il n'y a pas de fichier « {path} ».");

    public static Fault NotADatabase(string path) => new(
        FaultCode.InvalidFile,
        $"'{path}' is no SQLite database. Cochin's is called db.sqlite3, in data/db.",
        $"« {path} » n'est pas une base SQLite. Celle de Cochin s'appelle db.sqlite3, dans data/db.");

    public static Fault Unfinished(string path) => new(
        FaultCode.InvalidFile,
        $"'{path}-journal' holds an unfinished change. Start Cochin once and stop it, so that SQLite settles it, then import.",
        $"« {path}-journal » contient une modification inachevée. Démarrez Cochin une fois et arrêtez-le, pour que SQLite la règle, puis importez.");

    public static Fault Changing(string path) => new(
        FaultCode.Conflict,
        $"'{path}' changed while it was read. Stop Cochin first (docker-compose stop backend), then import.",
        $"« {path} » a changé pendant sa lecture. Arrêtez d'abord Cochin (docker-compose stop backend), puis importez.");

    public static Fault Damaged(string reason) => new(
        FaultCode.InvalidFile,
        $"The SQLite database is damaged or cannot be read: {Shorten(reason)}. Take a backup of it that is whole.",
        $"La base SQLite est endommagée ou illisible : {Shorten(reason)}. Prenez-en une sauvegarde intacte.");

    public static Fault WrongShape(string what, string french) => new(
        FaultCode.InvalidFile,
        $"This is no database of Cochin Project Manager: {what}.",
        $"Ce n'est pas une base de Cochin Project Manager : {french}.");

    /// <summary>What a program says of a file that may be hostile: one short line without control characters.</summary>
    private static string Shorten(string reason)
    {
        var line = string.Concat(reason.Trim().Select(c => char.IsControl(c) ? ' ' : c)).TrimEnd('.');
        return line.Length > LongestReason ? line[..LongestReason] : line;
    }
}
