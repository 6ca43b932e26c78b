using FsCheck.Fluent;
using Socle.Blueprints;
using Socle.Kernel;

namespace Socle.Tests.Postgres.Schema;

/// <summary>Whatever the blueprint: applied once, nothing is left to do; changed into another, it is reached or nothing is changed.</summary>
public sealed class RandomBlueprintTests(TestServer server)
{
    [Fact]
    public async Task Applied_once_nothing_is_left_to_do()
    {
        foreach (var yaml in RandomBlueprint.Yaml.Sample(24, 30))
        {
            await using var database = await server.CreateDatabase();
            await ApplyAndPlan(database, Read(yaml), yaml);
        }
    }

    [Fact]
    public async Task One_becomes_another_or_stays_as_it_is()
    {
        var yaml = RandomBlueprint.Yaml.Sample(24, 30).ToList();
        for (var i = 0; i + 1 < yaml.Count; i += 2)
        {
            await using var database = await server.CreateDatabase();
            var (before, after) = (Read(yaml[i]), Read(yaml[i + 1]));
            await ApplyAndPlan(database, before, yaml[i]);
            var message = $"{yaml[i]}\nbecomes\n{yaml[i + 1]}";
            if (!await ApplyAndPlan(database, after, message))
                Assert.True((await ApplyBlueprint.Plan(database, before, withSample: false, TestContext.Current.CancellationToken)).Value.IsEmpty, message);
        }
    }

    /// <summary>False when applying was refused because values could be lost.</summary>
    private static async Task<bool> ApplyAndPlan(Npgsql.NpgsqlDataSource database, Blueprint blueprint, string message)
    {
        var done = await ApplyBlueprint.Apply(database, blueprint, withSample: false, TestContext.Current.CancellationToken);
        if (done.IsFault && done.Faults.All(fault => fault.Message.English.StartsWith("Will not change", StringComparison.Ordinal)))
            return false;
        Assert.True(!done.IsFault, string.Join('\n', done.Faults.Select(fault => fault.Message.English)) + "\n" + message);
        var rest = await ApplyBlueprint.Plan(database, blueprint, withSample: false, TestContext.Current.CancellationToken);
        Assert.True(rest.Value.IsEmpty, rest.Value.Describe(Language.English) + message);
        return true;
    }

    private static Blueprint Read(string yaml)
    {
        var result = BlueprintReader.Read(yaml, "random.yaml");
        Assert.True(!result.IsFault, string.Join('\n', result.Faults.Select(fault => $"{fault.Line}: {fault.Message.English}")) + "\n" + yaml);
        return result.Value;
    }
}
