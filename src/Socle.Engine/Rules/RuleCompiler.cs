using System.Collections.Immutable;
using System.Text.Json;
using Socle.Kernel;

namespace Socle.Rules;

/// <summary>Takes one rule and the table's fields, gives it resolved. Refuses fields that are not there and values that are none of their field.</summary>
internal sealed class RuleCompiler(ImmutableArray<RuleField> fields, Rule rule)
{
    private readonly List<Fault> _faults = [];

    public static Result<CompiledRule> Compile(ImmutableArray<RuleField> fields, Rule rule) => new RuleCompiler(fields, rule).Compile();

    private Result<CompiledRule> Compile()
    {
        var when = ConditionCompiler.Compile(fields, rule.When, Path("when"));
        if (when.IsFault)
            _faults.AddRange(when.Faults);
        var compiled = new CompiledRule(
            rule,
            when.IsFault ? RuleGroup.Always : when.Value,
            Resolve(rule.Require, "require"),
            Resolve(rule.Hide, "hide", isShownOnly: true),
            Resolve(rule.Show, "show", isShownOnly: true),
            [.. Resolve(rule.ReadOnly, "read_only").Where(field => IsComparable(field, Path("read_only")))],
            [.. rule.Choices.Select(Choices).OfType<CompiledChoices>()],
            [.. rule.Set.Select(Value).OfType<CompiledValue>()]);
        return _faults.Count > 0 ? _faults : compiled;
    }

    private ImmutableArray<RuleField> Resolve(ImmutableArray<string> names, string key, bool isShownOnly = false) =>
        [.. names.Select(name => Resolve(name, key, isShownOnly)).OfType<RuleField>()];

    /// <param name="name">The field's.</param>
    /// <param name="key">Where it stands in the rule.</param>
    /// <param name="isShownOnly">Whether its values do not matter.</param>
    private RuleField? Resolve(string name, string key, bool isShownOnly = false)
    {
        if (fields.FirstOrDefault(field => field.Name == name) is not { } field)
            return Refuse(RuleFaults.UnknownField(Path(key), name, fields));
        return isShownOnly || RuleFaults.CheckUse(field, Path(key)) is not { } useless ? field : Refuse(useless);
    }

    private CompiledChoices? Choices(FieldChoices choices)
    {
        if (Resolve(choices.Field, "choices") is not { } field)
            return null;
        var path = Path($"choices.{field.Name}");
        if (field.Kind is RuleKind.List or RuleKind.Other)
            return Reject(RuleFaults.NotComparable(path, field));
        if (field.Kind == RuleKind.Json)
            return Reject(RuleFaults.Shape(path, "JSON has no list of choices.", "du JSON n'a pas de liste de choix."));
        if (choices.Values.IsEmpty)
            return Reject(RuleFaults.EmptyList(path, field.Name));
        var values = ImmutableArray.CreateBuilder<object>();
        foreach (var value in choices.Values)
        {
            var read = field.Kind == RuleKind.Tags ? Storable(value) : Read(field, value);
            if (read is null)
                return Reject(RuleFaults.NotAValue(path, field));
            if (!IsPossible(field, read))
                return Reject(RuleFaults.Shape(path, $"'{field.Name}' never has the value \"{read}\".", $"« {field.Name} » n'a jamais la valeur « {read} »."));
            values.Add(read);
        }

        return new CompiledChoices(field, values.DrainToImmutable(), [.. choices.Values.Select(value => AsWritten(field, value))]);
    }

    private CompiledValue? Value(FieldValue set)
    {
        if (Resolve(set.Field, "set") is not { } field)
            return null;
        var path = Path($"set.{field.Name}");
        if (field.Kind is RuleKind.List or RuleKind.Other && set.Value.ValueKind != JsonValueKind.Null)
        {
            Refuse(RuleFaults.NotComparable(path, field));
            return null;
        }

        var value = Read(field, set.Value);
        if (value is null && set.Value.ValueKind != JsonValueKind.Null)
        {
            Refuse(RuleFaults.NotAValue(path, field));
            return null;
        }

        if (value is null && field.IsRequired)
            Refuse(RuleFaults.Shape(path, $"'{field.Name}' must always have a value.", $"« {field.Name} » doit toujours avoir une valeur."));
        if (value is not null && !IsPossible(field, value))
            Refuse(RuleFaults.Shape(path, $"'{field.Name}' never has the value \"{value}\".", $"« {field.Name} » n'a jamais la valeur « {value} »."));
        return new CompiledValue(field, value, AsWritten(field, set.Value));
    }

    private bool IsComparable(RuleField field, string path)
    {
        if (field.Kind != RuleKind.Other)
            return true;
        _faults.Add(RuleFaults.NotComparable(path, field));
        return false;
    }

    private static bool IsPossible(RuleField field, object value) => field.Choices is not { } choices || value is not string text || choices.Contains(text);

    private static object? Read(RuleField field, JsonElement value) => Storable(value) is null && value.ValueKind == JsonValueKind.String ? null : RuleValue.Read(field, value);

    /// <summary>A number that stands for text is text.</summary>
    private static JsonElement AsWritten(RuleField field, JsonElement value) =>
        field.Kind == RuleKind.Text && value.ValueKind == JsonValueKind.Number ? JsonSerializer.SerializeToElement(value.GetRawText()) : value;

    private static string? Storable(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !text.Contains('\0') ? text : null;

    private string Path(string key) => $"{rule.Id}.{key}";

    private RuleField? Refuse(Fault fault)
    {
        _faults.Add(fault);
        return null;
    }

    private CompiledChoices? Reject(Fault fault)
    {
        _faults.Add(fault);
        return null;
    }
}
