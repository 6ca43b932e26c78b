using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Planning;
using Socle.Rules;

namespace Socle.Records.Running;

/// <summary>
/// What the trigger of a table's rules refused, in the caller's terms: one fault for each rule and field. It tells all of one record;
/// where several were sent, the same rules are asked of the others too.
/// </summary>
internal static class RuleRefusals
{
    /// <summary>As the trigger marks it. What it tells stands in the hint: the driver keeps details from us, since PostgreSQL writes values there.</summary>
    private const string Mark = "socle_rules";

    private const int MostFaults = 1000;

    public static bool IsOne(PostgresException exception) => exception is { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: Mark, Hint: not null };

    /// <summary>What the refused record broke.</summary>
    public static ImmutableArray<Fault> Find(PostgresException exception, TableSnapshot table)
    {
        using var told = JsonDocument.Parse(exception.Hint!);
        return
        [
            .. told.RootElement.EnumerateArray()
                .Select(broken => new BrokenRule(broken[0].GetString()!, EffectOf(broken[1].GetString()!), broken[2].GetString()!))
                .Select(broken => Tell(broken, table, "", field => field.ApiName))
                .Distinct(),
        ];
    }

    /// <summary>The same of every record that was sent, where the records are new ones.</summary>
    public static ImmutableArray<Fault> Find(PostgresException exception, WritePlan plan, JsonElement? body)
    {
        var told = Find(exception, plan.Table);
        if (plan.Kind != WriteKind.Insert || body is not { } sent)
            return told;
        IEnumerable<(JsonElement Record, string Prefix)> records = sent.ValueKind == JsonValueKind.Array ? sent.EnumerateArray().Select((record, i) => (record, $"[{i}].")) : [(sent, "")];
        ImmutableArray<Fault> all = [.. records.SelectMany(item => Judge(plan.Table, item.Record, item.Prefix)).Take(MostFaults)];
        // A record that depends on what only the database knows is judged by it alone.
        return all.IsEmpty ? told : all;
    }

    /// <summary>One fault of several, for where there is room for one.</summary>
    public static Fault Join(ImmutableArray<Fault> faults) => faults.Length == 1 ? faults[0] : faults[0] with
    {
        Message = new Text(string.Join(' ', faults.Select(fault => fault.Message.English).Distinct()), string.Join(' ', faults.Select(fault => fault.Message.French).Distinct())),
    };

    private static IEnumerable<Fault> Judge(TableSnapshot table, JsonElement record, string prefix)
    {
        var written = record.EnumerateObject().GroupBy(property => table.FindField(property.Name)?.Name ?? "").ToDictionary(group => group.Key, group => group.Last().Name);
        return RecordRules.Judge(table, table.Rules, record, stored: null).Broken
            .Select(broken => Tell(broken, table, prefix, field => written.GetValueOrDefault(field.Name, field.ApiName)))
            .Distinct();
    }

    /// <summary>Of a field that the role does not see there is nothing to tell.</summary>
    private static Fault Tell(BrokenRule broken, TableSnapshot table, string prefix, Func<FieldSnapshot, string> name) =>
        table.Rules.Find(broken.Rule) is { } rule && table.FindField(broken.Field) is { } field && rule.Uses.All(used => table.FindField(used.Name) is not null)
            ? RecordRules.Tell(rule, broken, prefix + name(field))
            : DatabaseFaults.Rule(table);

    private static RuleEffect EffectOf(string word) => Enum.GetValues<RuleEffect>().First(effect => BrokenRule.WordOf(effect) == word);
}
