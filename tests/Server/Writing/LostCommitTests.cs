using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Writing;

/// <summary>The database commits and is gone before it says so: only a repetition with the same key tells what became of the request.</summary>
public sealed class LostCommitTests(TestServer postgres)
{
    [Theory]
    [InlineData("/api/notes", """{"text":"once"}""")]
    [InlineData("/api/batch", """[{"method":"POST","path":"/api/notes","body":{"text":"once"}},{"method":"POST","path":"/api/notes","body":{"text":"once more"}}]""")]
    public async Task A_retry_finds_the_answer_of_what_was_committed_unheard(string address, string body)
    {
        await using var database = await postgres.CreateDatabase();
        await using (var command = database.CreateCommand("CREATE TABLE notes (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), text text)"))
            await command.ExecuteNonQueryAsync();
        await using var thief = new CommitThief(database.ConnectionString);
        await using var server = await RunningServer.Start(env: new Dictionary<string, string> { ["DATABASE_URL"] = thief.Address, ["LOG_LEVEL"] = "warning" });

        thief.Arm();
        using var unheard = await Send(server, address, body);
        Assert.Equal(503, (int)unheard.StatusCode);
        Assert.Equal(1, thief.Stolen);
        await using var count = database.CreateCommand("SELECT count(*) FROM notes");
        var stored = (long)(await count.ExecuteScalarAsync())!;
        Assert.True(stored > 0);

        using var retried = await Send(server, address, body);
        var text = await retried.Content.ReadAsStringAsync();
        Assert.True(retried.IsSuccessStatusCode, text);
        Assert.Equal("true", retried.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Contains("once", text, StringComparison.Ordinal);
        Assert.Equal(stored, (long)(await count.ExecuteScalarAsync())!);
    }

    private static async Task<HttpResponseMessage> Send(RunningServer server, string address, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", "the-one");
        return await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
