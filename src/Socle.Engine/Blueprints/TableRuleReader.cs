using System.Collections.Immutable;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Blueprints;

/// <summary>Takes the conditional rules of a table as written, gives them read. Judges them against the table's fields and each other, before there is any database.</summary>
internal sealed class TableRuleReader(NodeReader reader)
{
    private static readonly FieldType Json = FieldTypeRegistry.Find("json")!;

    public ImmutableArray<Rule> Read(YamlEntry? entry, TableBlueprint table, string path)
    {
        if (entry is null)
            return [];
        var rules = new List<(Rule Rule, int Line)>();
        foreach (var node in reader.ReadList(entry.Value, path))
        {
            var read = RuleJson.Read(BlueprintValues.ToJson(node, Json));
            if (read.IsFault)
                Refuse(read.Faults, node.Line, path);
            else
                rules.Add((read.Value, node.Line));
        }

        // A field of an unknown type is one fault, not one more for each rule about it.
        if (table.Fields.Any(field => field.Type == FieldReader.UnknownType))
            return [.. rules.Select(item => item.Rule)];
        var set = RuleSet.Compile(table.Fields.Select(field => Field(table, field)), rules.Select(item => item.Rule));
        foreach (var fault in set.Faults)
            Refuse([fault], rules.Find(item => item.Rule.Id == fault.Field?.Split('.')[0]) is { Line: > 0 and var line } ? line : entry.Line, path);
        return [.. rules.Select(item => item.Rule)];
    }

    private void Refuse(IEnumerable<Fault> faults, int line, string path)
    {
        foreach (var fault in faults)
            reader.Refuse(line, $"{path}.{fault.Field}", fault.Message.English, fault.Message.French);
    }

    private static RuleField Field(TableBlueprint table, FieldBlueprint field) => RuleField.Of(
        field.Name,
        field.Type.ColumnType(field.Settings),
        field.IsRequired,
        field.Type is FormulaField or AutonumberField || (table.HasTimestamps && field.Name is "created_at" or "updated_at"),
        field.Type is ChoiceField ? field.Settings.Choices?.Select(choice => choice.Value) : null);
}
