namespace Socle.Schema;

/// <summary>
/// Takes an expression of one type, gives it in another: what can be read as the other type is, the rest is null.
/// Types as format_type prints them. Pure text; the functions are in 0003_migrations.sql.
/// </summary>
internal static class TypeCast
{
    private static readonly string[] Moments = ["date", "timestamp with time zone", "timestamp without time zone"];

    private static readonly string[] Integers = ["smallint", "integer", "bigint"];

    private static readonly string[] Numbers = [.. Integers, "real", "double precision"];

    private static readonly string[] WithoutEquality = ["json", "xml", "point", "box", "polygon", "path"];

    public static string Sql(string value, string from, string to)
    {
        if (from == to)
            return value;
        if (IsJson(from))
            return FromJson(value, from, to);
        if (IsJson(to))
            return IsText(from) ? $"(CASE WHEN {value} ~ '^\\s*[\\[{{]' AND socle_system.can_cast({value}::text, '{to}') THEN {value}::{to} ELSE to_{to}({value}) END)" : $"to_{to}({value})";
        if (to.EndsWith("[]", StringComparison.Ordinal))
            return from.EndsWith("[]", StringComparison.Ordinal) ? Read($"{value}::text", to) : $"string_to_array({value}::text, ', ')::{to}";
        if (from.EndsWith("[]", StringComparison.Ordinal))
            return Read($"array_to_string({value}, ', ')", to);
        if (Moments.Contains(from) && Moments.Contains(to))
            return $"{value}::{to}";
        return FromScalar(value, from, to);
    }

    /// <summary>Whether a value that is there would be another, or none, afterwards.</summary>
    public static string Loses(string value, string from, string to)
    {
        var cast = Sql(value, from, to);
        if (!IsText(from) && !IsJson(from))
        {
            var back = Sql($"({cast})", to, from);
            return WithoutEquality.Contains(from) ? $"({back})::text IS DISTINCT FROM {value}::text" : $"({back}) IS DISTINCT FROM {value}";
        }

        if (IsText(to))
            return $"({cast})::text IS DISTINCT FROM ({Sql(value, from, "text")})";
        if (!IsText(from) || !IsNumber(to))
            return $"({cast}) IS NULL";
        // The zeros in front of a postal code are part of it, and digits that a number has no room for are gone.
        return $"(CASE WHEN ({cast}) IS NULL THEN true ELSE {value} ~ '^\\s*[+-]?0[0-9]' OR ({cast})::numeric IS DISTINCT FROM ({value})::text::numeric END)";
    }

    /// <summary>Whether a value would be written otherwise after a change of type and another back.</summary>
    public static string Differs(string value, string from, string to) =>
        $"({Sql($"({Sql(value, from, to)})", to, from)})::text IS DISTINCT FROM {value}::text";

    private static string FromScalar(string value, string from, string to) => (from, to) switch
    {
        ("boolean", _) when IsNumber(to) => Read($"{value}::int::text", to),
        (_, "boolean") when IsNumber(from) => $"({value} <> 0)",
        _ when IsNumber(from) && Integers.Contains(to) => Read($"round({value}::numeric)::text", to),
        _ => Read($"{value}::text", to),
    };

    private static string FromJson(string value, string from, string to)
    {
        if (IsJson(to))
            return $"{value}::{to}";
        if (to == "text[]")
            return $"socle_system.json_words({value}::jsonb)";
        return Read(from == "jsonb" ? $"({value} #>> '{{}}')" : $"({value}::jsonb #>> '{{}}')", to);
    }

    /// <summary>Text read as a type, where it can be.</summary>
    private static string Read(string text, string to) => to switch
    {
        "text" or "character varying" => text,
        _ => $"(CASE WHEN socle_system.can_cast({text}, '{to.Replace("'", "''", StringComparison.Ordinal)}') THEN {text}::{to} END)",
    };

    private static bool IsJson(string type) => type is "json" or "jsonb";

    private static bool IsText(string type) => type == "text" || type.StartsWith("character", StringComparison.Ordinal) && !type.EndsWith("[]", StringComparison.Ordinal);

    private static bool IsNumber(string type) => Numbers.Contains(type) || type == "numeric" || type.StartsWith("numeric(", StringComparison.Ordinal);
}
