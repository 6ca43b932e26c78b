using System.Text;
using System.Text.Json.Nodes;
using Socle.Tests.Server.Exports;

namespace Socle.Tests.Server.FieldTypes;

/// <summary>The later field types through every door: JSON, filters, sums, files in and out, history, OpenAPI.</summary>
public sealed class OfficeTests(OfficeServer server) : IClassFixture<OfficeServer>
{
    private const string Csv = "text/csv";
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    [Fact]
    public async Task A_record_is_answered_with_what_the_database_gave_it()
    {
        var task = await server.Get("POST", "/api/tasks", """{"title":"a","colour":"#1E90ff","stars":3,"rate":90.5,"discount":"10","spent":"26:30"}""");
        Assert.Equal("PT26H30M", (string)task["spent"]!);
        Assert.Equal("2158.43", task["amount"]!.ToJsonString());
        Assert.Equal($"{task["number"]} A", (string)task["summary"]!);
        Assert.Matches(@"^T-\d{3}$", (string)task["number"]!);
        Assert.Matches(@"^S\d+$", (string)task["strict"]!);
    }

    [Theory]
    [InlineData("""{"colour":"red"}""", "colour")]
    [InlineData("""{"colour":"#12345g"}""", "colour")]
    [InlineData("""{"stars":4}""", "stars")]
    [InlineData("""{"stars":-1}""", "stars")]
    [InlineData("""{"rate":123456789}""", "rate")]
    [InlineData("""{"spent":"90"}""", "spent")]
    [InlineData("""{"spent":"P1.5D"}""", "spent")]
    [InlineData("""{"owner":"nobody"}""", "owner")]
    [InlineData("""{"number":"T-999"}""", "number")]
    [InlineData("""{"amount":1}""", "amount")]
    public async Task What_is_no_value_is_refused_with_its_field(string body, string field)
    {
        var (status, json) = await server.Send("POST", "/api/tasks", body);
        Assert.True(status is 400 or 409 or 422, $"{status} {json}");
        Assert.Equal(field, json!["error"]!["fields"]!.AsObject().Single().Key);
    }

    [Fact]
    public async Task Lengths_of_time_are_compared_sorted_and_summed()
    {
        foreach (var spent in new[] { "PT1H30M", "00:45", "P1D", "PT0.5S" })
            await server.Get("POST", "/api/tasks", $$"""{"title":"lengths","spent":"{{spent}}"}""");
        Assert.Equal("""["P1D","PT1H30M","PT45M","PT0.5S"]""", await Spents("order=spent.desc"));
        Assert.Equal("""["PT1H30M","PT45M"]""", await Spents("spent=gte.PT45M&spent=lt.P1D&order=spent.desc"));
        Assert.Equal("""["PT45M"]""", await Spents("spent=eq.0:45"));
        Assert.Equal("""[{"sum":"P1DT2H15M0.5S","max":"P1D"}]""", (await server.Get("GET", "/api/tasks?title=eq.lengths&select=spent.sum(),spent.max()")).ToJsonString());
        Assert.Equal(400, (await server.Send("GET", "/api/tasks?spent=eq.long")).Status);
    }

    [Fact]
    public async Task The_number_of_a_record_is_sent_back_but_never_changed()
    {
        var task = (await server.Get("POST", "/api/tasks", """{"title":"kept"}""")).AsObject();
        var address = $"/api/tasks/{task["id"]}";
        task["title"] = "other";
        Assert.Equal((string)task["number"]!, (string)(await server.Get("PUT", address, task.ToJsonString()))["number"]!);
        var (status, json) = await server.Send("PATCH", address, """{"number":"T-900"}""");
        Assert.Equal(("rule_violation", "number"), ((string)json!["error"]!["code"]!, json["error"]!["fields"]!.AsObject().Single().Key));
        Assert.True(status is 409 or 422 or 400);

        await server.Send("DELETE", address);
        var trash = await server.Get("GET", "/api/trash?table=tasks");
        var entry = trash.AsArray().Single(item => item!.ToJsonString().Contains((string)task["number"]!, StringComparison.Ordinal))!;
        await server.Get("POST", $"/api/trash/{entry["entry"]}/restore");
        Assert.Equal((string)task["number"]!, (string)(await server.Get("GET", address))["number"]!);
    }

    [Fact]
    public async Task Several_records_and_batches_are_numbered_in_order()
    {
        var many = (await server.Get("POST", "/api/tasks", """[{"title":"b1"},{"title":"b2","stars":1},{"title":"b3"}]""")).AsArray();
        var numbers = many.Select(task => int.Parse(((string)task!["strict"]!)[1..], System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal([numbers[0], numbers[0] + 1, numbers[0] + 2], numbers);
        var (status, _) = await server.Send("POST", "/api/batch", """{"operations":[{"method":"POST","path":"/tasks","body":{"title":"c1"}},{"method":"POST","path":"/tasks","body":{"stars":9}}]}""");
        Assert.NotEqual(200, status);
        var next = await server.Get("POST", "/api/tasks", """{"title":"after"}""");
        Assert.Equal($"S{numbers[2] + 1}", (string)next["strict"]!);
    }

    [Fact]
    public async Task Files_show_them_and_take_them_back()
    {
        await server.Get("POST", "/api/tasks", """{"title":"file","colour":"#00ff00","stars":2,"rate":1234.5,"discount":12.5,"spent":"PT30H5M"}""");
        await server.Get("POST", "/api/tasks", """{"title":"file","spent":"P1DT1H"}""");
        const string Address = "/api/tasks?title=eq.file&order=number&select=title,colour,stars,rate,discount,spent,number,amount";

        var english = Encoding.UTF8.GetString(await server.Export(Address, Csv, "en")).Split("\r\n");
        Assert.Matches(@"^file,#00ff00,2,1234\.50,12\.5,PT30H5M,T-\d+,32495\.64$", english[1]);
        Assert.Matches(@"^file,,,,,P1DT1H,T-\d+,$", english[2]);
        var french = Encoding.UTF8.GetString(await server.Export(Address, Csv, "fr")).Split("\r\n");
        Assert.Matches(@"^file;""=""""#00ff00"""""";2;1234,50;12,5;30:05:00;(?:""="""")?T-\d+(?:"""""")?;32495,64$", french[1]);
        var book = await server.Export(Address, Xlsx, "fr");
        var row = Workbook.Read(book)[0].Rows[1].Values.ToList();
        Assert.Equal(("n", "[h]:mm:ss"), (row[5].Type, row[5].Format));

        foreach (var (file, type) in new[] { (await server.Export(Address, Csv, "en"), Csv), (await server.Export(Address, Csv, "fr"), Csv), (book, Xlsx) })
        {
            await server.Ask("DELETE FROM tasks WHERE title = 'file'; SELECT ''");
            var done = await server.Import("tasks", file, type);
            Assert.Equal((2, 0), ((int)done["created"]!, (int)done["rejected"]!));
            Assert.Equal(english[1..], Encoding.UTF8.GetString(await server.Export(Address, Csv, "en")).Split("\r\n")[1..]);
        }
    }

    [Fact]
    public async Task Imports_read_what_people_write_and_number_what_brings_no_number()
    {
        var file = "title;spent;discount;stars;number\nimp1;1h30;20 %;3;T-500\nimp2;45 min;;;\nimp3;0:20;;4;\nimp4;;;;old 7\n";
        var done = await server.Import("tasks", Encoding.UTF8.GetBytes(file), Csv);
        Assert.Equal((3, 1), ((int)done["created"]!, (int)done["rejected"]!));
        Assert.Equal("imp1 PT1H30M 20 T-500|imp2 PT45M   T-501|imp4   old 7", await server.Ask("SET intervalstyle = 'iso_8601'; SELECT string_agg(concat(title, ' ', spent, ' ', discount, ' ', CASE WHEN title = 'imp2' THEN ' ' END, number), '|' ORDER BY title) FROM tasks WHERE title LIKE 'imp_'"));
    }

    [Fact]
    public async Task The_description_says_what_they_are_and_follows_a_rename()
    {
        var schema = await Schema("Late");
        Assert.Equal("Computed: `paid - due`.", (string)schema["days"]!["description"]!);
        Assert.True((bool)schema["days"]!["readOnly"]!);
        await server.Ask("ALTER TABLE late RENAME COLUMN due TO due_on; SELECT pg_sleep(0.5)::text");
        for (var i = 0; i < 50 && !(await Schema("Late")).ContainsKey("dueOn"); i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal("Computed: `paid - due_on`.", (string)(await Schema("Late"))["days"]!["description"]!);

        var tasks = await Schema("Tasks");
        Assert.Matches((string)tasks["spent"]!["pattern"]!, "P-1DT2H0.5S");
        Assert.Equal(3, (int)tasks["stars"]!["maximum"]!);
        Assert.Contains("In CHF.", (string)tasks["rate"]!["description"]!, StringComparison.Ordinal);
        Assert.Contains("Numbered as `T-{000}`.", (string)tasks["number"]!["description"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_is_embedded_and_a_gone_one_is_emptied()
    {
        var id = await server.Ask("INSERT INTO socle_system.users (email, name, role, security_stamp) VALUES ('o@example.org', 'Odile', 'viewer', 'x') RETURNING id::text");
        await server.Get("POST", "/api/tasks", $$"""{"title":"owned","owner":"{{id}}"}""");
        Assert.Equal("""[{"owner":{"name":"Odile"}}]""", (await server.Get("GET", "/api/tasks?title=eq.owned&select=owner:users(name)")).ToJsonString());
        await server.Ask($"DELETE FROM socle_system.users WHERE id = '{id}'; SELECT ''");
        Assert.Equal("""[{"owner":null}]""", (await server.Get("GET", "/api/tasks?title=eq.owned&select=owner")).ToJsonString());
    }

    private async Task<string> Spents(string query) =>
        new JsonArray([.. (await server.Get("GET", $"/api/tasks?title=eq.lengths&select=spent&{query}")).AsArray().Select(task => task!["spent"]!.DeepClone())]).ToJsonString();

    private async Task<JsonObject> Schema(string name)
    {
        var (_, json) = await server.Send("GET", "/api/openapi.json");
        var schemas = json!["components"]!["schemas"]!.AsObject();
        return schemas.First(schema => schema.Key.Equals(name, StringComparison.OrdinalIgnoreCase) || schema.Key.Equals(name.TrimEnd('s'), StringComparison.OrdinalIgnoreCase)).Value!["properties"]!.AsObject();
    }
}
