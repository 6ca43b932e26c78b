using Npgsql;
using Socle.Blueprints;
using Socle.Kernel;
using Socle.Schema;
using Socle.Schema.Migrations;

namespace Socle.Tests.Postgres.Schema;

/// <summary>A database of its own for each test, and the words of the scenarios.</summary>
public abstract class SchemaScenario(TestServer server) : IAsyncLifetime
{
    protected NpgsqlDataSource Database { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Database = await server.CreateDatabase();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Database.DisposeAsync();
    }

    /// <summary>A blueprint of the one table <c>things</c>, with these lines below it.</summary>
    protected static Blueprint Things(string lines) =>
        Read("blueprint: test\ntables:\n  things:\n" + string.Join('\n', lines.Split('\n').Select(line => "    " + line)) + "\n");

    protected static Blueprint Read(string yaml)
    {
        var result = BlueprintReader.Read(yaml, "test.yaml");
        Assert.True(!result.IsFault, string.Join('\n', result.Faults.Select(fault => $"{fault.Line}: {fault.Message.English}")) + "\n" + yaml);
        return result.Value;
    }

    protected async Task<SchemaPlan> Plan(Blueprint blueprint, bool withSample = false) =>
        Right(await ApplyBlueprint.Plan(Database, blueprint, withSample, TestContext.Current.CancellationToken));

    /// <summary>Applies, and asserts that nothing is left to do.</summary>
    protected async Task<SchemaPlan> Apply(Blueprint blueprint, bool withSample = false)
    {
        var done = Right(await ApplyBlueprint.Apply(Database, blueprint, withSample, TestContext.Current.CancellationToken));
        var rest = await Plan(blueprint);
        Assert.True(rest.IsEmpty, $"After:\n{done.Describe(Language.English)}there is still:\n{rest.Describe(Language.English)}{string.Join('\n', rest.Steps.Select(step => step.Sql))}");
        return done;
    }

    /// <summary>Takes the last migrations down.</summary>
    protected async Task Down(int count = 1)
    {
        var done = await Migrate.Down(Database, count, allowLoss: false, TestContext.Current.CancellationToken);
        Assert.True(!done.IsFault, done.IsFault ? done.Faults[0].Message.English : "");
        Assert.Equal(count, done.Value.Length);
    }

    /// <summary>Brings up again what was taken down.</summary>
    protected async Task Up()
    {
        var done = await Migrate.Up(Database, null, TestContext.Current.CancellationToken);
        Assert.True(!done.IsFault, done.IsFault ? done.Faults[0].Message.English : "");
        Assert.NotEmpty(done.Value);
    }

    protected async Task<Fault> Refused(Blueprint blueprint, bool withSample = false)
    {
        var result = await ApplyBlueprint.Apply(Database, blueprint, withSample, TestContext.Current.CancellationToken);
        return Assert.Single(result.Faults);
    }

    protected async Task Execute(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The first column of all rows, a line each.</summary>
    protected async Task<string> List(string sql, string before = "SELECT")
    {
        await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using (var setting = new NpgsqlCommand(before, connection))
            await setting.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            lines.Add(reader.GetValue(0).ToString()!);
        return string.Join('\n', lines);
    }

    private static SchemaPlan Right(Result<SchemaPlan> result)
    {
        Assert.True(!result.IsFault, string.Join('\n', result.Faults.Select(fault => $"{fault.Line}: {fault.Message.English}")));
        return result.Value;
    }
}
