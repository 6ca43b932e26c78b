using FsCheck;
using FsCheck.Fluent;

namespace Socle.Tests.Postgres.Schema;

/// <summary>Blueprints that nobody would write: SQL's own words and PostgreSQL's types as names, names as long as they may be, every key on every type.</summary>
internal static class RandomBlueprint
{
    private static readonly string[] TableNames = ["order", "select", "user", "text", "uuid", "table", "group", "a", "plain_name", new string('t', 63)];

    private static readonly string[] FieldNames =
        ["name", "order", "user", "type", "end", "default", "check", "limit", "now", "a", "desc", "text", "numeric", new string('f', 63), "value_1"];

    /// <summary>YAML of a blueprint of one to four tables.</summary>
    public static Gen<string> Yaml { get; } =
        from tables in Gen.SubListOf(TableNames).Where(names => names.Count is >= 1 and <= 4)
        from bodies in Gen.CollectToSequence(tables.Select(name => Table(name, tables)))
        select $"blueprint: random\ntables:\n{string.Concat(bodies)}";

    private static Gen<string> Table(string name, IList<string> tables) =>
        from names in Gen.SubListOf(FieldNames).Where(names => names.Count is >= 1 and <= 6)
        from fields in Gen.CollectToSequence(names.Select(field => Field(field, tables)))
        from timestamps in Gen.Elements("true", "false")
        from label in Gen.Elements("Plain", "\"it's \\\\ \\\"quoted\\\"\"", "{ fr: Étiquette, en: Label }")
        from isUnique in Gen.Elements("true", "false")
        let list = fields.ToList()
        let index = list.Where(field => field.IsScalar).Select(field => field.Name).Take(3).ToList()
        let search = list.Where(field => field.IsText).Select(field => field.Name).ToList()
        select $"""
              {name}:
                label: {label}
                timestamps: {timestamps}
                search: [{string.Join(", ", search)}]
                fields:
            {string.Join("\n", list.Select(field => $"      {field.Name}: {field.Definition}"))}
                indexes: [{(index.Count < 2 ? "" : $"{{ fields: [{string.Join(", ", index)} desc], unique: {isUnique} }}")}]

            """;

    private sealed record RandomField(string Name, string Definition, bool IsText, bool IsScalar);

    private static Gen<RandomField> Field(string name, IList<string> tables) =>
        from kind in Kind(tables)
        from required in Gen.Elements("", ", required: true", ", required: false")
        from index in Gen.Elements("", ", index: true", ", index: false")
        from unique in Gen.Elements("", ", unique: true", kind.IsText ? ", unique: ignore_case" : "")
        from hasDefault in Gen.Elements(true, false)
        let value = hasDefault ? $", default: {kind.Default}" : ""
        select new RandomField(name, $"{{ {kind.Type}{required}{index}{unique}{value} }}", kind.IsText, kind.IsScalar);

    private sealed record RandomKind(string Type, string Default, bool IsText = false, bool IsScalar = true);

    private static Gen<RandomKind> Kind(IList<string> tables) =>
        from target in Gen.Elements(tables.ToArray())
        from action in Gen.Elements("restrict", "cascade")
        from text in Gen.Elements("active", "\"it's\"", "\"a\\\\b\"", "\"\"", "now", "'{}'", "\"dollar $1 :name @p ; --\"", "Œuvre")
        from kind in Gen.Elements(
            new RandomKind("type: text", text, IsText: true),
            new RandomKind("type: long_text", text, IsText: true),
            new RandomKind("type: email", "a@b.example", IsText: true),
            new RandomKind("type: url", "https://b.example/?a=1&b='2'", IsText: true),
            new RandomKind("type: phone", "06 12 34 56 78", IsText: true),
            new RandomKind("type: choice, choices: [one]", "one", IsText: true),
            new RandomKind("type: choice, choices: [\"it's\", { value: two, fr: Deux }, \"back\\\\slash\"]", "two", IsText: true),
            new RandomKind("type: number", "-12"),
            new RandomKind("type: decimal", "1.50"),
            new RandomKind("type: decimal, precision: 12, scale: 2", "19.90"),
            new RandomKind("type: decimal, precision: 5", "-99999"),
            new RandomKind("type: boolean", "true"),
            new RandomKind("type: date", "today"),
            new RandomKind("type: date", "2026-02-28"),
            new RandomKind("type: date_time", "now"),
            new RandomKind("type: date_time", "2026-02-28T10:00:00+02:00"),
            new RandomKind("type: uuid", "uuid"),
            new RandomKind("type: tags", "[a, \"b \\\"c\\\"\", \"{d}\", \"it's\", null]", IsScalar: false),
            new RandomKind("type: json", "{ a: [1, null, \"it's\"] }", IsScalar: false),
            new RandomKind($"type: reference, to: {target}, on_delete: {action}", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"))
        select kind;
}
