using System.Net;
using System.Text.Json.Nodes;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Adoption;

/// <summary>Values of every kind of type go in and come out the same; keys of every kind of type name their records.</summary>
[Collection(nameof(ForeignDatabases))]
public sealed class TypeTests(ForeignDatabases databases)
{
    private static readonly string[] NoValues = ["\"zz\"", "{\"x\":1}", "[1,\"z\"]", "123456789012345678901234567890", "true", "\"\\u0001\""];

    public static TheoryData<string, string> Values { get; } = new()
    {
        { "aSmallint", "-5" }, { "aBigint", "9007199254740993" }, { "aNumeric", "0.10" }, { "aReal", "1.5" }, { "aDouble", "-2.25" }, { "aMoney", "\"$1,234.50\"" },
        { "aChar", "\"ab \"" }, { "aVarchar", "\"été\"" }, { "aName", "\"nom\"" }, { "aCitext", "\"MiXed\"" }, { "anInternal", "\"x\"" },
        { "aBytea", "\"\\\\x00ff10\"" }, { "aBoolean", "true" }, { "aDate", "\"2026-02-28\"" }, { "aTime", "\"09:30:00\"" }, { "aTimetz", "\"09:30:00+02\"" },
        { "aTimestamp", "\"2026-03-29T02:30:00\"" }, { "aTimestamptz", "\"2026-03-29T02:30:00+00:00\"" }, { "anInterval", "\"P1M2DT3H4M5S\"" },
        { "aUuid", "\"7a000000-0000-4000-8000-000000000001\"" }, { "aJson", """{"b":1,"a":[null]}""" }, { "aJsonb", """{"a":"x"}""" }, { "anXml", """ "<a b='c'>é</a>" """ },
        { "anInet", "\"10.0.0.1\"" }, { "aCidr", "\"10.0.0.0/8\"" }, { "aMacaddr", "\"08:00:2b:01:02:03\"" }, { "aBit", "\"101\"" }, { "aVarbit", "\"10\"" },
        { "aPoint", "\"(1,2.5)\"" }, { "aTsvector", "\"'chat':1 'noir':2A\"" }, { "aTsquery", "\"'a' & 'b'\"" }, { "aRange", "\"[1,5)\"" }, { "aMultirange", "\"{[1,3),[7,9)}\"" },
        { "anOid", "\"1259\"" }, { "aHstore", """ "\"a\"=>\"1\", \"b\"=>NULL" """ }, { "aMood", "\"so, so\"" }, { "moods", """["happy \"very\"",null,"so, so"]""" },
        { "aPlace", """{"street":"rue, de \"l'Est\"","number":3,"moods":["sad"]}""" }, { "places", """[{"street":"x","number":null,"moods":null}]""" },
        { "aCode", "\"AB  \"" }, { "aShortCode", "\"ABCD\"" }, { "someCodes", """["a","b"]""" }, { "aSpot", """{"street":"s","number":1,"moods":[]}""" },
        { "numbers", "[1,null,3]" }, { "grid", "[[1,2],[3,4]]" }, { "dates", """["2026-01-01"]""" }, { "ranges", """["[1,3)"]""" }, { "chars", """["ab","c "]""" }, { "amounts", "[1.25,null]" },
        { "createdAt", "\"2020-01-01T00:00:00+00:00\"" }, { "updatedAt", "\"2020-01-01T00:00:00\"" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_comes_back_as_it_was_sent(string field, string text)
    {
        var http = await databases.Serve("types");
        var value = JsonNode.Parse(text)!;
        var created = (await http.Post("/api/everything", new JsonObject { [field] = value.DeepClone() })).Expect(HttpStatusCode.Created).Data.AsObject();
        Assert.True(JsonNode.DeepEquals(value, created[field]), created[field]!.ToJsonString());

        // The whole record as it was read, then beside one that lacks the field.
        var again = (await http.Send(HttpMethod.Put, $"/api/everything/{created["id"]}", created.ToJsonString())).Expect(HttpStatusCode.OK);
        Assert.Equal(created.ToJsonString(), again.Data.ToJsonString());
        var both = (await http.Send(HttpMethod.Post, "/api/everything", new JsonArray(new JsonObject { [field] = value.DeepClone() }, new JsonObject()).ToJsonString())).Expect(HttpStatusCode.Created);
        Assert.True(JsonNode.DeepEquals(value, both.Records[0]![field]), both.Text);

        foreach (var bad in NoValues)
        {
            var answer = await http.Send(HttpMethod.Post, "/api/everything", $$"""{"{{field}}":{{bad}}}""");
            Assert.True(answer.Status == HttpStatusCode.Created || answer.Json["error"]!["fields"]?[field] is not null, answer.Text);
        }
    }

    public static TheoryData<string, string> Keys { get; } = new()
    {
        { "key_bytea", "\"\\\\x00ff\"" }, { "key_mood", "\"so, so\"" }, { "key_mood", """ "happy \"very\"" """ }, { "key_date", "\"2026-01-01\"" },
        { "key_timestamptz", "\"2026-01-01T00:00:00.5+00:00\"" }, { "key_numeric", "12.5" }, { "key_numeric", "-3" }, { "key_uuid", "\"7a000000-0000-4000-8000-000000000001\"" },
        { "key_text", """ "a.b c/d,\"e\"" """ }, { "key_text", "\"100%\"" }, { "key_text", "\"%2F\"" }, { "key_text", "\"é€😀\"" }, { "key_text", "\"x.csv\"" }, { "key_text", "\"a+b\"" }, { "key_text", "\"a?b=c&d\"" }, { "key_text", """ "\"q\"" """ }, { "key_text", "\"a\\\\b\"" },
        { "key_inet", "\"10.0.0.0/8\"" }, { "key_range", "\"[1,5)\"" }, { "key_citext", "\"Ab\"" }, { "key_domain", "\"AB\"" },
    };

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_key_names_its_record(string table, string text)
    {
        var id = JsonNode.Parse(text)!;
        var created = (await (await databases.Serve("types")).Post($"/api/{table}", new JsonObject { ["id"] = id, ["note"] = "n" })).Expect(HttpStatusCode.Created).Data["id"]!;
        await GoThrough(table, created.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)created! : created.ToJsonString());
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData("x y")]
    [InlineData("a/b")]
    [InlineData("a.b")]
    [InlineData("say \"hi\" \\")]
    [InlineData("")]
    public async Task A_key_of_several_values_names_its_record(string value)
    {
        (await (await databases.Serve("types")).Post("/api/key_many", new JsonObject { ["a"] = value, ["b"] = -1, ["c"] = "2026-01-01" })).Expect(HttpStatusCode.Created);
        await GoThrough("key_many", $"2026-01-01,\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\",-1");
    }

    private async Task GoThrough(string table, string key)
    {
        var http = await databases.Serve("types");
        var address = $"/api/{table}/{Uri.EscapeDataString(key)}";
        (await http.Get(address)).Expect(HttpStatusCode.OK);
        Assert.Equal("m", (string?)(await http.Send(HttpMethod.Patch, address, """{"note":"m"}""")).Expect(HttpStatusCode.OK).Data["note"]);
        Assert.Equal("p", (string?)(await http.Send(HttpMethod.Put, address, """{"note":"p"}""")).Expect(HttpStatusCode.OK).Data["note"]);
        (await http.Send(HttpMethod.Delete, address)).Expect(HttpStatusCode.OK);
        (await http.Get(address)).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_the_database_fills_in_is_not_taken_and_what_it_merely_offers_is()
    {
        var http = await databases.Serve("types");
        (await http.Send(HttpMethod.Post, "/api/everything", """{"computed":3}""")).Expect(HttpStatusCode.UnprocessableEntity);
        (await http.Send(HttpMethod.Post, "/api/everything", """{"id":3}""")).Expect(HttpStatusCode.UnprocessableEntity);
        var created = (await http.Send(HttpMethod.Post, "/api/everything", """{"aSmallint":21,"createdAt":"2001-01-01T00:00:00+00:00"}""")).Expect(HttpStatusCode.Created).Data;
        Assert.Equal(42, (int)created["computed"]!);
        var changed = (await http.Send(HttpMethod.Patch, $"/api/everything/{created["id"]}", """{"createdAt":"2002-01-01T00:00:00+00:00"}""")).Expect(HttpStatusCode.OK).Data;
        Assert.Equal("2002-01-01T00:00:00+00:00", (string?)changed["createdAt"]);
    }

    [Fact]
    public async Task Inherited_tables_and_tables_without_columns_are_served()
    {
        var http = await databases.Serve("types");
        (await http.Send(HttpMethod.Post, "/api/child_things", """{"note":"c","extra":1}""")).Expect(HttpStatusCode.Created);
        Assert.Single((await http.Get("/api/parent_things?note=eq.c")).Expect(HttpStatusCode.OK).Records);
        (await http.Send(HttpMethod.Post, "/api/no_columns", "{}")).Expect(HttpStatusCode.BadRequest);
        (await http.Get("/api/no_columns")).Expect(HttpStatusCode.OK);
    }
}
