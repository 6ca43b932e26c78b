namespace Socle.Tests.Server.Fuzz;

/// <summary>One condition written in several ways finds the same records, and its contrary finds none of them.</summary>
public sealed class EquivalenceTests(FuzzTests.FuzzedServer server) : IClassFixture<FuzzTests.FuzzedServer>
{
    [Theory]
    [InlineData("types")]
    [InlineData("texts")]
    [InlineData("orders")]
    [InlineData("bookings")]
    public async Task A_condition_means_the_same_wherever_it_stands(string name)
    {
        var table = (await Vocabulary.Read(server.Database)).Find(name);
        var found = 0;
        for (var seed = 0; seed < 150; seed++)
        {
            var alone = Condition(table, seed, '=');
            var grouped = Condition(table, seed, '.');
            var ids = await Ids(name, alone);
            found += ids.Count;
            Assert.Equal(ids, await Ids(name, $"or=({grouped})"));
            Assert.Equal(ids, await Ids(name, $"not.and=(not.or({grouped}))"));
            Assert.Equal(ids, await Ids(name, $"and=({grouped},or({grouped},id.lt.0))&order=id"));
            Assert.Empty(ids.Intersect(await Ids(name, $"not.and=({grouped})")));
            var counted = await server.Expect(200, Call.Get(Address(name, alone) + "&count=exact&limit=1"));
            Assert.Equal(ids.Count, (int)counted.Json["meta"]!["total"]!);
            var csv = await server.Expect(200, Call.Get(Address(name, alone), "Accept: text/csv"));
            Assert.Equal(ids.Count + 1, csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        }

        Assert.True(found > 20);
    }

    private static string Condition(FuzzTable table, int seed, char separator) =>
        new QueryFuzzer(new Vocabulary([table], []), new Random(seed), noise: 0).Condition(table, separator);

    private static string Address(string table, string condition)
    {
        var query = string.Join('&', condition.Split('&').Select(parameter => $"{GarbageEncoding.Encode(parameter[..parameter.IndexOf('=')])}={GarbageEncoding.Encode(parameter[(parameter.IndexOf('=') + 1)..])}"));
        return $"/api/{table}?select=id&{query}";
    }

    private async Task<List<int>> Ids(string table, string condition) =>
        [.. (await server.Expect(200, Call.Get(Address(table, condition)))).Data!.AsArray().Select(record => (int)record!["id"]!).Order()];
}
