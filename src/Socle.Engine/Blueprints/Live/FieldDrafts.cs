using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;

namespace Socle.Blueprints.Live;

/// <summary>The fields of a <see cref="TableDraft"/>: added, changed, renamed, dropped, put in another order. Knows under which name each stands in the database.</summary>
internal sealed class FieldDrafts(TableDraft table, List<Fault> faults)
{
    /// <summary>What goes with any type; the other keys belong to the one type.</summary>
    private static readonly string[] Common = ["id", "label", "required", "unique", "default", "index"];

    private readonly Dictionary<string, string> _origins = table.Before?.Blueprint?.Fields.ToDictionary(field => field.Name, field => field.Name) ?? [];

    private JsonObject Fields => table.Keys["fields"]!.AsObject();

    public IEnumerable<(string Name, JsonObject Keys)> All => Fields.Where(item => item.Value is JsonObject).Select(item => (item.Key, item.Value!.AsObject()));

    /// <summary>The name of each field that was there, by its name now.</summary>
    public IReadOnlyDictionary<string, string> Origins => _origins;

    /// <summary>A map by name, where null drops a field, or a list of fields that say their names.</summary>
    public void Change(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
                Put(member.Name, member.Value);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            var names = new HashSet<string>();
            foreach (var (i, item) in value.EnumerateArray().Index())
            {
                if (PutNamed(item, $"fields[{i}]") is { } name && !names.Add(name))
                    table.Refuse($"fields.{name}", $"'{name}' is here twice.", $"« {name} » figure deux fois.");
            }
        }
        else
        {
            table.Refuse("fields", "'fields' expects the fields by their names: { \"city\": { \"type\": \"text\" } }.", "« fields » attend les champs par leurs noms : { « city » : { « type » : « text » } }.");
        }
    }

    /// <summary>A new one that says its name.</summary>
    public void Add(JsonElement body)
    {
        if (body.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && _origins.ContainsKey(name.GetString()!))
            faults.Add(new Fault(FaultCode.Conflict, $"There is a field '{name.GetString()}' already.", $"Il y a déjà un champ « {name.GetString()} ».", "name"));
        else
            PutNamed(body, "fields");
    }

    /// <summary>One that is there.</summary>
    public void Change(string name, JsonElement keys)
    {
        if (Fields.ContainsKey(name))
            Put(name, keys);
        else
            faults.Add(EditTargets.NoField(table.Before!, name));
    }

    public void Remove(string name)
    {
        if (Fields.ContainsKey(name))
            Drop(name);
        else
            faults.Add(EditTargets.NoField(table.Before!, name));
    }

    private string? PutNamed(JsonElement item, string path)
    {
        var name = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("name", out var found) && found.ValueKind == JsonValueKind.String ? found.GetString()! : "";
        if (name.Length == 0)
        {
            faults.Add(new Fault(FaultCode.Required, "A field says its name: { \"name\": \"city\", \"type\": \"text\" }.", "Un champ dit son nom : { « name » : « city », « type » : « text » }.", NodeReader.Join(path, "name")));
            return null;
        }

        Put(name, item);
        return name;
    }

    private void Put(string name, JsonElement value)
    {
        if (!Fields.ContainsKey(name))
            Fields[name] = value.ValueKind == JsonValueKind.Object ? Merge([], name, value) : TableDraft.ToNode(value);
        else if (value.ValueKind == JsonValueKind.Null)
            Drop(name);
        else if (value.ValueKind == JsonValueKind.Object)
            Merge(Fields[name]!.AsObject(), name, value);
        else
            ChangeType(Fields[name]!.AsObject(), TableDraft.ToNode(value));
    }

    private void Drop(string name)
    {
        if (table.Keys["key"] is JsonArray key && key.Any(part => TableDraft.Word(part) == name))
        {
            faults.Add(new Fault(
                FaultCode.Conflict,
                $"'{name}' is part of the table's key: choose another key first.",
                $"« {name} » fait partie de la clé de la table : choisissez d'abord une autre clé.",
                $"fields.{name}"));
            return;
        }

        Fields.Remove(name);
        _origins.Remove(name);
        table.Renew(name, to: null);
    }

    /// <summary>Those that are named come first, in that order. Fields that every table has keep their places.</summary>
    public void Arrange(JsonElement order)
    {
        if (order.ValueKind != JsonValueKind.Array || order.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String))
        {
            table.Refuse("order", "'order' expects a list of fields: [\"city\", \"name\"].", "« order » attend une liste de champs : [« city », « name »].");
            return;
        }

        var names = order.EnumerateArray().Select(name => name.GetString()!).ToList();
        foreach (var unknown in names.Where(name => !Fields.ContainsKey(name) && !_origins.ContainsKey(name)))
            new NodeReader(faults).RefuseUnknown(0, "order", new("The field", "Le champ"), unknown, Fields.Select(field => field.Key));
        foreach (var twice in names.GroupBy(name => name).Where(group => group.Count() > 1))
            table.Refuse("order", $"'{twice.Key}' is here twice.", $"« {twice.Key} » figure deux fois.");
        var sorted = Fields.OrderBy(field => names.IndexOf(field.Key) is >= 0 and var place ? place : int.MaxValue).ToList();
        Fields.Clear();
        foreach (var field in sorted)
            Fields.Add(field);
    }

    private JsonObject Merge(JsonObject keys, string name, JsonElement value)
    {
        if (value.TryGetProperty("type", out var type) && keys["type"] is { } before && (type.ValueKind != JsonValueKind.String || type.GetString() != TableDraft.Word(before)))
            ChangeType(keys, TableDraft.ToNode(type));
        foreach (var member in value.EnumerateObject())
        {
            var key = TableDraft.KeyOf(member.Name, BlueprintKeys.Field);
            if (key == "name")
                Rename(name, member.Value);
            else if (key != "type" || member.Value.ValueKind != JsonValueKind.Null)
                TableDraft.Set(keys, key, member.Value);
        }

        return keys;
    }

    /// <summary>What only the old type knew goes with it.</summary>
    private static void ChangeType(JsonObject keys, JsonNode? type)
    {
        foreach (var key in keys.Select(member => member.Key).Except(Common).ToList())
            keys.Remove(key);
        keys["type"] = type;
    }

    private void Rename(string from, JsonElement value)
    {
        var to = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (to == from)
            return;
        if (to.Length == 0 || !Fields.ContainsKey(from))
        {
            table.Refuse($"fields.{from}.name", "'name' expects a word: the field's name.", "« name » attend un mot : le nom du champ.");
            return;
        }

        if (Fields.ContainsKey(to))
        {
            faults.Add(new Fault(FaultCode.Conflict, $"There is a field '{to}' already.", $"Il y a déjà un champ « {to} ».", $"fields.{from}.name"));
            return;
        }

        Fields.Insert(Fields.IndexOf(from), to, null);
        var keys = Fields[from];
        Fields.Remove(from);
        Fields[to] = keys;
        if (_origins.Remove(from, out var origin))
            _origins[to] = origin;
        table.Renew(from, to);
        table.RenewFormulas(from, to);
    }
}
