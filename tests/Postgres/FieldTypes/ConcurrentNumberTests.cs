using System.Globalization;
using Npgsql;
using Socle.Tests.Postgres.Schema;

namespace Socle.Tests.Postgres.FieldTypes;

/// <summary>Many writers at once, some of whom roll back, and the change of the year among them.</summary>
public sealed class ConcurrentNumberTests(TestServer server) : SchemaScenario(server)
{
    private const int Writers = 12;
    private const int Rounds = 25;

    [Fact]
    public async Task Without_gaps_each_number_follows_the_one_before_whoever_rolls_back()
    {
        await Apply(Things("fields: { name: text, number: { type: autonumber, format: 'N{0}', gapless: true } }"));
        var kept = await Write("INSERT INTO things (name) SELECT 'x' FROM generate_series(1, {0})");

        Assert.Equal($"{kept} {kept} 1 {kept}", await List("SELECT concat_ws(' ', count(*), count(DISTINCT number), min(substr(number, 2)::int), max(substr(number, 2)::int)) FROM things"));
    }

    [Fact]
    public async Task With_a_sequence_each_number_is_given_once_and_nobody_waits()
    {
        await Apply(Things("fields: { name: text, number: { type: autonumber, format: 'N{0}' } }"));
        await using var open = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await open.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("INSERT INTO things (name) VALUES ('open')", open))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var kept = await Write("SET LOCAL lock_timeout = '5s'; INSERT INTO things (name) SELECT 'x' FROM generate_series(1, {0})");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal($"{kept + 1} {kept + 1}", await List("SELECT concat_ws(' ', count(*), count(DISTINCT number)) FROM things"));
    }

    /// <summary>What the trigger does, with a clock of the test's own: the old year ends while they write.</summary>
    [Fact]
    public async Task The_year_changes_among_writers_and_each_year_is_without_gaps()
    {
        await Apply(Things("fields: { name: text, number: { type: autonumber, format: 'N{yyyy}-{0}', gapless: true } }"));
        await Execute("""
            CREATE SEQUENCE clock;
            CREATE FUNCTION number_now() RETURNS text LANGUAGE plpgsql AS $$
            DECLARE
                at timestamp := CASE WHEN nextval('clock') < 500 THEN timestamp '2031-12-31 23:59:59' ELSE '2032-01-01' END;
                n socle_system.numbers := (SELECT x FROM socle_system.numbers x);
                number bigint := socle_system.lock_counter(n, 'things', 'number', at) + 1;
            BEGIN
                PERFORM socle_system.set_counter(n, at, number);
                RETURN socle_system.write_number(n.format, at, number);
            END $$
            """);
        var kept = await Write("INSERT INTO things (number) SELECT number_now() FROM generate_series(1, {0})");

        Assert.Equal($"{kept}", await List("SELECT count(*) FROM things"));
        Assert.Equal("", await List("""
            SELECT year || ' has ' || count(*) || ' up to ' || max(number)
            FROM (SELECT substr(number, 2, 4) AS year, substr(number, 7)::int AS number FROM things) n
            GROUP BY year HAVING count(*) <> max(number) OR min(number) <> 1
            """));
        Assert.Equal("2", await List("SELECT count(DISTINCT substr(number, 2, 4)) FROM things"));
    }

    [Fact]
    public async Task A_sequence_begins_anew_with_the_year_and_finds_what_was_brought_ahead()
    {
        await Apply(Things("fields: { name: text, number: { type: autonumber, format: 'N{yyyy}-{00}' } }"));
        await Execute("INSERT INTO things (number) VALUES ('N2032-03')");
        const string Next = "SELECT socle_system.next_in_sequence(n, 'things', 'number', '{0}') FROM socle_system.numbers n";
        Assert.Equal("N2031-01", await List(string.Format(CultureInfo.InvariantCulture, Next, "2031-12-31 23:59:59")));
        Assert.Equal("N2031-02", await List(string.Format(CultureInfo.InvariantCulture, Next, "2031-12-31 23:59:59")));
        Assert.Equal("N2032-04", await List(string.Format(CultureInfo.InvariantCulture, Next, "2032-01-01")));
        Assert.Equal("N2032-05", await List(string.Format(CultureInfo.InvariantCulture, Next, "2032-01-01")));

        var numbers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => List(string.Format(CultureInfo.InvariantCulture, Next, "2033-01-01"))));
        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"N2033-{i:00}"), numbers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Fifty_thousand_records_are_numbered_without_gaps_in_one_statement()
    {
        await Apply(Things("history: false\nfields: { name: text, number: { type: autonumber, format: 'N{0}', gapless: true } }"));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Execute("INSERT INTO things (name) SELECT 'x' FROM generate_series(1, 50000)");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
        await Execute("INSERT INTO things (name) VALUES ('y')");
        Assert.Equal("N50001", await List("SELECT number FROM things WHERE name = 'y'"));
    }

    /// <summary>Each writer takes some numbers in a transaction and commits, rolls back, or rolls back to a savepoint. Gives how many were kept.</summary>
    private async Task<int> Write(string insert)
    {
        var kept = await Task.WhenAll(Enumerable.Range(0, Writers).Select(seed => Task.Run(() => WriteOne(insert, new Random(seed)))));
        return kept.Sum();
    }

    private async Task<int> WriteOne(string insert, Random random)
    {
        var kept = 0;
        await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        for (var round = 0; round < Rounds; round++)
        {
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            var (first, lost, last) = (random.Next(1, 4), random.Next(1, 4), random.Next(0, 3));
            await Run(first);
            await transaction.SaveAsync("s", TestContext.Current.CancellationToken);
            await Run(lost);
            await transaction.RollbackAsync("s", TestContext.Current.CancellationToken);
            await Run(last);
            if (random.Next(3) == 0)
            {
                await transaction.RollbackAsync(TestContext.Current.CancellationToken);
                continue;
            }

            await transaction.CommitAsync(TestContext.Current.CancellationToken);
            kept += first + last;
        }

        return kept;

        async Task Run(int count)
        {
            await using var command = new NpgsqlCommand(string.Format(CultureInfo.InvariantCulture, insert, count), connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}
