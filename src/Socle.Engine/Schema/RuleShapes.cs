using System.Collections.Immutable;
using System.Text.Json;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Schema;

/// <summary>Takes a table as it is and the rules that it shall have, gives the step between. Refuses rules that do not fit the fields or each other.</summary>
internal static class RuleShapes
{
    /// <summary>Null when there is nothing to do.</summary>
    /// <param name="table">With the columns that the rules speak of, and the rules that it has.</param>
    /// <param name="wanted">All rules that it shall have.</param>
    /// <param name="isRelease">Whether rules only go.</param>
    public static Result<SetRules?> Plan(TableShape table, ImmutableArray<KeptRule> wanted, bool isRelease = false)
    {
        if (wanted.SequenceEqual(table.Rules))
            return default(SetRules);
        var asked = wanted.Select(kept => kept.Rule);
        var set = isRelease ? RuleSet.Resolve(FieldsOf(table), asked) : RuleSet.Compile(FieldsOf(table), asked);
        if (set.IsFault)
            return set.Faults;
        // What was there was right when it was made; where its fields have changed since, it cannot come back.
        var before = RuleSet.Resolve(FieldsOf(table), table.Rules.Select(stored => stored.Rule));
        return new SetRules(
            table.Name,
            wanted,
            table.Rules,
            RuleDocument.Write(table.Name, set.Value, wanted, isLenient: isRelease),
            RuleDocument.Write(table.Name, before.IsFault ? RuleSet.None : before.Value, before.IsFault ? [] : table.Rules, isLenient: true),
            isRelease);
    }

    public static IEnumerable<RuleField> FieldsOf(TableShape table) => table.Columns.Select(column =>
    {
        var told = table.Metadata?.FindField(column.Name);
        var settings = told is null ? null : JsonSerializer.Deserialize(told.Settings, FieldSettingsJson.Default.FieldSettings);
        return RuleField.Of(
            column.Name,
            column.Type,
            column.IsRequired,
            column.IsComputed || told?.Type == "autonumber" || (table.KeepsUpdatedAt && column.Name is "created_at" or "updated_at"),
            told?.Type == "choice" ? settings?.Choices?.Select(choice => choice.Value) : null);
    });
}
