using System.Collections.Immutable;
using System.Text.Json;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Cochin;

/// <summary>One rule of Cochin, in the words of ours. Refuses fields of other tables, and operators, actions and values that rules do not have.</summary>
internal sealed class RuleTranslation(TargetTable table, Func<TargetField, FieldConverter> converterOf)
{
    private static readonly Dictionary<string, string> Comparisons = new()
    {
        ["equals"] = "eq",
        ["eq"] = "eq",
        ["="] = "eq",
        ["is"] = "eq",
        ["not_equals"] = "neq",
        ["neq"] = "neq",
        ["!="] = "neq",
        ["is_not"] = "neq",
        ["greater_than"] = "gt",
        ["gt"] = "gt",
        ["greater_or_equal"] = "gte",
        ["gte"] = "gte",
        ["less_than"] = "lt",
        ["lt"] = "lt",
        ["less_or_equal"] = "lte",
        ["lte"] = "lte",
    };

    private static readonly Dictionary<string, string> Patterns = new()
    {
        ["contains"] = "ilike.*{0}*",
        ["not_contains"] = "not.ilike.*{0}*",
        ["starts_with"] = "ilike.{0}*",
        ["ends_with"] = "ilike.*{0}",
    };

    public Result<Rule> Translate(CochinRule source)
    {
        if (Find(source.Source) is not { } reads || Find(source.Target) is not { } target)
            return Problem("a field of it is not in its table", "un de ses champs n'est pas dans sa table");
        var when = Condition(reads, source);
        if (when.IsFault)
            return when.Faults;
        var name = FirmNames.Label(source.Message.Length > 0 ? source.Message : source.Name);
        var rule = new Rule(FirmRules.IdOf(source), when.Value, [], [], [], [], [], [], name.English.Length > 0 ? name : null, KeepsExisting: true);
        return source.Action switch
        {
            "show" => rule with { Show = [target.Name] },
            "hide" => rule with { Hide = [target.Name] },
            "require" or "required" => rule with { Require = [target.Name] },
            "read_only" or "readonly" or "disable" => rule with { ReadOnly = [target.Name] },
            "limit_options" or "filter_options" or "options" => Limit(rule, target, source.Options),
            "set_value" or "set" => Set(rule, target, source.ActionValue),
            _ => Problem($"rules have no action '{Word(source.Action)}'", $"les règles n'ont pas d'action « {Word(source.Action)} »"),
        };
    }

    private TargetField? Find(long id) => table.Fields.FirstOrDefault(field => field.Source.Id == id);

    private Result<string> Condition(TargetField field, CochinRule source)
    {
        switch (source.Operator)
        {
            case "is_empty" or "empty":
                return $"{field.Name}=is.null";
            case "is_not_empty" or "not_empty":
                return $"{field.Name}=not.is.null";
            case "in" or "not_in":
                var values = source.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(value => Convert(field, value)).ToList();
                return values.Count == 0 || values.Contains(null) ? NoValue(source.Value) : $"{field.Name}={(source.Operator == "in" ? "" : "not.")}in.({string.Join(',', values.Select(value => Uri.EscapeDataString(Quoted(value!))))})";
        }

        if (Patterns.TryGetValue(source.Operator, out var pattern))
            return $"{field.Name}={pattern.Replace("{0}", Uri.EscapeDataString(source.Value), StringComparison.Ordinal)}";
        if (!Comparisons.TryGetValue(source.Operator, out var comparison))
            return Problem($"rules have no operator '{Word(source.Operator)}'", $"les règles n'ont pas d'opérateur « {Word(source.Operator)} »");
        return Convert(field, source.Value) is { } compared ? $"{field.Name}={comparison}.{Uri.EscapeDataString(compared)}" : NoValue(source.Value);
    }

    private Result<Rule> Limit(Rule rule, TargetField target, ImmutableArray<string> options)
    {
        var values = options.Select(option => (Text: option, Value: Convert(target, option))).ToList();
        if (values.Count == 0 || values.Exists(option => option.Value is null))
            return NoValue(values.Find(option => option.Value is null).Text ?? "");
        return rule with { Choices = [new FieldChoices(target.Name, [.. values.Select(option => Json(target, option.Value!)).DistinctBy(value => value.GetRawText())])] };
    }

    private Result<Rule> Set(Rule rule, TargetField target, string text) =>
        text.Length == 0 ? rule with { Set = [new FieldValue(target.Name, JsonSerializer.SerializeToElement<string?>(null))] }
        : Convert(target, text) is { } value ? rule with { Set = [new FieldValue(target.Name, Json(target, value))] }
        : NoValue(text);

    /// <summary>A value as the field has it in Socle; null when it is none.</summary>
    private string? Convert(TargetField field, string text)
    {
        var converted = converterOf(field).Convert(text);
        return converted.Reason is not null ? null : field.Field.Type is BooleanField ? converted.Value == "t" ? "true" : "false" : converted.Value;
    }

    private static JsonElement Json(TargetField field, string value)
    {
        var json = field.Field.Type is NumberField or DecimalField or BooleanField ? value : JsonSerializer.Serialize(value);
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static Fault NoValue(string text) => Problem($"'{Word(text)}' is no value of its field", $"« {Word(text)} » n'est pas une valeur de son champ");

    private static Fault Problem(string english, string french) => new(FaultCode.InvalidValue, english, french);

    private static string Word(string text) => FirmNames.Label(text).English;
}
