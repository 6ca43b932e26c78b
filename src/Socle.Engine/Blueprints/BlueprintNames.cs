using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>Which names tables and fields may have.</summary>
internal static partial class BlueprintNames
{
    /// <summary>PostgreSQL's NAMEDATALEN less its final zero.</summary>
    private const int LongestName = 63;

    /// <summary>Doors that are not tables, now or announced. A table of such a name could not be reached.</summary>
    private static readonly FrozenSet<string> Doors = new[]
    {
        "auth", "schema", "files", "backups", "jobs", "dashboard", "webgis", "events", "users", "openapi", "health", "metrics",
        "rest", "api", "storage", "realtime", "roles", "policies", "changes", "batch", "trash", "rpc", "docs", "views",
    }.ToFrozenSet();

    /// <summary>Columns that PostgreSQL gives every table.</summary>
    private static readonly FrozenSet<string> SystemColumns = new[] { "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid" }.ToFrozenSet();

    /// <summary>Whether neither the server nor PostgreSQL keeps the name for itself.</summary>
    public static bool IsFree(string name) => !Doors.Contains(name) && !SystemColumns.Contains(name) && !name.StartsWith(Hidden, StringComparison.Ordinal);

    /// <summary>Why a table of that name has no place in a blueprint; null when it has.</summary>
    public static Text? FindTableFault(string name) => Find(reader => CheckTable(name, 0, "", reader));

    /// <summary>Why a column of that name has no place in a blueprint; null when it has.</summary>
    public static Text? FindFieldFault(string name) => Find(reader => CheckField(name, 0, "", reader));

    public static bool IsName(string? name) => name is { Length: <= LongestName } && Pattern().IsMatch(name);

    private static Text? Find(Action<NodeReader> check)
    {
        var faults = new List<Fault>();
        check(new NodeReader(faults));
        return faults.Count == 0 ? null : faults[0].Message;
    }

    public static void CheckTable(string name, int line, string path, NodeReader reader)
    {
        CheckName(name, line, path, reader);
        if (Doors.Contains(name))
        {
            reader.Refuse(
                line,
                path,
                $"'{name}' is the name of a door of the server itself, so a table cannot have it: choose another, such as '{name}_list'.",
                $"« {name} » est le nom d'une porte du serveur lui-même, une table ne peut donc pas le porter : choisissez-en un autre, comme « {name}_list ».");
        }
    }

    public static void CheckField(string name, int line, string path, NodeReader reader)
    {
        CheckName(name, line, path, reader);
        if (name.StartsWith(Hidden, StringComparison.Ordinal))
        {
            reader.Refuse(
                line,
                path,
                $"Names that begin with {Hidden} are Socle's own: choose another name.",
                $"Les noms qui commencent par {Hidden} sont ceux de Socle : choisissez un autre nom.");
        }

        if (SystemColumns.Contains(name))
        {
            reader.Refuse(
                line,
                path,
                $"PostgreSQL keeps the column '{name}' for itself: choose another name.",
                $"PostgreSQL se réserve la colonne « {name} » : choisissez un autre nom.");
        }
    }

    /// <summary>Columns that are moved aside bear such names.</summary>
    private const string Hidden = "socle_aside_";

    public static void CheckName(string name, int line, string path, NodeReader reader)
    {
        if (name.Length > LongestName)
        {
            reader.Refuse(
                line,
                path,
                $"'{name[..20]}…' has {name.Length} characters; a name has at most {LongestName}.",
                $"« {name[..20]}… » a {name.Length} caractères ; un nom en a {LongestName} au plus.");
        }
        else if (!Pattern().IsMatch(name))
        {
            var hint = ToSnakeCase(name);
            reader.Refuse(
                line,
                path,
                $"'{name}' is not a name: use small letters a-z, digits and _, beginning with a letter{(hint is null ? "" : $", such as '{hint}'")}.",
                $"« {name} » n'est pas un nom : minuscules a-z, chiffres et _, en commençant par une lettre{(hint is null ? "" : $", comme « {hint} »")}.");
        }
    }

    /// <summary><c>companyName</c> and <c>Company name</c> → <c>company_name</c>; null when that does not help.</summary>
    private static string? ToSnakeCase(string name)
    {
        var snake = Boundary().Replace(name, "_").ToLowerInvariant();
        return Pattern().IsMatch(snake) ? snake : null;
    }

    [GeneratedRegex("^[a-z][a-z0-9_]*\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])|[ -]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Boundary();
}
