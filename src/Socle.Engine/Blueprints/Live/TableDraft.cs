using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Socle.Formulas;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Blueprints.Live;

/// <summary>
/// A table while it is being changed, in a blueprint's keys: takes what somebody sends, key by key (null takes a key away), and
/// remembers which field is which. What the keys say is judged by the blueprint's own reader, when all is said. Pure.
/// </summary>
internal sealed partial class TableDraft
{
    private static readonly IReadOnlyList<string> Known = [.. BlueprintKeys.Table.Except(["sample", "rules"])];

    private readonly List<Fault> _faults = [];

    private TableDraft(string name, LiveTable? before)
    {
        Name = name;
        Before = before;
        Keys = before?.Blueprint is { } table ? TableKeys.Of(table) : new JsonObject { ["fields"] = new JsonObject() };
        Fields = new FieldDrafts(this, _faults);
    }

    public string Name { get; private set; }

    public LiveTable? Before { get; }

    /// <summary>What a blueprint would say under the table's name.</summary>
    public JsonObject Keys { get; }

    public FieldDrafts Fields { get; }

    public IReadOnlyList<Fault> Faults => _faults;

    public static TableDraft New() => new("", null);

    /// <param name="table">One that has a blueprint.</param>
    public static TableDraft Of(LiveTable table) => new(table.Name, table);

    /// <summary>Everything that may be said of a table; what is not sent stays.</summary>
    public void Change(JsonElement body)
    {
        foreach (var member in body.EnumerateObject())
        {
            var key = KeyOf(member.Name, [.. Known, "name", "order"]);
            switch (key)
            {
                case "name":
                    Rename(member.Value);
                    break;
                case "fields":
                    Fields.Change(member.Value);
                    break;
                case "order":
                    break;
                case "sample":
                    Refuse("sample", "Write the records themselves when the table is there: POST /api/{table}.", "Écrivez les enregistrements eux-mêmes quand la table existe : POST /api/{table}.");
                    break;
                case "rules":
                    Refuse("rules", "Rules have an address of their own: /api/schema/tables/{table}/rules.", "Les règles ont leur propre adresse : /api/schema/tables/{table}/rules.");
                    break;
                default:
                    Set(Keys, key, member.Value);
                    break;
            }
        }

        // Names are those that the fields have by now.
        if (body.TryGetProperty("order", out var order))
            Fields.Arrange(order);
        if (Before is null && !body.TryGetProperty("name", out _))
            _faults.Add(new Fault(FaultCode.Required, "'name' is missing: the table's name.", "« name » manque : le nom de la table.", "name"));
    }

    public void Refuse(string path, string english, string french) => _faults.Add(new Fault(FaultCode.InvalidValue, english, french, path));

    /// <summary><c>onDelete</c> and <c>on_delete</c> are the same key.</summary>
    public static string KeyOf(string name, IReadOnlyList<string> known) =>
        FieldKeys.ToSnakeCase(name) is var snake && known.Contains(snake) ? snake : name;

    public static void Set(JsonObject keys, string key, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            keys.Remove(key);
        else
            keys[key] = ToNode(value);
    }

    public static JsonNode? ToNode(JsonElement value) => JsonNode.Parse(value.GetRawText());

    /// <summary>In what speaks of a field by its name; without one to take its place, it is no longer spoken of.</summary>
    public void Renew(string field, string? to)
    {
        if (Keys["key"] is JsonArray key)
            Keys["key"] = Renew(key, field, to);
        if (Keys["search"] is JsonArray search)
            Keys["search"] = Renew(search, field, to);
        // Nothing left to search by is nothing said.
        if (to is null && Keys["search"] is JsonArray { Count: 0 })
            Keys.Remove("search");
        foreach (var (_, keys) in Fields.All.Where(_ => to is not null))
        {
            if (Word(keys["formula"]) is { } formula)
                keys["formula"] = Formula.Rename(formula, new Dictionary<string, string> { [field] = to! });
        }

        // A rule about a field that goes is left to be refused by name.
        if (to is not null && Keys["rules"] is JsonArray rules)
            Keys["rules"] = new JsonArray([.. rules.Select(rule => Renew(rule, field, to))]);

        foreach (var index in (Keys["indexes"] as JsonArray ?? []).ToList())
        {
            if ((index as JsonArray ?? (index as JsonObject)?["fields"]) is not JsonArray terms)
                continue;
            if (to is null && terms.Any(term => IsTermOf(term, field)))
                Keys["indexes"]!.AsArray().Remove(index);
            for (var i = 0; i < terms.Count; i++)
            {
                if (to is not null && IsTermOf(terms[i], field))
                    terms[i] = to + Word(terms[i])![field.Length..];
            }
        }
    }

    /// <summary>In formulas and lookups that name a field which is renamed; words in quotes are none. A formula over a field that goes is then refused.</summary>
    public void RenewFormulas(string field, string to)
    {
        foreach (var (_, keys) in Fields.All)
        {
            if (Word(keys["through"]) == field)
                keys["through"] = to;
            if (Word(keys["formula"]) is { } formula)
                keys["formula"] = Names().Replace(formula, match => match.Value == field ? to : match.Value);
        }
    }

    [GeneratedRegex("""'(?:[^']|'')*'|(?>[A-Za-z_][A-Za-z0-9_]*)(?!\s*\()""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Names();

    /// <summary>Null for what is no text.</summary>
    public static string? Word(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static JsonNode? Renew(JsonNode? rule, string field, string to) =>
        RuleJson.Read(JsonSerializer.SerializeToElement(rule)) is { IsFault: false, Value: var read }
            ? JsonNode.Parse(RuleJson.Write(read.Rename(new Dictionary<string, string> { [field] = to })))
            : rule?.DeepClone();

    private static JsonArray Renew(JsonArray names, string field, string? to) =>
        new([.. names.Where(name => to is not null || Word(name) != field).Select(name => Word(name) == field ? to! : name?.DeepClone())]);

    /// <summary><c>city</c>, or <c>city desc</c>.</summary>
    private static bool IsTermOf(JsonNode? term, string field) => Word(term) is { } text && (text == field || text.StartsWith(field + " ", StringComparison.Ordinal));

    private void Rename(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 } name)
        {
            Refuse("name", "'name' expects a word: the table's name.", "« name » attend un mot : le nom de la table.");
            return;
        }

        // A table that refers to itself still does.
        foreach (var field in Fields.All.Where(field => Before is not null && Word(field.Keys["to"]) == Name))
            field.Keys["to"] = name;
        Name = name;
    }
}
