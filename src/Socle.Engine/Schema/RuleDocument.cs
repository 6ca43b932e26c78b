using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Socle.Rules;

namespace Socle.Schema;

/// <summary>All rules of one table as socle_system.put_rules takes them: what is kept of them, their constraints, their trigger's body.</summary>
internal static class RuleDocument
{
    /// <param name="table">The table's name, which is in the constraints' names.</param>
    /// <param name="set">The rules, resolved.</param>
    /// <param name="stored">The same as they are kept.</param>
    /// <param name="isLenient">Whether stored records may break them, as on the way back.</param>
    public static string Write(string table, RuleSet set, ImmutableArray<KeptRule> stored, bool isLenient)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("lenient", isLenient);
            WriteNames(json, "fields", set.Rules.SelectMany(rule => rule.Uses));
            json.WriteStartArray("rules");
            foreach (var (rule, compiled) in stored.Zip(set.Rules))
                Write(json, rule, compiled);
            json.WriteEndArray();
            json.WriteStartArray("checks");
            foreach (var check in RuleTrigger.Checks(set))
                Write(json, table, check);
            json.WriteEndArray();
            json.WriteString("body", RuleTrigger.Body(set));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, KeptRule stored, CompiledRule compiled)
    {
        json.WriteStartObject();
        json.WriteString("id", stored.Rule.Id);
        json.WriteString("definition", RuleJson.Write(stored.Rule));
        json.WriteString("blueprint", stored.Blueprint);
        WriteNames(json, "uses", compiled.Uses);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string table, RuleCheck check)
    {
        json.WriteStartObject();
        json.WriteString("name", SchemaNames.For("ck", table, "rule", check.Rule.Rule.Id));
        json.WriteString("expression", check.Expression);
        json.WriteString("rule", check.Rule.Rule.Id);
        json.WriteString("field", check.Field.Name);
        json.WriteBoolean("keep", check.Rule.Rule.KeepsExisting);
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string key, IEnumerable<RuleField> fields)
    {
        json.WriteStartArray(key);
        foreach (var name in fields.Select(field => field.Name).Distinct())
            json.WriteStringValue(name);
        json.WriteEndArray();
    }
}
