using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Policies;

/// <summary>
/// One rule at every door: for 200 users, a hundred on each kind of database, with policies drawn by lot, each door shows the same records, those that SQL written by
/// hand says; and where a policy is taken away, none. Another draw: POLICY_SEED.
/// </summary>
public sealed class EveryDoorTests(TestServer postgres)
{
    private const int Rounds = 4;
    private const int Roles = 6;

    private FirmServer _firm = null!;
    private readonly Random _random = new(int.TryParse(Environment.GetEnvironmentVariable("POLICY_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 4);

    /// <param name="isPrivate">Whether roles have connections of their own, and statements tell who asks: only where PostgreSQL is the server's own.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_door_shows_each_user_the_same_records_and_without_a_policy_none(bool isPrivate)
    {
        await using var firm = new FirmServer(postgres, isPrivate: isPrivate);
        await firm.InitializeAsync();
        _firm = firm;
        await _firm.Execute($"INSERT INTO socle_system.roles (name, label_en, label_fr) SELECT 'r' || i, 'R', 'R' FROM generate_series(0, {Roles - 1}) i");
        var seen = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var rules = Enumerable.Range(0, Roles).ToDictionary(role => $"r{role}", _ => FirmRules.Draw(_random));
            var people = await Assign(rules);
            foreach (var table in FirmRules.Tables)
                seen += await AssertSame(people, rules, table);

            foreach (var drawn in rules.Values)
                drawn[FirmRules.Tables[round % 3]] = null;
            people = await Assign(rules);
            Assert.Equal(0, await AssertSame(people, rules, FirmRules.Tables[round % 3]));
        }

        Assert.True(seen > 500, $"Only {seen} records were seen in all: the draw shows nothing.");
    }

    /// <summary>Gives each user a role at random and the roles these rules, and waits until the server goes by them.</summary>
    private async Task<List<(FirmUser User, string Role)>> Assign(Dictionary<string, Dictionary<string, ReadRule?>> rules)
    {
        var people = _firm.People.Select(user => (user, Role: $"r{_random.Next(Roles)}")).ToList();
        var values = rules.SelectMany(role => role.Value.Where(rule => rule.Value is not null).Select(rule =>
            $"('{role.Key}', '{rule.Key}', {(rule.Value!.Filter is { } filter ? $"'{filter}', 'false'" : "NULL, NULL")})"));
        await _firm.Execute($"""
            DELETE FROM socle_system.policies WHERE role ~ '^r[0-9]';
            INSERT INTO socle_system.policies (role, table_id, action, filter, condition)
            SELECT v.role, t.id, 'read', v.filter, v.condition
            FROM (VALUES {string.Join(", ", values.Append("('', '', NULL, NULL)"))}) v (role, name, filter, condition)
            JOIN socle_system.tables t ON t.relation::text = v.name;
            {string.Concat(people.Select(person => $"UPDATE socle_system.users SET role = '{person.Role}' WHERE id = '{person.user.Id}';"))}
            """);
        foreach (var (user, role) in people)
        {
            foreach (var table in FirmRules.Tables)
            {
                var expected = await Expected(rules[role], table, user);
                var clock = DateTime.UtcNow;
                while (!expected.SetEquals(await List(user, table)))
                    Assert.True(DateTime.UtcNow - clock < Machine.Allow(TimeSpan.FromSeconds(10)), $"{_firm.Server.Log}\n{role} {rules[role][table]} of {table}: expected {string.Join(' ', expected)}, listed {string.Join(' ', await List(user, table))}");
            }
        }

        return people;
    }

    /// <returns>How many records were seen.</returns>
    private async Task<int> AssertSame(List<(FirmUser User, string Role)> people, Dictionary<string, Dictionary<string, ReadRule?>> rules, string table)
    {
        var all = await _firm.Ids($"SELECT id FROM {table} ORDER BY id");
        var heard = await Listen(people, rules, table);
        var seen = 0;
        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (person, _) =>
        {
            var (user, role) = person;
            var expected = await Expected(rules[role], table, user);
            Interlocked.Add(ref seen, expected.Count);
            var what = $"{role} ({rules[role][table]}) on {table}";
            Assert.True(expected.SetEquals(await List(user, table)), $"list: {what}");
            Assert.True(expected.SetEquals(await Export(user, table)), $"export: {what}");
            Assert.True(expected.SetEquals(await Psql(user, role, table)), $"psql: {what}");
            Assert.Equal(expected.Count, await Count(user, table));
            Assert.Equal(expected.Count, await Aggregate(user, table));
            await AssertEmbedded(user, rules[role], table);
            Assert.True(expected.SetEquals(heard[user.Id]), $"events: {what}: expected {string.Join(' ', expected)}, heard {string.Join(' ', heard[user.Id])}");
            foreach (var id in all.Where((_, i) => (i + user.Id.GetHashCode()) % 8 == 0))
            {
                var status = expected.Contains(id) ? 200 : 404;
                Assert.Equal(status, await Status(user, $"/api/{table}/{id}"));
                Assert.Equal(status, await Status(user, $"/api/{table}/{id}/history"));
            }
        });

        return seen;
    }

    private async Task<HashSet<string>> Expected(Dictionary<string, ReadRule?> rules, string table, FirmUser user) =>
        [.. await _firm.Ids($"SELECT id FROM {table} t WHERE {FirmRules.Seen(rules, table, "t", user.Id)}")];

    private static async Task<HashSet<string>> List(FirmUser user, string table) =>
        await Get(user, $"/api/{table}?select=id") is { } data ? [.. data["data"]!.AsArray().Select(record => $"{record!["id"]}")] : [];

    private static async Task<HashSet<string>> Export(FirmUser user, string table)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/{table}?select=id") { Headers = { { "Accept", "text/csv" } } };
        using var answer = await user.Http.SendAsync(request);
        return answer.IsSuccessStatusCode ? [.. (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1..]] : [];
    }

    private static async Task<int> Count(FirmUser user, string table) =>
        await Get(user, $"/api/{table}?select=id&limit=1&count=exact") is { } data ? (int)data["meta"]!["total"]! : 0;

    private static async Task<int> Aggregate(FirmUser user, string table) =>
        await Get(user, $"/api/{table}?select=count()") is { } data ? (int)data["data"]![0]!["count"]! : 0;

    /// <summary>From the table above and from the one below.</summary>
    private async Task AssertEmbedded(FirmUser user, Dictionary<string, ReadRule?> rules, string table)
    {
        foreach (var (parent, child, key) in new[] { ("firms", "jobs", "firm_id"), ("jobs", "notes", "job_id") })
        {
            if (table != parent && table != child)
                continue;
            var expected = (await _firm.Ids($"SELECT p.id || ' ' || c.id FROM {parent} p JOIN {child} c ON c.{key} = p.id WHERE {FirmRules.Seen(rules, parent, "p", user.Id)} AND {FirmRules.Seen(rules, child, "c", user.Id)}")).ToHashSet();
            var down = await Get(user, $"/api/{parent}?select=id,{child}(id)");
            var up = await Get(user, $"/api/{child}?select=id,{parent}(id)");
            Assert.True(expected.SetEquals(Pairs(down, child, isDown: true)), $"embed down: {parent} {child}");
            Assert.True(expected.SetEquals(Pairs(up, parent, isDown: false)), $"embed up: {child} {parent}");
        }
    }

    private static IEnumerable<string> Pairs(JsonNode? answer, string relation, bool isDown) =>
        from record in answer?["data"]?.AsArray() ?? []
        from related in isDown ? record![relation]!.AsArray().ToArray() : new JsonNode?[] { record![relation] }
        where related is not null
        select isDown ? $"{record!["id"]} {related["id"]}" : $"{related["id"]} {record!["id"]}";

    /// <summary>Under the role's own database role, as socle psql --as does it.</summary>
    private async Task<HashSet<string>> Psql(FirmUser user, string role, string table)
    {
        await using var connection = await _firm.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var settings = new NpgsqlCommand($"SET LOCAL ROLE socle_{role}; SET LOCAL socle.user_id = '{user.Id}'", connection))
            await settings.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand($"SELECT id::text FROM {table}", connection);
        try
        {
            await using var reader = await command.ExecuteReaderAsync();
            var ids = new HashSet<string>();
            while (await reader.ReadAsync())
                ids.Add(reader.GetString(0));
            return ids;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return [];
        }
    }

    /// <summary>Which records each user hears of when every one of the table is changed.</summary>
    private async Task<Dictionary<Guid, HashSet<string>>> Listen(List<(FirmUser User, string Role)> people, Dictionary<string, Dictionary<string, ReadRule?>> rules, string table)
    {
        using var end = new CancellationTokenSource();
        var heard = people.ToDictionary(person => person.User.Id, _ => new ConcurrentDictionary<string, bool>());
        using var placed = new CountdownEvent(people.Count);
        var listening = people.Select(person => Task.Run(() => Hear(person.User, table, heard[person.User.Id], placed, end.Token))).ToList();
        Assert.True(await Task.Run(() => placed.Wait(TimeSpan.FromSeconds(20))), "The streams did not begin.");
        await _firm.Execute($"UPDATE {table} SET touched = touched + 1");
        var clock = DateTime.UtcNow;
        foreach (var (user, role) in people)
        {
            var expected = await Expected(rules[role], table, user);
            while (!expected.IsSubsetOf(heard[user.Id].Keys) && DateTime.UtcNow - clock < TimeSpan.FromSeconds(10))
                await Task.Delay(20);
        }

        // What should not come would come by now.
        await Task.Delay(150);
        await end.CancelAsync();
        await Task.WhenAll(listening);
        return heard.ToDictionary(pair => pair.Key, pair => pair.Value.Keys.ToHashSet());
    }

    private static async Task Hear(FirmUser user, string table, ConcurrentDictionary<string, bool> heard, CountdownEvent placed, CancellationToken end)
    {
        var isPlaced = false;
        try
        {
            using var answer = await user.Http.GetAsync(new Uri($"/api/events?table={table}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, end);
            if (!answer.IsSuccessStatusCode)
                return;
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(end));
            while (await reader.ReadLineAsync(end) is { } line)
            {
                if (!isPlaced && line.StartsWith("id:", StringComparison.Ordinal))
                {
                    isPlaced = true;
                    placed.Signal();
                }
                else if (line.StartsWith("data:", StringComparison.Ordinal) && JsonNode.Parse(line[5..]) is JsonObject data && data["id"] is { } id)
                {
                    heard[$"{id}"] = true;
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or HttpRequestException)
        {
            // The test has heard enough.
        }
        finally
        {
            if (!isPlaced)
                placed.Signal();
        }
    }

    private static async Task<int> Status(FirmUser user, string address)
    {
        using var answer = await user.Http.GetAsync(new Uri(address, UriKind.Relative));
        return (int)answer.StatusCode;
    }

    /// <summary>Null where the table is not there for this user.</summary>
    private static async Task<JsonNode?> Get(FirmUser user, string address)
    {
        using var answer = await user.Http.GetAsync(new Uri(address, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode is 200 or 400 or 403 or 404, $"{address}: {text}");
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text) : null;
    }
}
