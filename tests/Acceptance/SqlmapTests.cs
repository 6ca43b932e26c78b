using System.Text.Json.Nodes;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>sqlmap, at the level at which it tries the headers too, finds no way into a list or a record.</summary>
public sealed class SqlmapTests(WashgoServer fixture) : IClassFixture<WashgoServer>, IDisposable
{
    private readonly DirectoryInfo _output = Directory.CreateTempSubdirectory("socle-sqlmap-");

    [Fact]
    public async Task Neither_a_list_nor_a_record_lets_sqlmap_in()
    {
        var created = (await fixture.Server.Http.Post("/api/clients", new JsonObject { ["name"] = "Garage Lefèvre", ["status"] = "active" })).Data;
        string[] addresses =
        [
            "/api/clients?select=id,name&status=eq.active&order=name&q=garage&limit=5&offset=0",
            $"/api/clients/{created["id"]}*?select=id,name",
        ];

        foreach (var address in addresses)
            await AssertFindsNothing(new Uri(fixture.Server.Address, address));
    }

    public void Dispose() => _output.Delete(recursive: true);

    private async Task AssertFindsNothing(Uri address)
    {
        var ended = await Programs.Run(Programs.Command(
            "sqlmap", "--url", address.AbsoluteUri, "--level", "3", "--risk", "1", "--dbms", "PostgreSQL", "--batch", "--flush-session", "--disable-coloring", "--threads", "4", "--output-dir", _output.FullName));

        Assert.Contains("all tested parameters do not appear to be injectable", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sqlmap identified the following injection point", ended.Output, StringComparison.Ordinal);
    }
}
