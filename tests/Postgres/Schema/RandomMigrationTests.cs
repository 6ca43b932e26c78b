using System.Globalization;
using Npgsql;
using Socle.Blueprints;
using Socle.Kernel;
using Socle.Schema.Migrations;

namespace Socle.Tests.Postgres.Schema;

/// <summary>
/// Random blueprints become one another, with random data in their tables. Taken down again, every table has the checksum and the
/// structure that it had before; brought up again, those that it had then. After each apply nothing is left to do.
/// SCHEMA_SEED=N tries other sequences, SCHEMA_RUNS=N more of them.
/// </summary>
public sealed class RandomMigrationTests(TestServer server)
{
    private static readonly int Seed = Number("SCHEMA_SEED", 1);
    private static readonly int Runs = Number("SCHEMA_RUNS", 4);

    [Fact]
    public async Task Up_and_down_and_up_again_ends_where_it_was()
    {
        for (var run = 0; run < Runs; run++)
        {
            await using var database = await server.CreateDatabase();
            var story = new EvolvingBlueprint(new Random(Seed * 1000 + run));
            var told = new List<string>();
            for (var change = 0; change < 6; change++)
            {
                var yaml = story.Next();
                var message = $"SCHEMA_SEED={Seed}, run {run}:\n{string.Join("\nbecomes\n", told)}\nbecomes\n{yaml}";
                if (!await Apply(database, yaml, message))
                {
                    story.Undo();
                    continue;
                }

                told.Add(yaml);
                await Fill(database, story);
            }

            await GoDownAndUp(database, await State(database), $"SCHEMA_SEED={Seed}, run {run}:\n{string.Join("\nbecomes\n", told)}");
        }
    }

    /// <summary>Data were written after each apply, so the ways are compared from the top: up again is as it was before down.</summary>
    private static async Task GoDownAndUp(NpgsqlDataSource database, string top, string message)
    {
        var ways = new List<string> { top };
        while (await TryDown(database, message))
            ways.Add(await State(database));
        for (var i = ways.Count - 2; i >= 0; i--)
        {
            await Up(database, message);
            var state = await State(database);
            Assert.True(state == ways[i], $"Up again to {i} of {ways.Count}:\n{Differences(ways[i], state)}\n{message}");
        }

        for (var i = 1; i < ways.Count; i++)
        {
            Assert.True(await TryDown(database, message), message);
            var state = await State(database);
            Assert.True(state == ways[i], $"Down again to {i} of {ways.Count}:\n{Differences(ways[i], state)}\n{message}");
        }
    }

    [Fact]
    public async Task A_change_that_is_taken_back_at_once_leaves_no_trace()
    {
        for (var run = 0; run < Runs; run++)
        {
            await using var database = await server.CreateDatabase();
            var story = new EvolvingBlueprint(new Random(Seed * 1000 + 500 + run));
            Assert.True(await Apply(database, story.Next(), ""));
            await Fill(database, story);
            for (var change = 0; change < 7; change++)
            {
                var before = await State(database);
                var yaml = story.Next();
                var message = $"SCHEMA_SEED={Seed}, run {run}, change {change}:\n{yaml}";
                var migrations = await Count(database);
                if (!await Apply(database, yaml, message) || await Count(database) == migrations)
                {
                    story.Undo();
                    continue;
                }

                if (!await TryDown(database, message))
                    Assert.Fail(message);
                var after = await State(database);
                Assert.True(before == after, $"{Differences(before, after)}\n{message}");
                await Up(database, message);
                await Fill(database, story);
            }
        }
    }

    /// <summary>False when rows are in the way: nothing was changed then.</summary>
    private static async Task<bool> Apply(NpgsqlDataSource database, string yaml, string message)
    {
        var read = BlueprintReader.Read(yaml, "random.yaml");
        Assert.True(!read.IsFault, (read.IsFault ? read.Faults[0].Message.English : "") + message);
        var done = await ApplyBlueprint.Apply(database, read.Value, withSample: false, allowLoss: true, TestContext.Current.CancellationToken);
        if (done.IsFault)
        {
            Assert.True(done.Faults.All(fault => fault.Message.English.Contains(" row", StringComparison.Ordinal) || fault.Message.English.Contains("more than once", StringComparison.Ordinal)), done.Faults[0].Message.English + "\n" + message);
            return false;
        }

        var rest = await ApplyBlueprint.Plan(database, read.Value, withSample: false, TestContext.Current.CancellationToken);
        Assert.True(rest.Value.IsEmpty, $"{done.Value.Describe(Language.English)}leaves\n{rest.Value.Describe(Language.English)}{message}");
        return true;
    }

    /// <summary>False at the bottom, and where a value was written since that has no room in what was there before.</summary>
    private static async Task<bool> TryDown(NpgsqlDataSource database, string message)
    {
        var done = await Migrate.Down(database, 1, allowLoss: false, TestContext.Current.CancellationToken);
        if (!done.IsFault)
            return !done.Value.IsEmpty;
        Assert.True(
            new[] { "since would be lost", "have no value there", "has no value there", "more than once", "has another value", "have another value", "that does not exist" }
                .Any(reason => done.Faults[0].Message.English.Contains(reason, StringComparison.Ordinal)),
            done.Faults[0].Message.English + "\n" + message);
        return false;
    }

    private static async Task Up(NpgsqlDataSource database, string message)
    {
        var done = await Migrate.Up(database, 1, TestContext.Current.CancellationToken);
        Assert.True(!done.IsFault, (done.IsFault ? done.Faults[0].Message.English : "") + "\n" + message);
    }

    private static async Task<int> Count(NpgsqlDataSource database) => (await MigrationLog.List(database, TestContext.Current.CancellationToken)).Length;

    /// <summary>Random records; those that a rule refuses are left out.</summary>
    private static async Task Fill(NpgsqlDataSource database, EvolvingBlueprint story)
    {
        foreach (var insert in story.Records())
        {
            try
            {
                await using var command = database.CreateCommand(insert);
                await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState.StartsWith("23", StringComparison.Ordinal))
            {
                // A value is there already.
            }
        }
    }

    /// <summary>The structure, and all rows of each table with the columns that are in sight.</summary>
    private static async Task<string> State(NpgsqlDataSource database)
    {
        var tables = (await Rows(database, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var lines = new List<string>();
        foreach (var table in tables)
        {
            var columns = await Rows(database, $"SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'public.{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attname NOT LIKE 'socle_aside_%'");
            lines.Add(await Rows(database, $"SELECT '{table} ' || ({columns}, NULL)::text FROM public.{table} ORDER BY 1"));
        }

        return string.Join('\n', lines) + "\n" + await Rows(database, StructureOf.Served);
    }

    private static async Task<string> Rows(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }

    private static string Differences(string one, string other)
    {
        var (before, after) = (one.Split('\n'), other.Split('\n'));
        return string.Join('\n', [.. before.Except(after).Select(line => "- " + line), .. after.Except(before).Select(line => "+ " + line)]);
    }

    private static int Number(string variable, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : fallback;
}
