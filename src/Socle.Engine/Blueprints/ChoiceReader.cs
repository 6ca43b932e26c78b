using Socle.FieldTypes;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>Reads the list of a choice field: plain words, or maps of value, fr and en; or the table whose rows are its values.</summary>
internal sealed class ChoiceReader(NodeReader reader)
{
    private static readonly string[] NeededOfSource = ["from", "value"];

    public List<Choice> Read(YamlNode node, string path)
    {
        var choices = new List<Choice>();
        var items = reader.ReadList(node, path);
        for (var i = 0; i < items.Length; i++)
        {
            if (ReadChoice(items[i], $"{path}[{i}]") is not { } choice)
                continue;
            if (choices.Exists(other => other.Value == choice.Value))
                reader.Refuse(items[i].Line, $"{path}[{i}]", $"The choice '{choice.Value}' is here twice.", $"Le choix « {choice.Value} » figure deux fois.");
            else
                choices.Add(choice);
        }

        if (node is YamlList && items.IsEmpty)
            reader.Refuse(node.Line, path, "A choice needs at least one value.", "Un choix a besoin d'au moins une valeur.");
        return choices;
    }

    public ChoiceSource? ReadSource(YamlMap node, string path)
    {
        var map = reader.ReadMap(node, path, BlueprintKeys.ChoiceSource)!;
        foreach (var key in NeededOfSource.Where(key => map.Find(key) is null))
            reader.Refuse(node.Line, path, $"Choices from a table need '{key}'.", $"Des choix tirés d'une table ont besoin de « {key} ».");
        string? Read(string key) => map.Find(key) is { } entry ? reader.ReadWord(entry.Value, NodeReader.Join(path, key)) : null;
        return (Read("from"), Read("value")) is ({ } from, { } value) ? new ChoiceSource(from, value, Read("label"), Read("where"), Read("order")) : null;
    }

    private Choice? ReadChoice(YamlNode node, string path)
    {
        if (node is YamlScalar)
            return reader.ReadWord(node, path) is { } word ? new Choice(word, new Text(word, word)) : null;
        if (reader.ReadMap(node, path, BlueprintKeys.Choice) is not { } map)
            return null;
        if (map.Find("value") is { } entry)
            return reader.ReadWord(entry.Value, NodeReader.Join(path, "value")) is { } value ? new Choice(value, reader.ReadLanguages(map, path) ?? new Text(value, value)) : null;
        reader.Refuse(node.Line, path, "A choice needs 'value'.", "Un choix a besoin de « value ».");
        return null;
    }
}
