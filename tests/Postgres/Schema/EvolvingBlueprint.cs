using System.Globalization;

namespace Socle.Tests.Postgres.Schema;

/// <summary>A blueprint that changes at random: tables and fields are made, renamed, dropped, moved, retyped, required, indexed, made unique; and records for it.</summary>
internal sealed class EvolvingBlueprint(Random random)
{
    private static readonly string[] Types = ["text", "number", "decimal", "boolean", "date", "date_time", "tags", "json", "uuid", "choice", "reference", "decimal, precision: 10, scale: 2", "currency", "percentage", "duration", "rating, max: 100"];

    private static readonly string[] Texts = ["12", "007", "1.50", "a, b", "true", "2026-02-28", "31/12/2026", "douze", "", "{\"a\": [1]}", "it's \\ \"x\"", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "1e30"];

    private List<Table> _tables = [];
    private List<Table> _before = [];
    private int _names;

    private sealed record Field(string Key, string Name, string Type, bool IsRequired, bool IsUnique, bool IsIndexed, bool HasDefault, string Target);

    private sealed record Table(string Key, string Name, List<Field> Fields, bool HasTimestamps, bool HasHistory);

    /// <summary>The YAML after some changes.</summary>
    public string Next()
    {
        _before = [.. _tables.Select(table => table with { Fields = [.. table.Fields] })];
        if (_tables.Count == 0)
        {
            AddTable();
            AddTable();
        }
        else
        {
            for (var i = random.Next(1, 4); i > 0; i--)
                Change();
        }

        // What a reference pointed to may be gone.
        foreach (var table in _tables)
        {
            for (var i = 0; i < table.Fields.Count; i++)
            {
                if (!_tables.Exists(other => other.Key == table.Fields[i].Target))
                    table.Fields[i] = table.Fields[i] with { Target = table.Key };
            }
        }

        return Yaml();
    }

    /// <summary>As before the last <see cref="Next"/>.</summary>
    public void Undo() => _tables = _before;

    /// <summary>Statements that insert records into each table.</summary>
    public IEnumerable<string> Records()
    {
        foreach (var table in _tables)
        {
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                var given = table.Fields.Where(field => field.Type != "reference" && (field.IsRequired && !field.HasDefault || random.Next(3) > 0)).ToList();
                yield return given.Count == 0
                    ? $"INSERT INTO public.{table.Name} DEFAULT VALUES"
                    : $"INSERT INTO public.{table.Name} ({string.Join(", ", given.Select(field => field.Name))}) VALUES ({string.Join(", ", given.Select(Value))})";
            }

            foreach (var field in table.Fields.Where(field => field.Type == "reference"))
                yield return $"UPDATE public.{table.Name} SET {field.Name} = (SELECT id FROM public.{_tables.Find(other => other.Key == field.Target)!.Name} LIMIT 1) WHERE {field.Name} IS NULL AND random() < 2";
        }
    }

    private void Change()
    {
        var table = _tables[random.Next(_tables.Count)];
        var at = random.Next(table.Fields.Count);
        var field = table.Fields[at];
        switch (random.Next(14))
        {
            case 0: AddTable(); break;
            case 1 when _tables.Count > 1: _tables.Remove(table); break;
            case 2: Replace(table, table with { Name = NewName("t") }); break;
            case 3 or 4: table.Fields.Insert(random.Next(table.Fields.Count + 1), NewField(table)); break;
            case 5 when table.Fields.Count > 1: table.Fields.RemoveAt(at); break;
            case 6 or 7: table.Fields[at] = field with { Name = NewName("f") }; break;
            case 8 or 9: table.Fields[at] = field with { Type = Types[random.Next(Types.Length)], HasDefault = false }; break;
            case 10: table.Fields[at] = field with { IsRequired = !field.IsRequired }; break;
            case 11: table.Fields[at] = field with { IsUnique = !field.IsUnique }; break;
            case 12: table.Fields[at] = field with { IsIndexed = !field.IsIndexed, HasDefault = !field.HasDefault }; break;
            default:
                table.Fields.RemoveAt(at);
                table.Fields.Insert(random.Next(table.Fields.Count + 1), field);
                if (random.Next(3) == 0)
                    Replace(table, table with { HasTimestamps = !table.HasTimestamps, HasHistory = !table.HasHistory });
                break;
        }
    }

    private void Replace(Table table, Table other) => _tables[_tables.IndexOf(table)] = other;

    private void AddTable()
    {
        var name = NewName("t");
        var table = new Table(name, name, [], random.Next(2) == 0, random.Next(4) > 0);
        _tables.Add(table);
        for (var i = random.Next(1, 5); i > 0; i--)
            table.Fields.Add(NewField(table));
    }

    private Field NewField(Table table)
    {
        var name = NewName("f");
        return new Field(name, name, Types[random.Next(Types.Length)], random.Next(4) == 0, random.Next(5) == 0, random.Next(3) == 0, random.Next(3) == 0, _tables.Count == 0 ? table.Key : _tables[random.Next(_tables.Count)].Key);
    }

    private string NewName(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{++_names}");

    private string Yaml() => "blueprint: random\ntables:\n" + string.Concat(_tables.Select(table =>
        $"  {table.Name}:\n    id: {table.Key}\n    timestamps: {Word(table.HasTimestamps)}\n    history: {Word(table.HasHistory)}\n    fields:\n" +
        string.Concat(table.Fields.Select(field => $"      {field.Name}: {{ {Definition(field)} }}\n"))));

    private string Definition(Field field) => string.Join(
        ", ",
        [
            $"id: {field.Key}",
            $"type: {field.Type}",
            .. field.Type == "choice" ? ["choices: [\"12\", douze, \"it's\"]"] : Array.Empty<string>(),
            .. field.Type == "reference" ? [$"to: {_tables.Find(table => table.Key == field.Target)!.Name}, on_delete: {(field.Target.Length % 2 == 0 ? "restrict" : "cascade")}"] : Array.Empty<string>(),
            .. field.IsRequired && field.Type != "reference" ? ["required: true"] : Array.Empty<string>(),
            .. field.IsUnique && field.Type is not ("tags" or "json" or "boolean") ? ["unique: true"] : Array.Empty<string>(),
            .. field.IsIndexed ? ["index: true"] : Array.Empty<string>(),
            .. field.HasDefault && Default(field) is { } value ? [$"default: {value}"] : Array.Empty<string>(),
        ]);

    private static string? Default(Field field) => field.Type switch
    {
        "text" => "\"it's\"",
        "number" => "7",
        "date_time" => "now",
        "uuid" => "uuid",
        "tags" => "[]",
        "choice" => "douze",
        _ when field.Type.StartsWith("decimal", StringComparison.Ordinal) => "1.50",
        _ => null,
    };

    private string Value(Field field) => field.Type switch
    {
        "text" => $"'{Texts[random.Next(Texts.Length)].Replace("'", "''", StringComparison.Ordinal)}'",
        "number" => random.Next(-50, 50).ToString(CultureInfo.InvariantCulture),
        "boolean" => Word(random.Next(2) == 0),
        "date" => $"date '2026-01-01' + {random.Next(400)}",
        "date_time" => $"timestamptz '2026-01-01T00:00:00Z' + interval '{random.Next(10000)} minutes'",
        "tags" => random.Next(2) == 0 ? "'{a,\"b c\",NULL}'" : "'{}'",
        "duration" => $"interval '{random.Next(3)} days {random.Next(100_000)} seconds'",
        "rating, max: 100" => random.Next(101).ToString(CultureInfo.InvariantCulture),
        "json" => random.Next(2) == 0 ? "'{\"a\": [1, null]}'" : "'12'",
        "uuid" => "gen_random_uuid()",
        "choice" => random.Next(2) == 0 ? "'12'" : "'douze'",
        _ => (random.Next(100_000) / 100m).ToString(CultureInfo.InvariantCulture),
    };

    private static string Word(bool value) => value ? "true" : "false";
}
