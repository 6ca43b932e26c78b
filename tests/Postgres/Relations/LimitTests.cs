using Npgsql;
using Socle.Kernel;
using Socle.Schema;
using Socle.Tests.Postgres.Schema;

namespace Socle.Tests.Postgres.Relations;

/// <summary>Choices that are rows of another table, and references to some of its records: the database holds them on both sides.</summary>
public sealed class LimitTests(TestServer server) : SchemaScenario(server)
{
    private const string Choices = """
        blueprint: firm
        tables:
          choix:
            fields:
              categorie: { type: text, required: true }
              valeur: { type: text, required: true, index: true }
              libelle: text
              ordre: number
        """;

    private const string Firm = Choices + """

          projets:
            fields:
              nom: text
              statut: { type: choice, choices: { from: choix, value: valeur, label: libelle, where: "categorie=eq.statut", order: ordre } }
              type_id: { type: reference, to: choix, where: "categorie=eq.type" }
        """;

    private const string Rows = """
        INSERT INTO choix (categorie, valeur, libelle, ordre) VALUES
            ('statut', 'ouvert', 'Ouvert', 1), ('statut', 'clos', 'Clos', 2), ('type', 'bois', 'Bois', 1), ('type', 'fer', 'Fer', 2)
        """;

    private const string Use = "INSERT INTO projets (nom, statut, type_id) SELECT 'a', 'ouvert', id FROM choix WHERE valeur = 'bois'";

    private async Task<PostgresException> Refused(string sql) => await Assert.ThrowsAsync<PostgresException>(() => Execute(sql));

    [Fact]
    public async Task Only_rows_of_the_category_are_taken_whoever_writes()
    {
        await Apply(Read(Firm));
        await Execute(Rows);
        await Execute(Use);
        await Execute("INSERT INTO projets (nom) VALUES ('without')");

        var refused = await Refused("INSERT INTO projets (statut) VALUES ('bois')");
        Assert.Equal(("23514", "ck_projets_statut", "statut", "clos, ouvert"), (refused.SqlState, refused.ConstraintName, refused.ColumnName, refused.Hint));
        Assert.Equal("23514", (await Refused("UPDATE projets SET statut = 'Ouvert'")).SqlState);
        Assert.Equal("23514", (await Refused("INSERT INTO projets (type_id) SELECT id FROM choix WHERE valeur = 'clos'")).SqlState);
        // Not there at all is the foreign key's to say.
        Assert.Equal("23503", (await Refused("INSERT INTO projets (type_id) VALUES (gen_random_uuid())")).SqlState);
        await Execute("UPDATE projets SET nom = 'b', statut = 'clos'");
    }

    [Fact]
    public async Task A_choice_in_use_stays_as_it_is()
    {
        await Apply(Read(Firm));
        await Execute(Rows);
        await Execute(Use);

        foreach (var sql in new[] { "DELETE FROM choix WHERE valeur = 'ouvert'", "UPDATE choix SET valeur = 'open' WHERE valeur = 'ouvert'", "UPDATE choix SET categorie = 'x'", "UPDATE choix SET categorie = 'x' WHERE valeur = 'bois'" })
        {
            var refused = await Refused(sql);
            Assert.Equal(("23503", "projets"), (refused.SqlState, refused.TableName));
        }

        await Execute("DELETE FROM choix WHERE valeur IN ('clos', 'fer')");
        await Execute("UPDATE choix SET libelle = 'En cours', ordre = 9");
        // Another row of the same value is as good.
        await Execute("INSERT INTO choix (categorie, valeur) VALUES ('statut', 'ouvert')");
        await Execute("DELETE FROM choix WHERE valeur = 'ouvert' AND libelle IS NOT NULL");
        await Execute("UPDATE projets SET statut = NULL");
        await Execute("DELETE FROM choix WHERE valeur = 'ouvert'");
    }

    [Fact]
    public async Task Of_two_at_once_that_use_a_choice_and_delete_it_one_wins()
    {
        await Apply(Read(Firm));
        await Execute(Rows);
        foreach (var isUseFirst in new[] { true, false })
        {
            var (use, delete) = ("INSERT INTO projets (statut) VALUES ('clos')", "UPDATE choix SET valeur = 'fini' WHERE valeur = 'clos'");
            await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using (var first = new NpgsqlCommand(isUseFirst ? use : delete, connection))
                await first.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            var second = Execute(isUseFirst ? delete : use);
            await Task.Delay(200, TestContext.Current.CancellationToken);
            Assert.False(second.IsCompleted);
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<PostgresException>(() => second);
            await Execute("DELETE FROM projets");
        }
    }

    [Fact]
    public async Task Renames_in_psql_break_nothing()
    {
        await Apply(Read(Firm));
        await Execute(Rows);
        await Execute(Use);
        await Execute("ALTER TABLE choix RENAME categorie TO cat; ALTER TABLE choix RENAME valeur TO val; ALTER TABLE choix RENAME TO choices; ALTER TABLE projets RENAME statut TO status; ALTER TABLE projets RENAME TO projects");

        Assert.Equal("status", (await Refused("INSERT INTO projects (status) VALUES ('nope')")).ColumnName);
        Assert.Equal("23503", (await Refused("DELETE FROM choices WHERE val = 'ouvert'")).SqlState);
        await Execute("INSERT INTO projects (status) VALUES ('clos')");
        await Execute("SELECT socle_system.follow_tables(), socle_system.refresh_fields()");
        Assert.Equal("choices val cat=eq.statut", await List("SELECT concat_ws(' ', settings -> 'choicesFrom' ->> 'from', settings -> 'choicesFrom' ->> 'value', settings -> 'choicesFrom' ->> 'where') FROM socle_system.fields WHERE name = 'status'"));
        // And the next apply gives everything its name again.
        await Apply(Read(Firm));
        Assert.Equal("statut", (await Refused("INSERT INTO projets (statut) VALUES ('nope')")).ColumnName);
    }

    [Fact]
    public async Task A_limit_goes_down_and_up_and_is_refused_while_records_break_it()
    {
        var before = Read(Choices + "\n  projets:\n    fields:\n      nom: text\n      statut: text\n");
        await Apply(before);
        await Execute(Rows + "; INSERT INTO projets (statut) VALUES ('ouvert'), ('autre')");
        var after = Read(Choices + "\n  projets:\n    fields:\n      nom: text\n      statut: { type: choice, choices: { from: choix, value: valeur, where: 'categorie=eq.statut' } }\n");

        var fault = await Refused(after);
        Assert.Equal(FaultCode.Conflict, fault.Code);
        Assert.Contains("let projets.statut take only choix.valeur where categorie=eq.statut: 1 row has another value", fault.Message.English, StringComparison.Ordinal);
        await Execute("UPDATE projets SET statut = 'clos' WHERE statut = 'autre'");
        await Apply(after);
        Assert.Equal("23514", (await Refused("UPDATE projets SET statut = 'autre'")).SqlState);
        await Down();
        Assert.True((await Plan(before)).IsEmpty);
        await Execute("UPDATE projets SET statut = 'autre' WHERE statut = 'clos'; UPDATE projets SET statut = 'clos' WHERE statut = 'autre'; DELETE FROM choix WHERE valeur = 'bois'");
        await Up();
        Assert.Equal("23514", (await Refused("UPDATE projets SET statut = 'autre'")).SqlState);
        Assert.True((await Plan(after)).IsEmpty);
    }

    [Fact]
    public async Task A_limit_changes_moves_and_leaves_with_its_fields_and_tables()
    {
        await Apply(Read(Firm));
        await Execute(Rows);
        await Execute(Use);
        await Apply(Read(Firm.Replace("categorie=eq.statut", "categorie=in.(statut,etat)", StringComparison.Ordinal)));
        await Execute("INSERT INTO choix (categorie, valeur) VALUES ('etat', 'neuf'); INSERT INTO projets (statut) VALUES ('neuf'); DELETE FROM projets WHERE statut = 'neuf'");
        await Down();
        Assert.Equal("23514", (await Refused("INSERT INTO projets (statut) VALUES ('neuf')")).SqlState);
        await Up();

        // Renamed, with ids.
        var renamed = Firm.Replace("categorie:", "kind:", StringComparison.Ordinal).Replace("{ type: text, required: true }", "{ id: categorie, type: text, required: true }", StringComparison.Ordinal)
            .Replace("categorie=eq", "kind=eq", StringComparison.Ordinal).Replace("      statut:", "      etat:", StringComparison.Ordinal).Replace("{ type: choice,", "{ id: statut, type: choice,", StringComparison.Ordinal);
        await Apply(Read(renamed));
        Assert.Equal("ck_projets_etat", (await Refused("INSERT INTO projets (etat) VALUES ('neuf')")).ConstraintName);
        await Down();
        Assert.Equal("ck_projets_statut", (await Refused("INSERT INTO projets (statut) VALUES ('bois')")).ConstraintName);

        await Apply(Read("blueprint: firm\ntables:\n  projets:\n    fields:\n      nom: text\n"));
        Assert.Equal("0", await List("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'socle_limit%'"));
        await Down();
        Assert.Equal("23514", (await Refused("INSERT INTO projets (statut) VALUES ('bois')")).SqlState);
        Assert.Equal("23503", (await Refused("DELETE FROM choix WHERE valeur = 'ouvert'")).SqlState);
    }

    [Fact]
    public async Task Literal_conditions_hold_quotes_and_braces_and_names_of_columns()
    {
        var yaml = """
            blueprint: firm
            tables:
              choix: { fields: { categorie: text, valeur: text } }
              projets: { fields: { statut: { type: choice, choices: { from: choix, value: valeur, where: "categorie=eq.it's \"categorie\" {1}" } } } }
            """;
        await Apply(Read(yaml));
        await Execute("""INSERT INTO choix (categorie, valeur) VALUES ('it''s "categorie" {1}', 'oui'), ('x', 'non')""");
        await Execute("INSERT INTO projets (statut) VALUES ('oui')");
        Assert.Equal("23514", (await Refused("INSERT INTO projets (statut) VALUES ('non')")).SqlState);
        Assert.Equal("23503", (await Refused("TRUNCATE choix")).SqlState);
    }

    [Fact]
    public async Task Sample_records_of_both_tables_go_in_together()
    {
        var yaml = Firm.Replace("      ordre: number\n", "      ordre: number\n    sample:\n      - { categorie: statut, valeur: clos }\n", StringComparison.Ordinal)
            + "\n    sample:\n      - { nom: a, statut: clos }\n";
        await Apply(Read(yaml), withSample: true);
        Assert.Equal("clos", await List("SELECT statut FROM projets"));
    }

    [Fact]
    public async Task Many_rows_cost_little()
    {
        await Apply(Read(Firm));
        await Execute(Rows);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Execute("INSERT INTO projets (nom, statut) SELECT i::text, CASE WHEN i % 2 = 0 THEN 'ouvert' ELSE 'clos' END FROM generate_series(1, 20000) i");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
        Assert.Equal(Verdict.NeedsScan, new SetLimit("a", new LimitShape("n", "f", "s", "v", null, ["true"])).Verdict);
    }
}
