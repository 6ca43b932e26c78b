using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Socle.Kernel;

namespace Socle.Rules;

/// <summary>
/// A rule as JSON, one form for the API, blueprints and the database. Takes an object; refuses unknown keys, wrong shapes and a rule
/// without any effect, every fault at once, with paths such as <c>late.require</c>.
/// </summary>
public static partial class RuleJson
{
    public static ImmutableArray<string> Keys { get; } = ["id", "when", "require", "hide", "show", "read_only", "choices", "set", "message", "existing"];

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Result<Rule> Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return RuleFaults.Shape("rules", "a rule is an object with an id and at least one effect.", "une règle est un objet avec un id et au moins un effet.");
        var id = json.TryGetProperty("id", out var word) && word.ValueKind == JsonValueKind.String ? word.GetString()! : "";
        if (!Id().IsMatch(id))
            return RuleFaults.Shape("id", "a rule needs an id: small letters, digits and _, beginning with a letter, at most 40.", "une règle a besoin d'un id : petites lettres, chiffres et _, commençant par une lettre, 40 au plus.");
        var reader = new RuleReader(id);
        var members = new Dictionary<string, JsonElement>();
        foreach (var member in json.EnumerateObject())
        {
            if (!Keys.Contains(member.Name))
                reader.RefuseKey(member.Name, Keys);
            members[member.Name] = member.Value;
        }

        var rule = new Rule(
            id,
            reader.Text(members, "when") ?? "",
            reader.Fields(members, "require"),
            reader.Fields(members, "hide"),
            reader.Fields(members, "show"),
            reader.Fields(members, "read_only"),
            reader.Choices(members, "choices"),
            reader.Values(members, "set"),
            reader.Message(members, "message"),
            reader.Existing(members, "existing"));
        if (reader.Faults.Count == 0 && !rule.Affected.Any())
            reader.Refuse("", "it has no effect: add require, hide, show, read_only, choices or set.", "elle n'a pas d'effet : ajoutez require, hide, show, read_only, choices ou set.");
        return reader.Faults.Count > 0 ? reader.Faults : rule;
    }

    /// <summary>The one text of a rule: what is not said is not there.</summary>
    public static string Write(Rule rule)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            Write(json, rule);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The members of a rule's object.</summary>
    public static void Write(Utf8JsonWriter json, Rule rule)
    {
        json.WriteString("id", rule.Id);
        if (rule.When.Length > 0)
            json.WriteString("when", rule.When);
        foreach (var (key, fields) in new[] { ("require", rule.Require), ("hide", rule.Hide), ("show", rule.Show), ("read_only", rule.ReadOnly) })
        {
            if (fields.IsEmpty)
                continue;
            json.WriteStartArray(key);
            foreach (var field in fields)
                json.WriteStringValue(field);
            json.WriteEndArray();
        }

        if (!rule.Choices.IsEmpty)
        {
            json.WriteStartObject("choices");
            foreach (var choice in rule.Choices)
            {
                json.WriteStartArray(choice.Field);
                foreach (var value in choice.Values)
                    value.WriteTo(json);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        if (!rule.Set.IsEmpty)
        {
            json.WriteStartObject("set");
            foreach (var set in rule.Set)
            {
                json.WritePropertyName(set.Field);
                set.Value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        if (rule.Message is { } message)
        {
            json.WriteStartObject("message");
            json.WriteString("fr", message.French);
            json.WriteString("en", message.English);
            json.WriteEndObject();
        }

        if (rule.KeepsExisting)
            json.WriteString("existing", "keep");
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,39}\\z", RegexOptions.None, 1000)]
    private static partial Regex Id();
}
