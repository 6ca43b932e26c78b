using System.Collections.Immutable;
using Npgsql;
using Socle.Blueprints;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Cochin;

/// <summary>One import, in its transaction: survey, bare tables, records, tables as they shall be, people, comparison.</summary>
internal sealed class CochinRun(SqliteFile file, CochinDatabase source, NpgsqlConnection connection, CochinRequest request, CancellationToken cancellation)
{
    /// <summary>The app's tables in whose records others may find nothing to refer to; so they come first.</summary>
    private static readonly string[] First = ["choix", "devis_par_projet"];

    private readonly List<AsideValue> _aside = [];

    public async Task<Result<CochinReport>> Run()
    {
        var blueprint = BlueprintLibrary.Find("cochin").Value;
        var numbers = await RecordNumbers.Read(file, source.RecordColumns.Contains("custom_id"), cancellation);
        var choices = await ChoiceRows.Read(file, source, cancellation);
        var survey = await FieldSurvey.Read(file, source, numbers, choices, cancellation);
        var decided = new TargetTables(source, blueprint, survey).Decide();
        if (decided.IsFault)
            return decided.Faults;
        ImmutableArray<TargetTable> tables = [.. decided.Value.OrderBy(table => Array.IndexOf(First, table.Name) is >= 0 and var place ? place : First.Length)];
        if (await FirmTables.FindRecords(connection, blueprint, tables, cancellation) is { } fault)
            return fault;
        var bare = FirmBlueprints.Of(blueprint, tables, ImmutableHashSet<(string, string)>.Empty);
        if (await Apply(FirmBlueprints.Bare(blueprint), FirmBlueprints.Bare(bare)) is { IsEmpty: false } unmade)
            return unmade;
        await FirmTables.ClearChoices(connection, cancellation);

        var counts = new Dictionary<string, TableCounts>();
        var loader = new TableLoader(connection, cancellation);
        foreach (var table in tables)
        {
            var converter = new TableConverter(table, survey, numbers, choices, request.Zone);
            _aside.AddRange(await loader.Load(table, converter, SourceRecords.Read(file, source, table.Source.Id, cancellation)));
            counts[table.Name] = converter.Counts;
        }

        await KeepLost(loader);
        var rules = new FirmRules(tables, field => new FieldConverter(field, survey, numbers, choices, request.Zone));
        if (await Apply(FirmBlueprints.Of(blueprint, rules.Add(source.Rules), loader.Gaps), blueprint) is { IsEmpty: false } refusal)
            return refusal;
        var people = await request.WritePeople(connection, source.Users, cancellation);
        var comparison = new Comparison(connection, cancellation);
        foreach (var table in tables)
            (counts[table.Name].Written, counts[table.Name].Different) = await comparison.Compare(table, new TableConverter(table, survey, numbers, choices, request.Zone), SourceRecords.Read(file, source, table.Source.Id, cancellation));
        return new CochinReport(
            request.IsDryRun,
            !request.IsDryRun && comparison.Differences.Count == 0,
            [.. tables.Select(table => new TableReport(table.Source.Name, table.Name, counts[table.Name]))],
            [.. _aside],
            [.. comparison.Differences],
            rules.Reports,
            people,
            source.LeftOut);
    }

    private async Task<ImmutableArray<Fault>> Apply(params Blueprint[] blueprints)
    {
        foreach (var blueprint in blueprints)
        {
            var applied = await ApplyBlueprint.Apply(connection, blueprint, withSample: false, allowLoss: false, cancellation);
            if (applied.IsFault)
                return applied.Faults;
        }

        return [];
    }

    /// <summary>Records of tables and values of records that are not there.</summary>
    private async Task KeepLost(TableLoader loader)
    {
        var lost = new List<AsideValue>();
        await foreach (var record in SourceRecords.ReadLost(file, source, cancellation))
            lost.Add(new AsideValue("", record.Id, null, TableConverter.WriteValues(record, _ => null), AsideReason.LostRecord));
        await foreach (var (record, value) in SourceRecords.ReadLostValues(file, cancellation))
            lost.Add(new AsideValue("", record, value.Field?.ToString(System.Globalization.CultureInfo.InvariantCulture), value.Text is null ? null : SourceRecords.Clean(value.Text), AsideReason.LostValue));
        await loader.Keep(lost);
        _aside.AddRange(lost);
    }
}
