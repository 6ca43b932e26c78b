using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Schema;
using Socle.Schema.Migrations;

namespace Socle.Rules.Editing;

/// <summary>A rule as it is listed.</summary>
/// <param name="Blueprint">The blueprint that keeps it; null when none does.</param>
public sealed record RuleEntry(CompiledRule Rule, string? Blueprint, DateTimeOffset CreatedAt);

/// <summary>
/// The conditional rules of tables while the server runs. Takes rules, and makes the database hold them in one transaction that is logged
/// as a migration; what is answered is in force. Refuses rules that do not fit the table or each other, and those that stored records break.
/// </summary>
public sealed class RuleRegister(Database database, LiveCatalog catalog, SchemaChange changes)
{
    private const string Kept = """
        SELECT r.id, r.blueprint, r.created_at FROM socle_system.rules r JOIN socle_system.tables t ON t.id = r.table_id WHERE t.relation = to_regclass($1)
        """;

    /// <summary>Those that speak only of fields that the table is served with here.</summary>
    public async Task<List<RuleEntry>> List(TableSnapshot table, CancellationToken cancellation)
    {
        var kept = new Dictionary<string, (string? Blueprint, DateTimeOffset At)>();
        await using var command = database.Requests.CreateCommand(Kept);
        command.Parameters.Add(new() { Value = table.SqlName });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            kept[reader.GetString(0)] = (reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2));
        return
        [
            .. table.Rules.About(table.Fields.Select(field => field.Name)).Rules
                .Where(rule => kept.ContainsKey(rule.Rule.Id))
                .Select(rule => new RuleEntry(rule, kept[rule.Rule.Id].Blueprint, kept[rule.Rule.Id].At)),
        ];
    }

    public Task<Result<RuleEntry>> Create(TableSnapshot table, Rule rule, ChangeOrigin origin, CancellationToken cancellation) => Change(
        table,
        rule.Id,
        rules => rules.Any(kept => kept.Rule.Id == rule.Id) ? RuleFaults.Twice(rule.Id) : rules.Add(new KeptRule(rule, null)),
        RuleJson.Write(rule),
        origin,
        cancellation);

    /// <summary>What a blueprint keeps it gives back at its next apply.</summary>
    public Task<Result<RuleEntry>> Replace(TableSnapshot table, Rule rule, ChangeOrigin origin, CancellationToken cancellation) => Change(
        table,
        rule.Id,
        rules => rules.FirstOrDefault(kept => kept.Rule.Id == rule.Id) is { } kept ? rules.Replace(kept, kept with { Rule = rule }) : NoSuchRule(rule.Id),
        RuleJson.Write(rule),
        origin,
        cancellation);

    public Task<Result<RuleEntry>> Delete(TableSnapshot table, string id, ChangeOrigin origin, CancellationToken cancellation) => Change(
        table,
        id,
        rules => rules.FirstOrDefault(kept => kept.Rule.Id == id) is { } kept ? rules.Remove(kept) : NoSuchRule(id),
        $"DELETE {id}",
        origin,
        cancellation);

    public static Fault NoSuchRule(string id) => new(
        FaultCode.NotFound,
        $"There is no rule '{(id.Length <= 60 ? id : id[..60] + "…")}' on this table.",
        $"Il n'y a pas de règle « {(id.Length <= 60 ? id : id[..60] + "…")} » sur cette table.");

    private async Task<Result<RuleEntry>> Change(TableSnapshot table, string id, Func<ImmutableArray<KeptRule>, Result<ImmutableArray<KeptRule>>> change, string source, ChangeOrigin origin, CancellationToken cancellation)
    {
        if (!catalog.Current.Access.IsEnforced || table.Schema != SchemaNames.Served || table.Kind != TableKind.Table || table.IsPartitioned)
            return NotHere(table);
        var before = (await List(table, cancellation)).Find(entry => entry.Rule.Rule.Id == id);
        var changed = await changes.Apply(connection => Plan(connection, table, change, cancellation), source, new ChangeTerms(IsTrial: false, AllowsLoss: false, origin), cancellation);
        if (changed.IsFault)
            return changed.Faults;
        var after = catalog.Current.FindTable(table.Names.Qualified) is { } served ? (await List(served, CancellationToken.None)).Find(entry => entry.Rule.Rule.Id == id) : null;
        return (after ?? before) is { } entry ? entry : NoSuchRule(id);
    }

    private static async Task<Result<ImmutableArray<SchemaStep>>> Plan(NpgsqlConnection connection, TableSnapshot table, Func<ImmutableArray<KeptRule>, Result<ImmutableArray<KeptRule>>> change, CancellationToken cancellation)
    {
        var shapes = await ActualSchema.Read(connection, SchemaNames.Served, [table.Names.Relation], cancellation);
        if (shapes.FirstOrDefault(shape => shape.Name == table.Names.Relation) is not { } found)
            return SchemaTransaction.Busy();
        var wanted = change(found.Rules);
        if (wanted.IsFault)
            return wanted.Faults;
        var step = RuleShapes.Plan(found, wanted.Value);
        if (step.IsFault)
            return step.Faults;
        return step.Value is { } set ? [set] : ImmutableArray<SchemaStep>.Empty;
    }

    private static Fault NotHere(TableSnapshot table) => new(
        FaultCode.Conflict,
        $"'{table.Name}' takes no rules: they are for tables of the schema {SchemaNames.Served} in a database that Socle looks after, and not for views or partitioned tables.",
        $"« {table.Name} » n'accepte pas de règles : elles sont pour les tables du schéma {SchemaNames.Served} d'une base dont Socle s'occupe, et pas pour les vues ni les tables partitionnées.");
}
