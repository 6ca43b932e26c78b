using System.Globalization;
using System.Text.Json.Nodes;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Cochin;

/// <summary>A database that Django wrote comes over as a whole: each record, each value, each link; what does not fit is kept and named.</summary>
public sealed class CochinImportTests
{
    private const int Clean = 0;
    private const int SomeKeptAside = 3;

    [Theory]
    [InlineData(40)]
    [InlineData(800)]
    public async Task Every_value_of_an_odd_database_is_in_its_place_or_kept_aside(int projects)
    {
        using var file = await CochinFile.Generate(projects);

        var ended = await file.Import();

        Assert.True(ended.ExitCode == SomeKeptAside, ended.Errors + ended.Output);
        var (report, truth) = (file.Report, file.Truth);
        Assert.True((bool)report["applied"]!);
        Assert.Empty(report["differences"]!.AsArray());
        foreach (var table in report["tables"]!.AsArray())
        {
            long Count(string name) => (long)table![name]!;
            Assert.Equal((long)truth["records"]![(string)table!["source"]!]!, Count("records"));
            Assert.Equal(Count("records"), Count("written") + Count("merged") + Count("refused"));
            Assert.Equal(Count("values"), Count("same") + Count("rewritten") + Count("followed") + Count("empty") + Count("repeated") + Count("aside"));
            Assert.Equal($"{Count("written")}", await file.Psql($"SELECT count(*) FROM {table["table"]}"));
        }

        var lost = report["aside"]!.AsArray().Count(aside => (string?)aside!["reason"] == "lost_value");
        Assert.Equal((long)truth["values"]!, report["tables"]!.AsArray().Sum(table => (long)table!["values"]!) + lost);
        await AssertOddities(file, report, truth);
        Assert.Equal($"{report["aside"]!.AsArray().Count}", await file.Psql("SELECT count(*) FROM valeurs_ecartees"));
    }

    /// <summary>Read with sqlite3 and psql alone, nothing of the importer between.</summary>
    [Fact]
    public async Task A_clean_database_comes_over_value_for_value()
    {
        using var file = await CochinFile.Generate(60, isClean: true);
        // The guide's own administrator has the guide's own password, which is not taken over.
        await file.Sqlite("DELETE FROM authentication_user WHERE username = 'admin'; DELETE FROM conditional_fields_conditionalfieldrule WHERE operator = 'regex' OR NOT is_active");

        var ended = await file.Import();

        Assert.True(ended.ExitCode == Clean, ended.Errors + ended.Output);
        var values = (await file.Sqlite("""
            SELECT json_array(t.name, r.id, f.slug, f.field_type, v.value) FROM database_dynamicvalue v JOIN database_dynamicrecord r ON r.id = v.record_id
            JOIN database_dynamicfield f ON f.id = v.field_id JOIN database_dynamictable t ON t.id = r.table_id
            """)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.True(values.Count > 1000);
        var stored = new Dictionary<(string Table, long Id), JsonNode>();
        foreach (var (name, table) in new[] { ("Projet", "projet"), ("Devis", "devis"), ("DevisParProjet", "devis_par_projet"), ("Contact", "contact"), ("Choix", "choix"), ("TableNames", "table_names"), ("Véhicule", "vehicule"), ("Heures passées", "heures_passees") })
        {
            foreach (var row in (await file.Psql($"SET timezone = 'UTC'; SELECT to_json(t) FROM {table} t")).Split('\n').Select(line => JsonNode.Parse(line)!))
                stored[(name, Convert.ToInt64(((string)row["id"]!)[^12..], 16))] = row;
        }

        foreach (var value in values)
        {
            var row = stored[((string)value[0]!, (long)value[1]!)];
            var slug = ((string)value[2]!).Replace('-', '_') is "id" ? "id_2" : ((string)value[2]!).Replace('-', '_');
            Assert.Equal(Normal((string)value[3]!, (string)value[4]!), Normal((string)value[3]!, row[slug]!.ToString()));
        }
    }

    [Fact]
    public async Task A_second_import_is_refused_and_a_dry_run_changes_nothing()
    {
        using var file = await CochinFile.Generate(20);
        var before = await File.ReadAllBytesAsync(file.FilePath, TestContext.Current.CancellationToken);

        var tried = await file.Import("--dry-run");
        Assert.Contains("Dry run", tried.Output, StringComparison.Ordinal);
        Assert.Equal("0", await file.Psql("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"));
        Assert.Equal(SomeKeptAside, (await file.Import()).ExitCode);
        var stored = await file.Psql("SELECT count(*), md5(string_agg(p::text, '' ORDER BY id)) FROM projet p");
        var again = await file.Import();

        Assert.Equal(1, again.ExitCode);
        Assert.Contains("These tables hold records already: contact (", again.Errors, StringComparison.Ordinal);
        Assert.Equal(stored, await file.Psql("SELECT count(*), md5(string_agg(p::text, '' ORDER BY id)) FROM projet p"));
        Assert.Equal(before, await File.ReadAllBytesAsync(file.FilePath, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_server_that_has_begun_with_the_blueprint_takes_the_firms_own_list_of_choices()
    {
        using var file = await CochinFile.Generate(20);
        Assert.Equal(0, (await SocleProgram.Run([], "apply", "cochin", "--data", file.Data)).ExitCode);
        Assert.Equal("13", await file.Psql("SELECT count(*) FROM choix"));
        await file.Sqlite("UPDATE database_dynamicvalue SET value = 'Bien en cours' WHERE value = 'En cours'");

        Assert.Equal(SomeKeptAside, (await file.Import()).ExitCode);

        Assert.Equal("Bien en cours", await file.Psql("SELECT libelle FROM choix WHERE categorie = 'statut_projet' AND valeur = 'en_cours'"));
        Assert.Equal("16", await file.Psql("SELECT count(*) FROM choix"));
        Assert.Contains("Nothing to change.", (await SocleProgram.Run([], "plan", "cochin", "--data", file.Data)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_firms_rules_hold_in_the_database_beside_the_blueprints()
    {
        using var file = await CochinFile.Generate(10);
        Assert.Equal(SomeKeptAside, (await file.Import()).ExitCode);

        var rules = file.Report["rules"]!.AsArray();
        Assert.Equal(["Éteinte", "Motif"], rules.Where(rule => rule!["problem"] is not null).Select(rule => (string)rule!["name"]!));
        Assert.Equal("cochin_1 cochin_3 cochin_4 en_cours termine", await file.Psql("SELECT string_agg(r.definition::json->>'id', ' ' ORDER BY r.definition::json->>'id') FROM socle_system.rules r JOIN socle_system.tables t ON t.id = r.table_id WHERE t.relation = 'projet'::regclass"));
        foreach (var (broken, rule) in new[] { ("statut = 'termine', date_fin = NULL", "termine"), ("type_projet = 'formation', statut = 'en_attente'", "cochin_4") })
        {
            var refused = await SocleProgram.Run([], "psql", "--data", file.Data, "--", "-X", "-c", $"UPDATE projet SET {broken} WHERE id = (SELECT id FROM projet WHERE statut = 'en_cours' LIMIT 1)");
            Assert.Contains(rule, refused.Errors, StringComparison.Ordinal);
        }
    }

    private static async Task AssertOddities(CochinFile file, JsonNode report, JsonNode truth)
    {
        var tables = report["tables"]!.AsArray().ToDictionary(table => (string)table!["source"]!, table => (string)table!["table"]!);
        foreach (var odd in truth["odd"]!.AsArray())
        {
            var (table, record, field) = (tables[(string)odd!["table"]!], (long)odd["record"]!, (string?)odd["field"]);
            if ((string?)odd["becomes"] is { } becomes)
                Assert.Equal(becomes, await file.Psql(string.Create(CultureInfo.InvariantCulture, $"SELECT {field} FROM {table} WHERE id = (SELECT id FROM anciens_identifiants WHERE ancien_id = {record})")));
            else
                Assert.Contains(report["aside"]!.AsArray(), aside => (long?)aside!["record"] == record && (string?)aside["field"] == field && (field is null || (string?)aside["value"] == (string?)odd["value"]));
        }
    }

    /// <summary>One writing for both sides of a comparison, by the simplest rules there are.</summary>
    private static string Normal(string type, string value) => type switch
    {
        "boolean" => value is "True" or "true" or "1" ? "yes" : "no",
        "decimal" or "number" => decimal.Parse(value, CultureInfo.InvariantCulture).ToString("0.##########", CultureInfo.InvariantCulture),
        "foreign_key" => value.Length == 36 ? $"{Convert.ToInt64(value[^12..], 16)}" : value,
        "datetime" => DateTimeOffset.Parse(value, CultureInfo.InvariantCulture).ToUniversalTime().ToString("O", CultureInfo.InvariantCulture),
        _ => value,
    };
}
