using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Schema;

namespace Socle.Blueprints;

/// <summary>Writes the records that tables begin with, or their sample, all in one statement: references are judged at its end, so their order does not matter.</summary>
public sealed record InsertRecords(ImmutableArray<TableBlueprint> Tables, bool IsSample) : SchemaStep
{
    public override string? Table => null;

    public override StepOrder Order => StepOrder.Sample;

    public override TableLock Lock => TableLock.None;

    /// <summary>The records go and come with the tables that the same plan makes; in others they stay.</summary>
    public override string Down => "";

    public override bool IsOnce => true;

    public override Text Words
    {
        get
        {
            var records = Tables.Sum(table => RecordsOf(table).Length);
            var names = string.Join(", ", Tables.Select(table => table.Name));
            return IsSample
                ? new($"write {records} sample records into {names}", $"écrire {records} enregistrements d'exemple dans {names}")
                : new($"write {records} records into {names}", $"écrire {records} enregistrements dans {names}");
        }
    }

    public override string Sql
    {
        get
        {
            // Records that name the same fields go in together; a field that is not named gets its default.
            var inserts = from table in Tables
                          from records in RecordsOf(table).GroupBy(record => string.Join(',', record.Values.Select(value => Postgres.Sql.Identifier(value.Field)).Order(StringComparer.Ordinal)))
                          select Insert(table.Name, records.Key, records);
            var relations = string.Join(", ", Tables.Select(table => $"{Postgres.Sql.Literal(SchemaNames.Table(table.Name))}::regclass"));
            return $"""
                SET LOCAL timezone = 'UTC';
                WITH {string.Join(",\n", inserts.Select((insert, i) => $"sample{i} AS ({insert})"))}
                UPDATE socle_system.tables SET sampled_at = now() WHERE relation IN ({relations})
                """;
        }
    }

    private ImmutableArray<SampleBlueprint> RecordsOf(TableBlueprint table) => IsSample ? table.Sample : table.Records;

    private static string Insert(string table, string columns, IEnumerable<SampleBlueprint> records)
    {
        if (columns.Length == 0)
            return $"INSERT INTO {SchemaNames.Table(table)} SELECT FROM generate_series(1, {records.Count()})";
        var json = new JsonArray([.. records.Select(ToJson)]).ToJsonString();
        return $"INSERT INTO {SchemaNames.Table(table)} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{SchemaNames.Table(table)}, {Postgres.Sql.Literal(json)})";
    }

    private static JsonObject ToJson(SampleBlueprint record) =>
        new(record.Values.Select(value => KeyValuePair.Create(value.Field, JsonNode.Parse(value.Json.GetRawText()))));
}

/// <summary>
/// Decides which tables get the records that they begin with, or their sample: those that are new, and those that are empty and never had any.
/// What somebody deleted stays deleted.
/// </summary>
internal static class SampleChoice
{
    public static async Task<ImmutableArray<InsertRecords>> Choose(
        NpgsqlConnection connection, Blueprint blueprint, ImmutableArray<TableShape> actual, bool withSample, CancellationToken cancellation)
    {
        var chosen = new List<TableBlueprint>();
        foreach (var table in blueprint.Tables.Where(table => !table.Records.IsEmpty || (withSample && !table.Sample.IsEmpty)))
        {
            if (!actual.Any(shape => shape.Name == table.Name) || await WantsSample(connection, table.Name, cancellation))
                chosen.Add(table);
        }

        var records = Closed(chosen, table => table.Records, []);
        var sample = withSample ? Closed(chosen, table => table.Sample, [.. blueprint.Tables.Where(table => !table.Records.IsEmpty).Select(table => table.Name)]) : [];
        return [.. new[] { new InsertRecords(records, IsSample: false), new InsertRecords(sample, IsSample: true) }.Where(step => !step.Tables.IsEmpty)];
    }

    /// <summary>A record may not point to one that is not written, or was before.</summary>
    private static ImmutableArray<TableBlueprint> Closed(List<TableBlueprint> tables, Func<TableBlueprint, ImmutableArray<SampleBlueprint>> recordsOf, HashSet<string> always)
    {
        var chosen = tables.ToList();
        while (chosen.RemoveAll(table => Targets(table, recordsOf(table)).Any(target => !chosen.Exists(other => other.Name == target) && !always.Contains(target))) > 0)
        {
        }

        return [.. chosen.Where(table => !recordsOf(table).IsEmpty)];
    }

    private static IEnumerable<string> Targets(TableBlueprint table, ImmutableArray<SampleBlueprint> records) =>
        from record in records
        from value in record.Values
        where value.Json.ValueKind != JsonValueKind.Null
        let field = table.FindField(value.Field)!
        let target = field.Type is ReferenceField ? field.Settings.Target : field.Settings.ChoicesFrom?.From
        where target is not null
        select target;

    private static async Task<bool> WantsSample(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT NOT EXISTS (SELECT FROM {SchemaNames.Table(table)})
                   AND NOT EXISTS (SELECT FROM socle_system.tables WHERE relation = $1::regclass AND sampled_at IS NOT NULL)
            """,
            connection)
        {
            Parameters = { new() { Value = SchemaNames.Table(table) } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
