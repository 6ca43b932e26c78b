using System.Text;

namespace Socle.Tests.Server.Fuzz;

/// <summary>Query strings: parts of the grammar put together from real names, spoilt by garbage as often as the noise says.</summary>
/// <param name="noise">The percentage of wrong parts.</param>
internal sealed class QueryFuzzer(Vocabulary vocabulary, Random random, int noise)
{
    private static readonly string[] WrongOperators = ["EQ", "equals", "eq(some)", "not.not.eq", "", "like(all)", "fts(nothing)", "is", "in", "cs"];
    private static readonly string[] Casts = ["text", "int", "numeric(10,2)", "int[]", "double precision", "timestamp with time zone", "date", "uuid", "jsonb", "char(5)"];
    private static readonly string[] WrongCasts = ["nope", "pg_catalog.text", "int; DROP TABLE guarded", "numeric(2000)", "varchar(0)", "text(5)"];
    private static readonly string[] Aggregates = ["sum", "avg", "min", "max", "count", "day", "month"];

    private readonly ValueFuzzer _values = new(random, noise);
    private int _aliases;

    public bool IsWrong => random.Chance(noise);

    /// <summary>The parameters, each "key=value", unescaped.</summary>
    public List<string> Parameters(FuzzTable table)
    {
        var parameters = new List<string>();
        if (random.Chance(60))
            parameters.Add($"select={Select(table, 0, "", parameters)}");
        for (var i = random.Next(4); i > 0; i--)
            parameters.Add(Parameter(table));
        return noise == 0 ? [.. parameters.DistinctBy(parameter => parameter.Split('=')[0])] : parameters;
    }

    public string Join(IEnumerable<string> parameters) => string.Join('&', parameters.Select(Escape));

    public string Name(FuzzTable table)
    {
        var name = table.Columns.Length > 0 && !IsWrong ? random.One(table.Columns).Name : random.Chance(50) ? random.One(random.One(vocabulary.Tables).Columns is { Length: > 0 } columns ? columns : [new FuzzColumn("id", "integer")]).Name : random.Text();
        return Written(name);
    }

    private string Written(string name) =>
        name.Any(c => c < 128 && !char.IsAsciiLetterOrDigit(c) && c is not ('_' or ' ')) && !IsWrong
            ? $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : name;

    private string Parameter(FuzzTable table) => IsWrong ? Wrong(table) : random.Next(12) switch
    {
        0 or 1 => $"order={string.Join(',', Enumerable.Range(0, random.Next(1, 3)).Select(_ => Order(table)))}",
        2 => $"limit={random.Next(0, 30)}",
        3 => $"offset={random.Next(-1, 5)}",
        4 => $"count={random.One(["exact", "planned", "estimated"])}",
        5 => $"q={random.Text().Replace("\0", "", StringComparison.Ordinal)}",
        6 or 7 => $"{random.One(["or", "and", "not.or", "not.and"])}={Group(table, 0)}",
        _ => Condition(table, '='),
    };

    private string Wrong(FuzzTable table) => random.Next(7) switch
    {
        0 => $"{random.One(["limit", "offset", "order", "select", "count", "or", "columns", "on_conflict"])}={random.Text()}",
        1 => $"{random.One(vocabulary.Relations)}.{random.One(["order", "limit", "offset", "or", "and"])}={(random.Chance(50) ? Group(table, 0) : random.Text())}",
        2 => $"{random.One(vocabulary.Relations)}.{Name(table)}=eq.1",
        3 => $"{random.One(vocabulary.Relations)}={random.One(["is.null", "not.is.null", "eq.1"])}",
        4 => $"{random.One(["columns", "on_conflict"])}={string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Name(table)))}",
        5 => $"{Name(table)}={random.One(WrongOperators)}.{random.Text()}",
        _ => $"{random.Text()}={random.Text()}",
    };

    public string Condition(FuzzTable table, char separator)
    {
        if (table.Columns.Length == 0 || IsWrong)
            return $"{Path(table)}{separator}{random.One(WrongOperators)}.{random.Text()}";
        var column = random.One(table.Columns);
        return $"{Written(column.Name)}{separator}{(random.Chance(15) ? "not." : "")}{_values.Condition(column.Type, inGroup: separator == '.')}";
    }

    private string Path(FuzzTable table)
    {
        var column = table.Columns.Length > 0 ? random.One(table.Columns) : new FuzzColumn("id", "integer");
        var path = new StringBuilder(IsWrong ? Name(table) : Written(column.Name));
        while (random.Chance(column.Type is "jsonb" or "json" ? 40 : noise / 3))
            path.Append(random.Chance(70) ? "->" : "->>").Append(random.Chance(50) ? random.Next(-2, 3).ToString() : IsWrong ? random.Text() : random.One(["a", "k", "list", "\"it's\""]));
        return path.ToString();
    }

    private string Order(FuzzTable table) =>
        (IsWrong ? $"{random.One(vocabulary.Relations)}({Name(table)})" : Path(table)) + random.One(["", ".asc", ".desc", ".desc.nullslast", ".nullsfirst", IsWrong ? ".asc.desc" : ""]);

    private string Group(FuzzTable table, int depth) => $"({string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
        depth < 5 && random.Chance(25) ? random.One(["or", "and", "not.or", "not.and"]) + Group(table, depth + 1) : Condition(table, '.')))}{(IsWrong ? "" : ")")}";

    private string Select(FuzzTable table, int depth, string path, List<string> parameters) =>
        string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Item(table, depth, path, parameters)));

    private string Item(FuzzTable table, int depth, string path, List<string> parameters) => random.Next(11) switch
    {
        0 => "*",
        1 when random.Chance(30) => $"n{++_aliases}:count()",
        2 when random.Chance(30) => $"n{++_aliases}:{Path(table)}.{(noise == 0 ? "count" : random.One(Aggregates))}()",
        3 => $"n{++_aliases}:{Path(table)}::{(noise == 0 ? "text" : IsWrong ? random.One(WrongCasts) : random.One(Casts))}",
        4 when IsWrong => random.Text(),
        5 or 6 or 7 when depth < 5 => Embed(table, depth, path, parameters),
        _ => $"n{++_aliases}:{Path(table)}",
    };

    /// <summary>An embed, and now and then parameters for it.</summary>
    private string Embed(FuzzTable table, int depth, string path, List<string> parameters)
    {
        if (table.Links.Length == 0 && noise == 0)
            return "*";
        if (table.Links.Length == 0 || IsWrong)
            return $"{random.One(["...", "a:", ""])}{random.One(vocabulary.Relations)}{random.One(["", "!inner", "!outer", $"!{random.One(vocabulary.Relations)}"])}({Name(table)})";
        var link = random.One(table.Links);
        var target = vocabulary.Find(link.Target);
        var name = $"e{++_aliases}";
        var own = $"{path}{name}.";
        if (random.Chance(25))
            parameters.Add($"{own}{Condition(target, '=')}");
        if (random.Chance(15))
            parameters.Add($"{own}{random.One(["limit=1", "offset=1", $"order={Order(target)}", $"or={Group(target, 0)}"])}");
        if (random.Chance(10) && depth == 0)
            parameters.Add($"{name}={random.One(["is.null", "not.is.null"])}");
        return random.Chance(15)
            ? $"...{Written(link.Target)}!{Written(link.Hint)}(n{++_aliases}:{Path(target)})"
            : $"{name}:{Written(link.Target)}!{Written(link.Hint)}{random.One(["", "", "!inner", "!left"])}({(random.Chance(10) ? "" : Select(target, depth + 1, own, parameters))})";
    }

    private string Escape(string parameter)
    {
        if (IsWrong && random.Chance(15))
            return GarbageEncoding.Encode(parameter) + random.One(["%", "%ZZ", "%FF", "%00", "%C0%80", "%ED%A0%80", "&&&", "==", ";", "+", "%26"]);
        var equals = parameter.IndexOf('=', StringComparison.Ordinal);
        return $"{GarbageEncoding.Encode(parameter[..equals])}={GarbageEncoding.Encode(parameter[(equals + 1)..])}";
    }
}
