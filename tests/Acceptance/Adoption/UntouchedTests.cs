using System.Net;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Adoption;

/// <summary>Nothing is put into a database that is only adopted and read.</summary>
[Collection(nameof(ForeignDatabases))]
public sealed class UntouchedTests(ForeignDatabases databases)
{
    /// <summary>Every row of the catalog that a change would add or replace.</summary>
    private const string Catalog = """
        SELECT md5(string_agg(row, ',' ORDER BY row)) FROM (
            SELECT 'class' || oid || xmin AS row FROM pg_class UNION ALL SELECT 'column' || attrelid || ' ' || attnum || xmin FROM pg_attribute
            UNION ALL SELECT 'schema' || oid || xmin FROM pg_namespace UNION ALL SELECT 'function' || oid || xmin FROM pg_proc
            UNION ALL SELECT 'type' || oid || xmin FROM pg_type UNION ALL SELECT 'trigger' || oid || xmin FROM pg_trigger
            UNION ALL SELECT 'event' || oid || xmin FROM pg_event_trigger UNION ALL SELECT 'extension' || oid || xmin FROM pg_extension
            UNION ALL SELECT 'constraint' || oid || xmin FROM pg_constraint UNION ALL SELECT 'setting' || setdatabase || setrole || xmin FROM pg_db_role_setting) rows
        """;

    private const string Writes = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables";

    [Theory]
    [InlineData("pagila")]
    [InlineData("northwind")]
    [InlineData("chinook")]
    [InlineData("types")]
    public async Task A_database_that_is_adopted_planned_and_read_stays_as_it_was_to_the_last_byte(string fixture)
    {
        var database = $"untouched_{fixture}";
        var url = await databases.Create(database, fixture);
        using var data = new DataFolder();
        var yaml = Path.Combine(Path.GetDirectoryName(data.FolderPath)!, "described.yaml");
        var before = await Look(database);

        var adopted = await SocleProgram.Run([], "adopt", url, "--data", data.FolderPath, "--blueprint", yaml);
        Assert.True(adopted.ExitCode == 0, adopted.Errors);
        var plan = await SocleProgram.Run([], "plan", yaml, "--data", data.FolderPath);
        Assert.True(plan.ExitCode == 0, plan.Errors);
        Assert.All(plan.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != ' '), step => Assert.StartsWith("- note the labels and settings of ", step, StringComparison.Ordinal));
        await using (var server = await RunningServer.Start(dataFolder: data.FolderPath))
        {
            foreach (var table in (await server.Http.Get("/api")).Expect(HttpStatusCode.OK).Data["tables"]!.AsArray())
            {
                (await server.Http.Get($"{table!["url"]}?q=x&count=exact")).Expect(HttpStatusCode.OK);
                (await server.Http.Get($"{table["csv"]}")).Expect(HttpStatusCode.OK);
            }

            (await server.Http.Get("/api/openapi.json")).Expect(HttpStatusCode.OK);
            (await server.Http.Get("/health")).Expect(HttpStatusCode.OK);
            Assert.Equal(0, await server.Stop());
        }

        Assert.Equal(before, await Look(database));
    }

    [Fact]
    public async Task What_a_blueprint_says_of_adopted_tables_leaves_the_tables_alone()
    {
        var url = await databases.Create("described", "northwind");
        using var data = new DataFolder();
        var yaml = Path.Combine(Path.GetDirectoryName(data.FolderPath)!, "described.yaml");
        var tables = await Tables();
        Assert.Equal(0, (await SocleProgram.Run([], "adopt", url, "--data", data.FolderPath, "--blueprint", yaml)).ExitCode);
        await File.WriteAllTextAsync(yaml, (await File.ReadAllTextAsync(yaml)).Replace("  Employees:\n", "  Employees:\n    label: { fr: Salariés, en: Staff }\n", StringComparison.Ordinal));
        var applied = await SocleProgram.Run([], "apply", yaml, "--data", data.FolderPath);
        Assert.True(applied.ExitCode == 0, applied.Errors);
        Assert.Contains("Nothing to change", (await SocleProgram.Run([], "plan", yaml, "--data", data.FolderPath)).Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(yaml, "blueprint: wrong\nadopted: { Employees: { fields: { LastName: number, Gone: text } }, Nowhere: { fields: { a: text } } }");
        var wrong = await SocleProgram.Run([], "plan", yaml, "--data", data.FolderPath);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Equal(3, wrong.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        await using var server = await RunningServer.Start(dataFolder: data.FolderPath);
        Assert.Contains((await server.Http.Get("/api")).Data["tables"]!.AsArray(), table => (string?)table!["label"] == "Staff");
        Assert.Equal(2, (await server.Http.Get("/api/Employees?q=FULLER&select=LastName,ReportsTo(LastName)")).Expect(HttpStatusCode.OK).Records.Count + 1);
        Assert.Equal(tables, await Tables());

        // The statistics of another process may come late; the catalog's own tables are what counts here.
        Task<string> Tables() => databases.Postgres.Psql("described", "SELECT string_agg(attrelid || ' ' || attname || a.xmin, ',' ORDER BY attrelid, attnum) FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid WHERE c.relnamespace = 'public'::regnamespace");
    }

    [Fact]
    public async Task An_import_puts_rows_into_a_database_and_nothing_of_ours()
    {
        var url = await databases.Create("filled", "northwind");
        using var data = new DataFolder();
        var file = Path.Combine(Path.GetDirectoryName(data.FolderPath)!, "states.csv");
        await File.WriteAllTextAsync(file, "state_name;state_abbr\nTexas;TX\n", TestContext.Current.CancellationToken);

        var imported = await SocleProgram.Run([("DATABASE_URL", url)], "import", "csv", file, "--table", "us_states", "--data", data.FolderPath);

        Assert.True(imported.ExitCode == 0, imported.Errors);
        Assert.Equal("TX", (await databases.Postgres.Psql("filled", "SELECT state_abbr FROM us_states WHERE state_name = 'Texas'")).Trim());
        Assert.Equal("f", (await databases.Postgres.Psql("filled", "SELECT to_regnamespace('socle_system') IS NOT NULL")).Trim());
    }

    private async Task<string> Look(string database)
    {
        var dump = string.Join('\n', (await databases.Postgres.Dump(database)).Split('\n').Where(line => !line.StartsWith("\\restrict", StringComparison.Ordinal) && !line.StartsWith("\\unrestrict", StringComparison.Ordinal)));
        return $"{dump}\n{await databases.Postgres.Psql(database, Catalog)}\n{await databases.Postgres.Psql(database, Writes)}";
    }
}
