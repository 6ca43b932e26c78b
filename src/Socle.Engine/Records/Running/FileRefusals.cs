using System.Globalization;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Records.Running;

/// <summary>What the trigger on file fields refused (0012_files.sql), in the caller's terms.</summary>
internal static class FileRefusals
{
    public static Fault Find(PostgresException exception, TableSnapshot table)
    {
        var field = table.FindField(exception.ColumnName ?? "");
        var name = field?.ApiName ?? exception.ColumnName ?? "?";
        return exception.SqlState switch
        {
            "SF415" => Type(name, field?.Settings.Accept ?? [], exception.DataTypeName ?? "?"),
            "SF413" => Size(name, field?.Settings.MaxSize ?? 0),
            _ => Unknown(name),
        };
    }

    /// <summary>The same whether the file does not exist or is not the caller's to read: an id that was guessed tells nothing.</summary>
    public static Fault Unknown(string field) => new(
        FaultCode.UnknownReference,
        $"'{field}' names a file that does not exist, or that you may not read. Upload it first: POST /api/files.",
        $"« {field} » désigne un fichier qui n'existe pas, ou que vous ne pouvez pas lire. Envoyez-le d'abord : POST /api/files.",
        field);

    private static Fault Type(string field, IReadOnlyList<string> accept, string type)
    {
        var words = string.Join(", ", accept);
        return new(
            FaultCode.CheckViolation,
            $"'{field}' takes files of these types: {words}. By its content this one is {type}.",
            $"« {field} » accepte ces types de fichiers : {words}. D'après son contenu, celui-ci est {type}.",
            field);
    }

    private static Fault Size(string field, long most)
    {
        var bytes = most.ToString(CultureInfo.InvariantCulture);
        return new(
            FaultCode.CheckViolation,
            $"'{field}' takes files of at most {bytes} bytes.",
            $"« {field} » accepte des fichiers de {bytes} octets au plus.",
            field);
    }
}
