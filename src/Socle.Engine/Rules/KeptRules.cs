using System.Text.Json;

namespace Socle.Rules;

/// <summary>Rules as the database keeps them, under the names that their fields have now.</summary>
public static class KeptRules
{
    /// <param name="definition">The rule's JSON.</param>
    /// <param name="blueprint">Who asked for it.</param>
    /// <param name="names">JSON: the names of today by those in the definition.</param>
    public static KeptRule Read(string definition, string? blueprint, string names)
    {
        using var json = JsonDocument.Parse(definition);
        using var renamed = JsonDocument.Parse(names);
        // What is there was checked when it was written.
        var rule = RuleJson.Read(json.RootElement).Value;
        return new KeptRule(rule.Rename(renamed.RootElement.EnumerateObject().ToDictionary(name => name.Name, name => name.Value.GetString()!)), blueprint);
    }
}
