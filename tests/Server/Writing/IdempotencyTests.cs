using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Writing;

/// <summary>Idempotency-Key: one wish is done once, however often it is sent.</summary>
[Collection(nameof(WritingServer))]
public sealed class IdempotencyTests(WritingServer server)
{
    [Fact]
    public async Task A_repeated_request_gets_the_first_answer_to_the_byte_and_creates_nothing()
    {
        var call = Call.Post("/api/clients?select=id,lastName,createdAt", """{"lastName":"Une fois"}""", Key());
        var first = await server.Expect(201, call);
        var again = await server.Expect(201, call);
        Assert.Equal(first.Text, again.Text);
        Assert.False(first.Message.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", Header(again, "Idempotency-Replayed"));
        Assert.Equal(Header(first, "Change-Id"), Header(again, "Change-Id"));
        Assert.Equal(first.Message.Headers.ETag, again.Message.Headers.ETag);
        Assert.Equal(first.Message.Content.Headers.ContentType, again.Message.Content.Headers.ContentType);
        Assert.NotEqual(Header(first, "X-Request-Id"), Header(again, "X-Request-Id"));
        Assert.Equal(1L, await server.Ask<long>("SELECT count(*) FROM clients WHERE last_name = 'Une fois'"));
    }

    [Fact]
    public async Task Thirty_two_at_once_with_one_key_make_one_record_and_get_one_answer()
    {
        var call = Call.Post("/api/log_lines", """[{"line":"à la fois","level":21},{"line":"à la fois","level":22}]""", Key());
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => server.Expect(201, call)));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Equal(31, answers.Count(answer => answer.Message.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(2L, await server.Ask<long>("SELECT count(*) FROM log_lines WHERE line = 'à la fois'"));
    }

    [Theory]
    [InlineData("POST", "/api/log_lines", """{"line":"autre"}""", null)]
    [InlineData("POST", "/api/log_lines?select=line", """{"line":"clé"}""", null)]
    [InlineData("POST", "/api/counters", """{"line":"clé"}""", null)]
    [InlineData("PATCH", "/api/log_lines?line=eq.nobody", """{"line":"clé"}""", null)]
    [InlineData("POST", "/api/log_lines", """{"line":"clé"}""", "Prefer: resolution=ignore-duplicates")]
    public async Task A_key_is_never_taken_for_another_request(string method, string address, string body, string? header)
    {
        var key = Key();
        await server.Expect(201, Call.Post("/api/log_lines", """{"line":"clé"}""", key));
        var refused = await server.Send(new Call(method, address, body, header is null ? [key] : [key, header]));
        Assert.Equal((422, "idempotency_key_reused"), (refused.Status, (string)refused.Error["code"]!));
        Assert.Equal(["Idempotency-Key"], refused.Error["fields"]!.AsObject().Select(field => field.Key));
    }

    [Fact]
    public async Task A_refused_request_keeps_nothing_so_that_it_may_be_corrected()
    {
        var key = Key();
        await server.Expect(422, Call.Post("/api/clients", """{"firstName":"x"}""", key));
        await server.Expect(409, Call.Post("/api/clients", """{"lastName":"x","email":"paul@martin.fr"}""", key));
        await server.Expect(409, Call.Post("/api/late_notes", """{"id":70,"clientId":"00000000-0000-4000-8000-00000000dead"}""", key));
        await server.Expect(201, Call.Post("/api/clients", """{"lastName":"x","email":"corrige@x.fr"}""", key));
    }

    [Theory]
    [InlineData("Idempotency-Key:")]
    [InlineData("Idempotency-Key: a b")]
    [InlineData("Idempotency-Key: a\u0001")]
    [InlineData("Idempotency-Key: 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345")]
    public async Task A_key_that_is_none_is_refused(string header)
    {
        var refused = await server.Send(Call.Post("/api/log_lines", """{"line":"sans clé"}""", header));
        Assert.Equal(400, refused.Status);
        Assert.Equal(0L, await server.Ask<long>("SELECT count(*) FROM log_lines WHERE line = 'sans clé'"));
    }

    [Fact]
    public async Task Changes_and_deletions_take_a_key_too()
    {
        var id = (string)(await server.Expect(201, Call.Post("/api/clients", """{"lastName":"Clé"}"""))).Data!["id"]!;
        var patch = Call.Patch($"/api/clients/{id}", """{"firstName":"B"}""", Key());
        var first = await server.Expect(200, patch);
        await server.Expect(200, Call.Patch($"/api/clients/{id}", """{"firstName":"C"}"""));
        Assert.Equal(first.Text, (await server.Expect(200, patch)).Text);
        await server.Expect(200, Call.Get($"/api/clients/{id}?select=firstName"), """{"firstName":"C"}""");
        var delete = Call.Delete($"/api/clients/{id}", Key());
        Assert.Equal((await server.Expect(200, delete)).Text, (await server.Expect(200, delete)).Text);
    }

    [Fact]
    public async Task An_upsert_says_again_whether_anything_was_new()
    {
        var call = Call.Post("/api/products", """{"id":77,"sku":"K77","name":"n","price":1}""", Key(), "Prefer: resolution=merge-duplicates");
        await server.Expect(201, call);
        await server.Expect(201, call);
        await server.Expect(200, call with { Headers = ["Prefer: resolution=merge-duplicates", Key()] });
    }

    [Fact]
    public async Task A_key_whose_first_request_does_not_end_is_answered_in_time()
    {
        var key = $"{Guid.NewGuid()}";
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = $"INSERT INTO socle_system.idempotency (caller, key, request) VALUES ('admin', '{key}', '')";
            await command.ExecuteNonQueryAsync();
        }

        var refused = await server.Expect(409, Call.Post("/api/log_lines", """{"line":"attend"}""", $"Idempotency-Key: {key}"));
        Assert.Equal("conflict", (string)refused.Error["code"]!);
        await transaction.RollbackAsync();
        await server.Expect(201, Call.Post("/api/log_lines", """{"line":"attend"}""", $"Idempotency-Key: {key}"));
    }

    [Fact]
    public async Task Kept_answers_are_forgotten_after_a_day()
    {
        var (old, young) = (Key(), Key());
        await server.Expect(201, Call.Post("/api/log_lines", """{"line":"vieille"}""", old));
        await server.Expect(201, Call.Post("/api/log_lines", """{"line":"jeune"}""", young));
        await server.Ask<DateTime>($"UPDATE socle_system.idempotency SET created_at = now() - interval '25 hours' WHERE key = '{old.Split(' ')[1]}' RETURNING created_at");
        Assert.True(await Socle.Records.Running.IdempotencyKeys.Purge(server.Database, TestContext.Current.CancellationToken) >= 1);
        await server.Expect(201, Call.Post("/api/log_lines", """{"line":"vieille"}""", old));
        await server.Expect(201, Call.Post("/api/log_lines", """{"line":"jeune"}""", young));
        Assert.Equal(2L, await server.Ask<long>("SELECT count(*) FROM log_lines WHERE line = 'vieille'"));
        Assert.Equal(1L, await server.Ask<long>("SELECT count(*) FROM log_lines WHERE line = 'jeune'"));
    }

    [Fact]
    public async Task A_changed_table_does_not_fail_a_request_with_a_key()
    {
        async Task Run(string sql)
        {
            await using var command = server.Database.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }

        await Run("CREATE TABLE growing (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text)");
        while ((await server.Send(Call.Get("/api/growing"))).Status != 200)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 10; i++)
                await server.Expect(201, Call.Post("/api/growing?select=note", """{"note":"x"}""", Key()));
            await Run($"ALTER TABLE growing ALTER COLUMN note TYPE {(round % 2 == 0 ? "varchar(50)" : "text")}");
        }

        Assert.Equal(40L, await server.Ask<long>("SELECT count(*) FROM growing"));
    }

    private static string Key() => $"Idempotency-Key: {Guid.NewGuid()}";

    private static string Header(Answer answer, string name) => answer.Message.Headers.GetValues(name).Single();
}
