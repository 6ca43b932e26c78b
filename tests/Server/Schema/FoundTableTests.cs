using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Schema;

/// <summary>Tables that somebody made in psql: what the format has words for is changed, and the rest stays as it is.</summary>
[Collection(nameof(SchemaServer))]
public sealed class FoundTableTests(SchemaServer server)
{
    [Fact]
    public async Task What_cannot_be_changed_is_listed_with_the_reason()
    {
        var tables = (await server.Expect(200, Call.Get("/api/schema/tables", "Accept-Language: fr"))).Data!.AsArray().ToDictionary(table => (string)table!["name"]!);
        Assert.True((bool)tables["meters"]!["isEditable"]!);
        Assert.Contains("vue", (string)tables["high_meters"]!["reason"]!, StringComparison.Ordinal);
        Assert.Contains("n'est pas un nom", (string)tables["Album"]!["reason"]!, StringComparison.Ordinal);
        Assert.Contains("clé primaire", (string)tables["keyless"]!["reason"]!, StringComparison.Ordinal);
        foreach (var name in new[] { "high_meters", "Album", "keyless" })
        {
            await server.Expect(409, Call.Patch($"/api/schema/tables/{name}", """{"label":"Non"}"""));
            await server.Expect(409, Call.Delete($"/api/schema/tables/{name}"));
            await server.Expect(409, Call.Post($"/api/schema/tables/{name}/fields", """{"name":"a","type":"text"}"""));
        }
    }

    [Fact]
    public async Task A_change_leaves_all_that_it_does_not_speak_of()
    {
        const string Columns = "SELECT string_agg(format('%s %s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)), E'\\n' ORDER BY a.attnum) FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = 'meters'::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attname NOT IN ('place', 'title', 'name')";
        const string Indexes = "SELECT string_agg(indexdef, E'\\n' ORDER BY indexname) FROM pg_indexes WHERE tablename = 'meters' AND indexname NOT IN ('meters_named')";
        var (columns, indexes) = (await server.Ask<string>(Columns), await server.Ask<string>(Indexes));
        var table = (await server.Expect(200, Call.Get("/api/schema/tables/meters"))).Data!;
        Assert.Equal(["id", "name", "reading"], table["fields"]!.AsArray().Select(field => (string)field!["name"]!));
        Assert.Superset(new HashSet<string?> { "id", "address", "twice", "Odd", null }, table["gaps"]!.AsArray().Select(gap => (string?)gap!["field"]).ToHashSet());

        await server.Expect(201, Call.Post("/api/schema/tables/meters/fields", """{"name":"place","type":"text","index":true}"""));
        await server.Expect(200, Call.Patch("/api/schema/tables/meters/fields/name", """{"name":"title","required":false}"""));
        Assert.Equal(columns, await server.Ask<string>(Columns));
        Assert.Equal(indexes + "\nCREATE INDEX ix_meters_place ON public.meters USING btree (place)", await server.Ask<string>("SELECT string_agg(indexdef, E'\\n' ORDER BY indexname LIKE 'ix%', indexname) FROM pg_indexes WHERE tablename = 'meters' AND indexname NOT IN ('meters_named')"));
        Assert.Equal("character varying(40)", await server.Ask<string>("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'meters'::regclass AND attname = 'title'"));
        await server.Expect(409, Call.Post("/api/schema/tables/meters/fields", """{"name":"address","type":"text"}"""));
        await server.Expect(409, Call.Patch("/api/schema/tables/meters/fields/address", """{"type":"text"}"""));

        // Said of a field in so many words, it is done: the constraint goes though somebody else made it.
        await server.Expect(200, Call.Patch("/api/schema/tables/meters/fields/reading", """{"unique":false}"""));
        Assert.Equal(0, await server.Ask<long>("SELECT count(*) FROM pg_constraint WHERE conname = 'meters_reading'"));
        await server.Expect(200, Call.Post("/api/schema/migrations/down", """{"count":3}"""));
        Assert.Equal((columns, indexes), (await server.Ask<string>(Columns), await server.Ask<string>(Indexes)));
    }

    [Fact]
    public async Task A_policy_that_names_a_field_which_is_renamed_lets_nothing_through_and_the_answer_says_so()
    {
        var name = await server.NewTable("""{"city":"text","b":"text"}""");
        var policies = (await server.Expect(200, Call.Get($"/api/policies?role=member&table={name}"))).Data!.AsArray();
        var read = policies.First(policy => (string)policy!["action"]! == "read")!;
        await server.Expect(200, Call.Patch($"/api/policies/{read["id"]}", """{"filter":"city=eq.Lyon"}"""));
        var renamed = await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/city", """{"name":"town"}"""));
        var note = Assert.Single(renamed.Data!["plan"]!["notes"]!.AsArray());
        Assert.Contains("member", (string)note!, StringComparison.Ordinal);
        Assert.NotEmpty((await server.Expect(200, Call.Get($"/api/policies/{read["id"]}"))).Data!["problems"]!.AsArray());
        await server.Expect(200, Call.Patch($"/api/policies/{read["id"]}", """{"filter":"town=eq.Lyon"}"""));
        // A type may change under a policy, and a field leave.
        await server.Expect(200, Call.Patch($"/api/schema/tables/{name}/fields/town", """{"type":"long_text"}"""));
        Assert.Single((await server.Expect(200, Call.Delete($"/api/schema/tables/{name}/fields/town"))).Data!["plan"]!["notes"]!.AsArray());
    }

    [Fact]
    public async Task The_command_line_writes_the_same_blueprint()
    {
        await server.Expect(201, Call.Post("/api/roles", """{"name":"seller","label":{"fr":"Vendeur","en":"Seller"},"default":["read"]}"""));
        var written = (await server.Expect(200, Call.Get("/api/schema/blueprint?name=firm"))).Text;
        Assert.Equal((0, written), await server.Server.Command("", "blueprint", "--name", "firm"));
        Assert.Contains("\n  seller: { label: { fr: Vendeur, en: Seller }, default: [read] }\n", written, StringComparison.Ordinal);
        Assert.Equal(1, (await server.Server.Command("", "blueprint", "--name", "Not a name")).ExitCode);
    }

    [Fact]
    public async Task The_tables_can_be_had_as_a_blueprint()
    {
        var name = await server.NewTable("""{"a":{"type":"text","default":"it's \"so\": yes","label":{"fr":"é: 1","en":"- no"}}}""");
        var answer = await server.Expect(200, Call.Get("/api/schema/blueprint?name=firm"));
        Assert.Equal("application/yaml", answer.Message.Content.Headers.ContentType!.MediaType);
        Assert.Contains("\nblueprint: firm\n", answer.Text, StringComparison.Ordinal);
        Assert.Contains($"\n  {name}:\n", answer.Text, StringComparison.Ordinal);
        Assert.Contains("# high_meters:", answer.Text, StringComparison.Ordinal);
        await server.Expect(400, Call.Get("/api/schema/blueprint?name=My%20Firm"));
    }
}
