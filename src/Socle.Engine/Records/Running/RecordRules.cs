using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Records.Running;

/// <summary>
/// Takes a record as a caller sends it, and the stored one where it is a change; gives what the table's rules say of the record as it
/// would be written: what is not sent keeps its stored value or takes its default.
/// </summary>
public static partial class RecordRules
{
    public static RuleVerdict Judge(TableSnapshot table, RuleSet rules, JsonElement record, JsonElement? stored)
    {
        var sent = Values(table, record);
        var kept = stored is { } before ? Values(table, before) : null;
        var values = rules.Read(name => sent.TryGetValue(name, out var value) ? value
            : kept is not null ? kept.TryGetValue(name, out value) ? value : null
            : FindDefault(table, name));
        return rules.Judge(values, kept is null ? [] : rules.Read(name => kept.TryGetValue(name, out var value) ? value : null));
    }

    /// <summary>One way in which a record breaks a rule, for whoever sent it.</summary>
    public static Fault Tell(CompiledRule rule, BrokenRule broken, string path) => RuleFaults.Broken(
        rule.Rule,
        broken.Effect,
        path,
        broken.Effect == RuleEffect.Choices ? [.. rule.Choices.First(choices => choices.Field.Name == broken.Field).Json.Select(value => value.ToString())] : []);

    private static Dictionary<string, JsonElement> Values(TableSnapshot table, JsonElement record)
    {
        var values = new Dictionary<string, JsonElement>();
        foreach (var property in record.EnumerateObject())
        {
            if (table.FindField(property.Name) is { } field)
                values[field.Name] = property.Value;
        }

        return values;
    }

    /// <summary>Constants, and what the clock tells; null for what only the database knows.</summary>
    private static JsonElement? FindDefault(TableSnapshot table, string name)
    {
        if (table.FindField(name) is not { Default: { } expression } field)
            return null;
        var text = expression switch
        {
            "CURRENT_DATE" => DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "now()" or "CURRENT_TIMESTAMP" => DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
            "true" or "false" => expression,
            _ when Constant().Match(expression) is { Success: true } found => found.Groups["text"].Success ? found.Groups["text"].Value.Replace("''", "'", StringComparison.Ordinal) : found.Groups["number"].Value,
            _ => null,
        };
        var rule = RuleRows.FieldOf(field);
        if (text is null || rule.Kind == RuleKind.Json)
            return null;
        return rule.Kind == RuleKind.Tags
            ? RuleTags.Read(text) is ImmutableArray<string?> words ? JsonSerializer.SerializeToElement(words) : null
            : JsonSerializer.SerializeToElement(text);
    }

    [GeneratedRegex(@"^('(?<text>([^'\\]|'')*)'::[a-z0-9(), \[\]]+|\(?(?<number>-?[0-9]+(\.[0-9]+)?)\)?(::[a-z0-9(), ]+)?)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Constant();
}
