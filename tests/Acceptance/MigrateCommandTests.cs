using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>The guides' <c>alembic upgrade head</c> and <c>downgrade -1</c>, with the published program.</summary>
public sealed class MigrateCommandTests : IDisposable
{
    private const string Before = "blueprint: firm\ntables:\n  clients: { fields: { name: text, siret: text } }\n";

    private const string After = "blueprint: firm\ntables:\n  clients: { fields: { full_name: { id: name, type: text }, siret: number } }\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("socle-migrate-").FullName;

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_table_of_the_seed_goes_down_and_comes_up_with_its_data()
    {
        await Expect(0, "apply", "washgo");
        await Sql("INSERT INTO clients (name, email) VALUES ('Client Test', 'test@example.com')");
        var before = await Sql("SELECT c FROM clients c");

        Assert.Contains("washgo  taken down", (await Expect(0, "migrate", "down")).Output, StringComparison.Ordinal);
        Assert.Equal("0", await Sql("SELECT count(*) FROM pg_class WHERE relname = 'clients' AND relnamespace = 'public'::regnamespace"));
        Assert.Contains("washgo  taken down", (await Expect(0, "migrate", "status")).Output, StringComparison.Ordinal);
        Assert.Contains("washgo  brought up", (await Expect(0, "migrate", "up")).Output, StringComparison.Ordinal);

        Assert.Equal(before, await Sql("SELECT c FROM clients c"));
        Assert.Contains("Nothing to bring up", (await Expect(0, "migrate", "up")).Output, StringComparison.Ordinal);
        Assert.Contains("Nothing to change.", (await Expect(0, "plan", "washgo")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_database_has_nothing_to_take_down_or_to_bring_up()
    {
        Assert.Contains("Nothing was applied yet.", (await Expect(0, "migrate", "status")).Output, StringComparison.Ordinal);
        Assert.Contains("Nothing to take down", (await Expect(0, "migrate", "down")).Output, StringComparison.Ordinal);
        Assert.Contains("Nothing to bring up", (await Expect(0, "migrate", "up")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_that_loses_values_ends_with_2_and_needs_a_flag()
    {
        await Expect(0, "apply", Write("before.yaml", Before));
        await Sql("INSERT INTO clients (name, siret) VALUES ('a', '12'), ('b', 'douze')");
        var after = Write("after.yaml", After);

        var plan = await Expect(2, "plan", after);
        Assert.Contains("- rename the field clients.name to full_name", plan.Output, StringComparison.Ordinal);
        Assert.Contains("rows it touches: 2; values it would lose: 1 (needs --allow-loss); lock: ACCESS EXCLUSIVE on clients", plan.Output, StringComparison.Ordinal);
        Assert.Contains("1 value would be lost", (await Expect(1, "apply", after)).Errors, StringComparison.Ordinal);
        await Expect(0, "apply", after, "--allow-loss");
        await Expect(0, "plan", after);
        Assert.Equal("a,12 b,", await Sql("SELECT string_agg(concat_ws(',', full_name, coalesce(siret::text, '')), ' ' ORDER BY full_name) FROM clients"));
        await Expect(0, "migrate", "down", "--steps", "1");

        Assert.Equal("a,12 b,douze", await Sql("SELECT string_agg(concat_ws(',', name, siret), ' ' ORDER BY name) FROM clients"));
        await Expect(1, "migrate", "down", "--steps", "0");
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<Ended> Expect(int code, params string[] arguments)
    {
        var ended = await SocleProgram.Run([], [.. arguments, "--data", Data]);
        Assert.True(ended.ExitCode == code, $"{string.Join(' ', arguments)} ended with {ended.ExitCode}: {ended.Errors}{ended.Output}");
        return ended;
    }

    private async Task<string> Sql(string sql)
    {
        var ended = await SocleProgram.Run([], "psql", "--data", Data, "--", "-At", "-c", sql);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        return ended.Output.Trim();
    }
}
