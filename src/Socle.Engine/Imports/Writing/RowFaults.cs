using System.Globalization;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Records.Planning;
using Socle.Records.Running;

namespace Socle.Imports.Writing;

/// <summary>What PostgreSQL refused of an import: a row, whose line it may name, or the whole.</summary>
internal static class RowFaults
{
    /// <summary>The fault, where one row is at fault; null where trying the others is of no use.</summary>
    public static Fault? Find(PostgresException exception, TableSnapshot table)
    {
        var isOfRow = exception.SqlState[..2] is "22" or "23" or "44" or "P0" || exception.SqlState is PostgresErrorCodes.ProgramLimitExceeded
            || exception.SqlState[0] is (>= '5' and <= '9' and not '5') or (>= 'I' and <= 'Z' and not ('P' or 'X'));
        if (!isOfRow)
            return null;
        var fault = DatabaseFaults.Find(exception, table, WriteKind.Insert);
        return fault is { Code: FaultCode.InvalidValue, Field: null } && FieldOf(exception, table) is { } field ? WriteFaults.Refused(field, fault) : fault;
    }

    /// <summary>The number of the COPY's line at which it failed (<c>COPY clients, line 12, column name: …</c>), from 1; null when it is none's fault.</summary>
    public static int? LineOf(PostgresException exception) =>
        After(exception.Where, ", line ") is { } text && int.TryParse(text.TakeWhile(char.IsAsciiDigit).ToArray(), NumberStyles.None, CultureInfo.InvariantCulture, out var line) && line > 0 ? line : null;

    private static FieldSnapshot? FieldOf(PostgresException exception, TableSnapshot table)
    {
        var column = After(exception.Where, ", column ");
        return column is null ? null : table.Fields.Where(field => column.StartsWith(field.Name, StringComparison.Ordinal)).MaxBy(field => field.Name.Length);
    }

    private static string? After(string? text, string mark) =>
        CopyOf(text) is { } copy && copy.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at ? copy[(at + mark.Length)..] : null;

    /// <summary>COPY's own part, which comes after that of a trigger which refused.</summary>
    private static string? CopyOf(string? text) =>
        text is null ? null : text.StartsWith("COPY ", StringComparison.Ordinal) ? text : text.StartsWith("PL/pgSQL function socle_system.rules_", StringComparison.Ordinal) && text.IndexOf("\nCOPY ", StringComparison.Ordinal) is > 0 and var at ? text[(at + 1)..] : null;
}
