using System.Text.RegularExpressions;
using Socle.Blueprints;
using Socle.FieldTypes;

namespace Socle.Tests.Blueprints;

/// <summary>The blueprint cochin has all that the guide's own script makes: it is held against that script, word for word as it stands there.</summary>
public sealed partial class CochinTests
{
    private static readonly Blueprint Cochin = BlueprintLibrary.Find("cochin").Value;
    private static readonly string Script = Repository.Read("tests/Testing/cochin/init-data/create_initial_tables.py");

    private static readonly Dictionary<string, string> Tables = new()
    {
        ["Contact"] = "contact",
        ["Choix"] = "choix",
        ["TableNames"] = "table_names",
        ["Projet"] = "projet",
        ["Devis"] = "devis",
        ["DevisParProjet"] = "devis_par_projet",
    };

    [Fact]
    public void Every_table_and_field_of_the_guide_is_there_with_its_type_and_requirement()
    {
        var asked = Asked().ToList();

        Assert.Equal(32, asked.Count);
        Assert.Equal(Tables.Values.Order(), Cochin.Tables.Select(table => table.Name).Order());
        foreach (var (table, name, type, isRequired) in asked)
        {
            var field = Cochin.Tables.Single(own => own.Name == table).FindField(name);
            Assert.True(field is not null, $"{table}.{name}");
            Assert.Equal((type, isRequired), (TypeOf(field), field.IsRequired));
            Assert.NotNull(field.Label);
        }

        foreach (var table in Cochin.Tables)
            Assert.Equal(asked.Where(field => field.Table == table.Name).Select(field => field.Name).Order(), table.Fields.Select(field => field.Name).Except(["id", "created_at", "updated_at"]).Order());
    }

    [Fact]
    public void Every_choice_of_the_guide_is_there_from_the_beginning()
    {
        var asked = Choice().Matches(Script).Select(match => string.Join('|', match.Groups.Values.Skip(1).Select(group => group.Value)));
        var records = Cochin.Tables.Single(table => table.Name == "choix").Records;

        Assert.Equal(13, records.Length);
        Assert.Equal(asked, records.Select(record => string.Join('|', new[] { "categorie", "valeur", "libelle", "ordre" }.Select(name => record.Find(name)!.Value.ToString()))));
    }

    [Theory]
    [InlineData("projet", "contact_principal", "contact")]
    [InlineData("devis", "contact", "contact")]
    [InlineData("devis_par_projet", "projet", "projet")]
    [InlineData("devis_par_projet", "devis", "devis")]
    public void Every_link_of_the_guide_leads_to_its_table(string table, string field, string target) =>
        Assert.Equal(target, Cochin.Tables.Single(own => own.Name == table).FindField(field)!.Settings.Target);

    [Fact]
    public void The_number_of_a_quote_is_there_once_and_the_guides_settings_hold()
    {
        Assert.Equal(Uniqueness.Exact, Cochin.Tables.Single(table => table.Name == "devis").FindField("numero_devis")!.Uniqueness);
        Assert.Equal(
            ["ACCOUNT_LOCKOUT_DURATION=15", "MAX_LOGIN_ATTEMPTS=5", "PASSWORD_EXPIRY_DAYS=90", "PASSWORD_RESET_TIMEOUT=3600", "SESSION_TIMEOUT=3600"],
            Cochin.Settings.Select(setting => $"{setting.Key}={setting.Value}").Order());
    }

    private static IEnumerable<(string Table, string Name, string Type, bool IsRequired)> Asked() =>
        from Match table in Table().Matches(Script)
        from Match field in Field().Matches(table.Groups[2].Value)
        select (Tables[table.Groups[1].Value], field.Groups[1].Value, field.Groups[2].Value, field.Groups[3].Value == "True");

    /// <summary>As the guide calls it.</summary>
    private static string TypeOf(FieldBlueprint field) => field.Type is ReferenceField ? "foreign_key" : field.Type.Name;

    [GeneratedRegex(@"'(\w+)': \[\n((?:            \(.*\),\n)+)")]
    private static partial Regex Table();

    [GeneratedRegex(@"\('(\w+)', '(\w+)', (True|False)\)")]
    private static partial Regex Field();

    [GeneratedRegex(@"\('(\w+)', '(\w+)', '([^']+)', (\d)\)")]
    private static partial Regex Choice();
}
