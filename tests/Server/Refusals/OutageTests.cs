using System.Text;
using Npgsql;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Refusals;

/// <summary>The database is slow, fails among the rows, goes away, changes its tables: what callers see of it.</summary>
public sealed class OutageTests(OutageTests.Outage server) : IClassFixture<OutageTests.Outage>
{
    public sealed class Outage(TestServer postgres) : ScenarioServer(postgres, ("STATEMENT_TIMEOUT", "1"));

    [Theory]
    [InlineData("GET", null)]
    [InlineData("POST", """{"id":1,"sku":"a"}""")]
    public async Task A_statement_that_takes_too_long_is_503(string method, string? body)
    {
        var answer = await server.Expect(503, new Call(method, "/api/slow", body));
        Assert.Equal("query_timeout", (string)answer.Error["code"]!);
        Assert.NotNull(answer.Message.Headers.RetryAfter);
        Assert.Null(Leaks.Find(answer.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("text/csv")]
    public async Task A_failure_among_the_first_rows_is_still_a_proper_fault(string accept)
    {
        var answer = await server.Expect(400, Call.Get("/api/broken?n=gt.99990", accept.Length == 0 ? [] : [$"Accept: {accept}"]));
        Assert.Equal("invalid_value", (string)answer.Error["code"]!);
        Assert.Null(Leaks.Find(answer.Text));
    }

    [Fact]
    public async Task A_failure_after_the_first_part_breaks_the_answer_off()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/broken");
        request.Headers.Add("Accept", "text/csv");
        using var answer = await server.Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_failure_among_written_rows_writes_none()
    {
        var body = new StringBuilder("[");
        for (var i = 1; i <= 3000; i++)
            body.Append($$"""{"id":{{1000 + i}},"sku":"M{{i}}","name":"n","price":{{(i == 2900 ? 0 : 1)}}},""");
        await server.Expect(422, Call.Post("/api/products", $"{body.ToString().TrimEnd(',')}]"));
        Assert.Equal(0L, await server.Ask<long>("SELECT count(*) FROM products WHERE id > 1000"));
        // The answer's own failure takes the write back too.
        await server.Expect(400, Call.Patch("/api/texts?select=value::int&id=gt.0", """{"body":"changed"}"""));
        Assert.Equal(0L, await server.Ask<long>("SELECT count(*) FROM texts WHERE body = 'changed'"));
    }

    [Fact]
    public async Task A_refused_value_does_not_spoil_the_next_request_of_the_same_form()
    {
        foreach (var range in new[] { "[1,2)", "wrong", "[2,3)", "wrong", "[1,3)", "[1,3)" })
            await server.Expect(range == "wrong" ? 400 : 200, Call.Get($"/api/types?i4r=cs.{range}"));
    }

    [Fact]
    public async Task Changed_tables_are_served_changed_without_a_failure()
    {
        for (var i = 0; i < 5; i++)
            await server.Expect(200, Call.Get("/api/rooms"));
        await Run("ALTER TABLE rooms ADD COLUMN floor integer DEFAULT 3");
        while (!(await server.Expect(200, Call.Get("/api/rooms"))).Text.Contains("floor", StringComparison.Ordinal))
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await Run("ALTER TABLE rooms ALTER COLUMN floor TYPE text");
        await server.Expect(201, Call.Post("/api/rooms", """{"id":9,"name":"x"}"""));
        await Run("ALTER TABLE rooms DROP COLUMN floor");
        var answer = await server.Send(Call.Get("/api/rooms?select=floor"));
        Assert.Contains(answer.Status, new[] { 200, 400, 409 });
        Assert.Null(Leaks.Find(answer.Text));
    }

    [Fact]
    public async Task A_database_that_is_away_is_503_until_it_is_back()
    {
        var database = new NpgsqlConnectionStringBuilder(server.Database.ConnectionString).Database;
        await using var other = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.Database.ConnectionString) { Database = "postgres" });
        await Run(other, $"ALTER DATABASE {database} ALLOW_CONNECTIONS false");
        await Run(other, $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");
        try
        {
            foreach (var call in new[] { Call.Get("/api/clients"), Call.Get("/api/clients?count=exact"), Call.Post("/api/log_lines", """{"line":"lost"}"""), Call.Delete("/api/log_lines?line=eq.lost") })
            {
                var answer = await server.Expect(503, call);
                Assert.Equal("database_unavailable", (string)answer.Error["code"]!);
                Assert.NotNull(answer.Message.Headers.RetryAfter);
                Assert.Null(Leaks.Find(answer.Text));
            }

            await server.Expect(503, Call.Get("/health"));
        }
        finally
        {
            await Run(other, $"ALTER DATABASE {database} ALLOW_CONNECTIONS true");
            // Ours were ended with the server's.
            server.Database.Clear();
        }

        await server.Expect(200, Call.Get("/health"));
        await server.Expect(200, Call.Get("/api/clients"));
        await server.Expect(201, Call.Post("/api/log_lines", """{"line":"back"}"""));
    }

    private Task Run(string sql) => Run(server.Database, sql);

    private static async Task Run(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
