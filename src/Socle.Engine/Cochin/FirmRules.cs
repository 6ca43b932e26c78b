using System.Collections.Immutable;
using System.Globalization;
using Socle.Blueprints;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Cochin;

/// <summary>
/// A firm's conditional fields → rules of the tables. Each is held against those before it; one that cannot be said as a rule, or that
/// contradicts another, is told and left out. Records that are there may break a rule until they are next written.
/// </summary>
internal sealed class FirmRules(ImmutableArray<TargetTable> tables, Func<TargetField, FieldConverter> converterOf)
{
    private readonly Dictionary<string, List<Rule>> _rules = [];

    public ImmutableArray<RuleReport> Reports { get; private set; } = [];

    /// <summary>The tables with their rules.</summary>
    public ImmutableArray<TargetTable> Add(ImmutableArray<CochinRule> rules)
    {
        Reports = [.. rules.Select(Take)];
        return [.. tables.Select(table => _rules.TryGetValue(table.Name, out var own) ? table with { OwnRules = [.. own] } : table)];
    }

    private RuleReport Take(CochinRule source)
    {
        if (tables.FirstOrDefault(table => table.Source.Id == source.Table) is not { } table)
            return new(source.Name, null, new("its table is not there", "sa table est absente"));
        if (!source.IsActive)
            return new(source.Name, table.Name, new("it is switched off", "elle est désactivée"));
        var rule = new RuleTranslation(table, converterOf).Translate(source);
        if (rule.IsFault)
            return new(source.Name, table.Name, rule.Faults[0].Message);
        var own = _rules.GetValueOrDefault(table.Name) ?? [];
        var together = RuleSet.Compile(table.Blueprint.Fields.Where(field => field.Type.HasColumn).Select(FieldOf), [.. table.Blueprint.Rules, .. own, rule.Value]);
        if (together.IsFault)
            return new(source.Name, table.Name, together.Faults[0].Message);
        _rules[table.Name] = [.. own, rule.Value];
        return new(source.Name, table.Name, null);
    }

    private static RuleField FieldOf(FieldBlueprint field) => RuleField.Of(
        field.Name, field.Type.ColumnType(field.Settings), field.IsRequired, field.Name is "created_at" or "updated_at", field.Type is ChoiceField ? field.Settings.Choices?.Select(choice => choice.Value) : null);

    public static string IdOf(CochinRule rule) => string.Create(CultureInfo.InvariantCulture, $"cochin_{rule.Id}");
}
