using System.Collections.Immutable;
using System.Text.Json;
using Socle.Kernel;

namespace Socle.Rules;

/// <summary>The members of one rule's JSON; what is not as expected becomes a fault.</summary>
internal sealed class RuleReader(string rule)
{
    private const int LongestText = 10_000;

    public List<Fault> Faults { get; } = [];

    public void Refuse(string key, string english, string french) =>
        Faults.Add(RuleFaults.Shape(key.Length == 0 ? rule : $"{rule}.{key}", english, french));

    public void RefuseKey(string key, ImmutableArray<string> known)
    {
        var near = Suggestion.Find(key, known);
        Refuse(
            key,
            "this key is unknown. " + (near is null ? $"Known: {string.Join(", ", known)}." : $"Did you mean '{near}'?"),
            "cette clé est inconnue. " + (near is null ? $"Connues : {string.Join(", ", known)}." : $"Vouliez-vous dire « {near} » ?"));
    }

    public string? Text(Dictionary<string, JsonElement> members, string key)
    {
        if (!members.TryGetValue(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (FindText(value) is { } text)
            return text;
        Refuse(key, "text is expected.", "du texte est attendu.");
        return null;
    }

    public ImmutableArray<string> Fields(Dictionary<string, JsonElement> members, string key)
    {
        if (!members.TryGetValue(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return [];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(member => FindText(member) is not null))
            return [.. value.EnumerateArray().Select(member => member.GetString()!).Distinct()];
        Refuse(key, "a list of fields is expected: [a, b].", "une liste de champs est attendue : [a, b].");
        return [];
    }

    public ImmutableArray<FieldChoices> Choices(Dictionary<string, JsonElement> members, string key)
    {
        if (!members.TryGetValue(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return [];
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(member => member.Value.ValueKind == JsonValueKind.Array))
            return [.. Last(value).Select(member => new FieldChoices(member.Name, [.. member.Value.EnumerateArray().Select(choice => choice.Clone())]))];
        Refuse(key, "a list of values for each field is expected: { status: [a, b] }.", "une liste de valeurs par champ est attendue : { status: [a, b] }.");
        return [];
    }

    public ImmutableArray<FieldValue> Values(Dictionary<string, JsonElement> members, string key)
    {
        if (!members.TryGetValue(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return [];
        if (value.ValueKind == JsonValueKind.Object)
            return [.. Last(value).Select(member => new FieldValue(member.Name, member.Value.Clone()))];
        Refuse(key, "a value for each field is expected: { priority: high }.", "une valeur par champ est attendue : { priority: high }.");
        return [];
    }

    public Text? Message(Dictionary<string, JsonElement> members, string key)
    {
        if (!members.TryGetValue(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (FindText(value) is { } both)
            return new Text(both, both);
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(member => member.Name is "fr" or "en" && FindText(member.Value) is not null))
        {
            var english = value.TryGetProperty("en", out var en) ? en.GetString() : null;
            var french = value.TryGetProperty("fr", out var fr) ? fr.GetString() : null;
            if ((english ?? french) is { } any)
                return new Text(english ?? any, french ?? any);
        }

        Refuse(key, "a text is expected, or { fr: …, en: … }.", "un texte est attendu, ou { fr: …, en: … }.");
        return null;
    }

    public bool Existing(Dictionary<string, JsonElement> members, string key)
    {
        var word = Text(members, key);
        if (word is not (null or "keep" or "refuse"))
            Refuse(key, "refuse or keep is expected.", "refuse ou keep est attendu.");
        return word == "keep";
    }

    private static IEnumerable<JsonProperty> Last(JsonElement value) => value.EnumerateObject().GroupBy(member => member.Name).Select(group => group.Last());

    /// <summary>Null when it is no text, or too long a one, or one that PostgreSQL cannot hold.</summary>
    private static string? FindText(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            var text = value.GetString()!;
            return text.Length <= LongestText && !text.Contains('\0') ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
