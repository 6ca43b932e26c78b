using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Fuzz;

/// <summary>
/// Thousands of requests from a seed, sixteen at a time: no failure of the server, no leak, and no record changed that
/// no acknowledged write explains.
/// </summary>
public sealed class FuzzTests(FuzzTests.FuzzedServer server) : IClassFixture<FuzzTests.FuzzedServer>
{
    private const int InFlight = 16;

    public sealed class FuzzedServer(TestServer postgres) : ScenarioServer(postgres, ("MAX_BODY_BYTES", "200000"));

    private readonly ConcurrentDictionary<string, int> _ledger = [];
    private readonly ConcurrentQueue<string> _wrong = [];
    private readonly ConcurrentDictionary<int, int> _statuses = [];

    [Fact]
    public Task Twenty_thousand_requests_from_a_fixed_seed() => Fuzz(seed: 20_260_101, requests: 20_000);

    /// <summary>The seed that once found a failure; FUZZ_SEED looks for the next one. The gate itself asks the same each time.</summary>
    [Fact]
    public Task Ten_thousand_requests_from_a_seed_of_ones_own_choice() =>
        Fuzz(int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SEED"), out var seed) ? seed : 156_590_065, requests: 10_000);

    private async Task Fuzz(int seed, int requests)
    {
        var vocabulary = await Vocabulary.Read(server.Database);
        var before = await Checksums(vocabulary);
        var failures = Failures().Count;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, requests),
            new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = TestContext.Current.CancellationToken },
            async (i, _) =>
            {
                await Send(new RequestFuzzer(vocabulary, unchecked(seed + (i * 7919))).Next(), seed, i);
                if (i % 20 == 0)
                    await KeepBooks(i);
            });

        var summary = string.Join(", ", _statuses.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}"));
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        Assert.True(_wrong.IsEmpty, $"Seed {seed}, {_wrong.Count} wrong of {requests} ({summary})\n\n{string.Join("\n\n", _wrong.Take(12))}\n\n{string.Join('\n', Failures().Skip(failures).Take(8))}");
        Assert.Equal(before, await Checksums(vocabulary));
        await AssertLedger();
        Assert.Empty(Failures().Skip(failures));
        // Enough of it must work, or nothing is tested.
        Assert.True(_statuses[200] > requests / 10 && _statuses[201] > requests / 100, summary);
        await server.Expect(200, Call.Get("/health"));
    }

    private async Task Send(FuzzRequest fuzzed, int seed, int i)
    {
        using var request = new HttpRequestMessage(new HttpMethod(fuzzed.Method), new Uri(server.Server.Address + fuzzed.Target[1..], new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (fuzzed.Body is not null)
            request.Content = new ByteArrayContent(fuzzed.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        foreach (var (name, value) in fuzzed.Headers)
            AddHeader(request, name, value);
        try
        {
            using var answer = await server.Server.Http.SendAsync(request);
            _statuses.AddOrUpdate((int)answer.StatusCode, 1, (_, count) => count + 1);
            var wrong = AnswerCheck.Find(fuzzed.Method, (int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync()), Uri.UnescapeDataString(fuzzed.Target));
            if (wrong is not null)
                _wrong.Enqueue($"[{seed}/{i}] {wrong}\n{fuzzed}");
        }
        catch (HttpRequestException exception)
        {
            _wrong.Enqueue($"[{seed}/{i}] {exception.Message} {exception.InnerException?.Message}\n{fuzzed}");
        }
    }

    private static void AddHeader(HttpRequestMessage request, string name, string value)
    {
        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return;
        if (name == "Content-Type")
        {
            request.Content?.Headers.Remove(name);
            request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
        else
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>Honest writes among the noise: what was acknowledged must be there in the end, and nothing else.</summary>
    private async Task KeepBooks(int i)
    {
        var id = Guid.NewGuid().ToString();
        if ((await server.Send(Call.Post("/api/ledger", $$"""{"id":"{{id}}","amount":{{i}}}"""))).Status == 201)
            _ledger[id] = i;
        if (i % 3 == 0 && (await server.Send(Call.Patch($"/api/ledger/{id}", """{"amount":-1}"""))).Status == 200)
            _ledger[id] = -1;
        if (i % 5 == 0 && (await server.Send(Call.Delete($"/api/ledger/{id}"))).Status == 200)
            _ledger.TryRemove(id, out _);
    }

    private async Task AssertLedger()
    {
        var stored = JsonNode.Parse(await server.Ask<string>("SELECT coalesce(json_object_agg(id, amount), '{}')::text FROM ledger"))!.AsObject();
        Assert.True(stored.Count >= _ledger.Count);
        Assert.All(_ledger, entry => Assert.Equal(entry.Value, (int)stored[entry.Key]!));
        await server.Ask<long>("WITH gone AS (DELETE FROM ledger RETURNING 1) SELECT count(*) FROM gone");
        Assert.Equal(_ledger.Count, stored.Count);
    }

    /// <summary>The content of every table but the sandbox.</summary>
    private async Task<string> Checksums(Vocabulary vocabulary)
    {
        var sums = vocabulary.Tables.Where(table => table.Name != "sandbox")
            .Select(table => $"SELECT '{table.Name.Replace("'", "''", StringComparison.Ordinal)} ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') AS s FROM \"{table.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" t");
        return await server.Ask<string>($"SELECT string_agg(s, E'\\n' ORDER BY s) FROM ({string.Join(" UNION ALL ", sums)}) x");
    }

    private List<string> Failures() => [.. server.Server.Log.Split('\n').Where(line => line.Contains("\"level\":\"Error\"", StringComparison.Ordinal))];
}
