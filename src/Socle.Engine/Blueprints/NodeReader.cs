using System.Collections.Immutable;
using System.Globalization;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>Reads words, lists and maps off a YAML tree; what is not as expected becomes a fault with its line, and null.</summary>
internal sealed class NodeReader(List<Fault> faults)
{
    public void Refuse(int line, string path, string english, string french) =>
        faults.Add(new Fault(FaultCode.InvalidBlueprint, new Text(english, french), path, line));

    /// <summary>Refuses a name that is none of those known, with the nearest of them.</summary>
    public void RefuseUnknown(int line, string path, Text what, string name, IEnumerable<string> known)
    {
        var names = known.ToList();
        var hint = Suggestion.Find(name, names) is { } near
            ? new Text($"Did you mean '{near}'?", $"Vouliez-vous dire « {near} » ?")
            : new Text($"Known: {string.Join(", ", names)}.", $"Connus : {string.Join(", ", names)}.");
        Refuse(line, path, $"{what.English} '{name}' is unknown. {hint.English}", $"{what.French} « {name} » est inconnu. {hint.French}");
    }

    /// <summary>A map whose keys are all known.</summary>
    public YamlMap? ReadMap(YamlNode node, string path, IReadOnlyList<string> keys)
    {
        if (ReadMap(node, path) is not { } map)
            return null;
        foreach (var entry in map.Entries.Where(entry => !keys.Contains(entry.Key)))
            RefuseUnknown(entry.Line, Join(path, entry.Key), new("The key", "La clé"), entry.Key, keys);
        return map;
    }

    /// <summary>A map whose keys are names of the blueprint's own.</summary>
    public YamlMap? ReadMap(YamlNode node, string path)
    {
        if (node is YamlMap map)
            return map;
        Refuse(node.Line, path, $"'{path}' expects a group of 'key: value' lines.", $"« {path} » attend un groupe de lignes « clé: valeur ».");
        return null;
    }

    /// <summary>The members of a list; none when it is no list.</summary>
    public ImmutableArray<YamlNode> ReadList(YamlNode node, string path)
    {
        if (node is YamlList list)
            return list.Items;
        Refuse(node.Line, path, $"'{path}' expects a list: [a, b].", $"« {path} » attend une liste : [a, b].");
        return [];
    }

    public string? ReadWord(YamlNode node, string path)
    {
        if (node is YamlScalar scalar && !node.IsNull)
            return scalar.Text;
        Refuse(node.Line, path, $"'{path}' expects a word.", $"« {path} » attend un mot.");
        return null;
    }

    /// <summary>The name that something keeps through renames; null when none is given.</summary>
    public string? ReadId(YamlMap map, string path)
    {
        path = Join(path, "id");
        if (map.Find("id") is not { } entry || ReadWord(entry.Value, path) is not { } id)
            return null;
        BlueprintNames.CheckName(id, entry.Line, path, this);
        return id;
    }

    public bool? ReadBoolean(YamlNode? node, string path)
    {
        if (node is null)
            return null;
        if (node is YamlScalar { IsPlain: true, Text: "true" or "false" } scalar)
            return scalar.Text == "true";
        Refuse(node.Line, path, $"'{path}' expects true or false.", $"« {path} » attend true ou false.");
        return null;
    }

    public int? ReadInteger(YamlNode? node, string path, int low, int high)
    {
        if (node is null)
            return null;
        if (node is YamlScalar { IsPlain: true } scalar
            && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= low && number <= high)
        {
            return number;
        }

        Refuse(node.Line, path, $"'{path}' expects a whole number from {low} to {high}.", $"« {path} » attend un nombre entier de {low} à {high}.");
        return null;
    }

    /// <summary>One text for both languages, or one for each; a missing language borrows the other's.</summary>
    public Text? ReadLabel(YamlNode? node, string path) => node switch
    {
        null => null,
        YamlScalar when !node.IsNull => ReadWord(node, path) is { } word ? new Text(word, word) : null,
        _ => ReadMap(node, path, BlueprintKeys.Label) is { } map ? ReadLanguages(map, path) : null,
    };

    /// <summary>What the keys <c>fr</c> and <c>en</c> of a map say.</summary>
    public Text? ReadLanguages(YamlMap map, string path)
    {
        var french = map.Find("fr") is { } fr ? ReadWord(fr.Value, Join(path, "fr")) : null;
        var english = map.Find("en") is { } en ? ReadWord(en.Value, Join(path, "en")) : null;
        return (french ?? english) is { } any ? new Text(english ?? any, french ?? any) : null;
    }

    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
