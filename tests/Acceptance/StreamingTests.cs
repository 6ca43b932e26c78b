using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Xml;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>A server that may answer 200,000 records at once, and has them.</summary>
public sealed class ServerWithManyClients : WashgoServer
{
    public const int Count = 200_000;

    protected override Dictionary<string, string> Settings => new() { ["MAX_ROWS"] = $"{Count}" };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Server.Ask($"""
            INSERT INTO clients (type, name, first_name, last_name, email, phone, city, tags, contacts)
            SELECT 'individual', 'Client n° ' || n, 'Prénom', 'Nom ' || n, 'client' || n || '@courriel.example', '06 39 98 00 00', 'Besançon',
                   ARRAY['fidèle', 'n' || n % 100], jsonb_build_array(jsonb_build_object('name', 'Contact ' || n))
            FROM generate_series(1, {Count}) n
            """);
    }
}

/// <summary>Long lists stream: the server's memory does not grow with the answer, and nobody's query outlives its caller.</summary>
[Collection<Measured>]
public sealed class StreamingTests(ServerWithManyClients fixture) : IClassFixture<ServerWithManyClients>
{
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private const long Allowed = 50 * 1024 * 1024;

    private RunningServer Server => fixture.Server;

    [Theory]
    [InlineData("application/json", "\"email\":", "en")]
    [InlineData("text/csv", "\r\n", "en")]
    [InlineData("text/csv", "\r\n", "fr")]
    public async Task Two_hundred_thousand_records_are_answered_in_little_memory(string accept, string mark, string language)
    {
        Server.Http.DefaultRequestHeaders.AcceptLanguage.Clear();
        Server.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        await Count(accept, mark, limit: 1000);
        // "5" makes the peak anew from what is used now.
        await File.WriteAllTextAsync($"/proc/{Server.ProcessId}/clear_refs", "5", TestContext.Current.CancellationToken);
        var before = Server.ReadMemory("VmRSS");

        var marks = await Count(accept, mark, ServerWithManyClients.Count);

        Assert.Equal(accept == "text/csv" ? ServerWithManyClients.Count + 1 : ServerWithManyClients.Count, marks);
        var growth = Server.ReadMemory("VmHWM") - before;
        TestContext.Current.TestOutputHelper!.WriteLine($"{growth / 1024 / 1024} MB more.");
        Assert.True(growth < Allowed, $"The server grew by {growth / 1024 / 1024} MB.");
    }

    [Fact]
    public async Task Two_hundred_thousand_records_are_a_workbook_in_little_memory()
    {
        await CountRows(limit: 1000);
        await File.WriteAllTextAsync($"/proc/{Server.ProcessId}/clear_refs", "5", TestContext.Current.CancellationToken);
        var before = Server.ReadMemory("VmRSS");
        var started = Stopwatch.GetTimestamp();

        Assert.Equal(ServerWithManyClients.Count + 1, await CountRows(ServerWithManyClients.Count));

        var growth = Server.ReadMemory("VmHWM") - before;
        TestContext.Current.TestOutputHelper!.WriteLine($"{growth / 1024 / 1024} MB more, {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s.");
        Assert.True(growth < Allowed, $"The server grew by {growth / 1024 / 1024} MB.");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/csv")]
    [InlineData(Xlsx)]
    public async Task A_caller_who_leaves_in_the_middle_ends_the_query(string accept)
    {
        using (var response = await Open(accept, ServerWithManyClients.Count))
        {
            await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await body.ReadExactlyAsync(new byte[100_000], TestContext.Current.CancellationToken);
            Assert.Equal("1", await ActiveQueries());
        }

        await Polling.Until("no query is active", TimeSpan.FromSeconds(2), async () => await ActiveQueries() == "0");
        (await Server.Http.Get("/clients?limit=1")).Expect(HttpStatusCode.OK);
    }

    private Task<string> ActiveQueries() =>
        Server.Ask("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'socle%' AND state = 'active'");

    /// <summary>How often the mark comes, read as it streams so that our own memory is not the limit.</summary>
    private async Task<int> Count(string accept, string mark, int limit)
    {
        using var response = await Open(accept, limit);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var wanted = Encoding.UTF8.GetBytes(mark);
        var buffer = new byte[65_536];
        var (kept, count) = (0, 0);
        while (await body.ReadAsync(buffer.AsMemory(kept), TestContext.Current.CancellationToken) is > 0 and var read)
        {
            var span = buffer.AsSpan(0, kept + read);
            count += span.Count(wanted);
            // A mark may be cut in two.
            kept = Math.Min(wanted.Length - 1, span.Length);
            span[^kept..].CopyTo(buffer);
        }

        return count;
    }

    /// <summary>The rows of the workbook's one sheet, by way of a file.</summary>
    private async Task<int> CountRows(int limit)
    {
        await using var file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 65_536, FileOptions.DeleteOnClose);
        using (var response = await Open(Xlsx, limit))
            await response.Content.CopyToAsync(file, TestContext.Current.CancellationToken);
        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        using var xml = XmlReader.Create(zip.GetEntry("xl/worksheets/sheet1.xml")!.Open());
        var count = 0;
        while (xml.Read())
            count += xml is { NodeType: XmlNodeType.Element, Name: "row" } ? 1 : 0;
        return count;
    }

    private async Task<HttpResponseMessage> Open(string accept, int limit)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/clients?limit={limit}");
        request.Headers.Accept.ParseAdd(accept);
        return await Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
