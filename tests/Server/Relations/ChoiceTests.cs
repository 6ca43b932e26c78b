namespace Socle.Tests.Server.Relations;

/// <summary>Choices that are rows of another table, over HTTP: what is refused, in which words, and what a form may offer.</summary>
[Collection(nameof(FirmWithChoices))]
public sealed class ChoiceTests(FirmWithChoices firm)
{
    [Fact]
    public async Task A_value_that_is_no_choice_is_refused_with_those_that_are()
    {
        var refused = await firm.Expect(422, Call.Post("/api/contracts", """{"title":"x","status":"open"}"""));
        Assert.Equal(("check_violation", "'status' expects one of: draft, late, signed."), ((string?)refused.Error["code"], (string?)refused.Error["fields"]!["status"]));
        Assert.Contains("attend l'une des valeurs", (await firm.Expect(422, Call.Post("/api/contracts", """{"title":"x","status":"open"}""", "Accept-Language: fr"))).Text, StringComparison.Ordinal);
        var id = await firm.Id("contracts", "A3");
        await firm.Expect(422, Call.Patch($"/api/contracts/{id}", """{"status":"wood"}"""));
        await firm.Expect(422, Call.Post("/api/contracts", """{"title":"x","status":7}"""));
        // She may not read the table of the choices, and is held to it all the same.
        await firm.Expect(404, Call.Get("/api/choices_list", firm.Ann));
        var own = await firm.Id("contracts", "A1");
        Assert.Contains("draft, late, signed", (await firm.Expect(422, Call.Patch($"/api/contracts/{own}", """{"status":"open"}""", firm.Ann))).Text, StringComparison.Ordinal);
        await firm.Expect(200, Call.Patch($"/api/contracts/{own}", """{"status":"late"}""", firm.Ann));
        await firm.Expect(200, Call.Patch($"/api/contracts/{own}", """{"status":"signed"}""", firm.Ann));
    }

    [Fact]
    public async Task A_reference_takes_records_that_meet_its_filter()
    {
        var ids = (await firm.Expect(200, Call.Get("/api/choices_list?select=id,code&order=code"))).Data!.AsArray().ToDictionary(row => (string)row!["code"]!, row => (string)row!["id"]!);
        var refused = await firm.Expect(422, Call.Post("/api/contracts", $$"""{"title":"x","kindId":"{{ids["late"]}}"}"""));
        Assert.Equal("'kindId' expects a record of 'choices_list' where category=eq.kind.", (string?)refused.Error["message"]);
        var unknown = await firm.Expect(409, Call.Post("/api/contracts", $$"""{"title":"x","kindId":"{{Guid.NewGuid()}}"}"""));
        Assert.Equal("unknown_reference", (string?)unknown.Error["code"]);
        var made = await firm.Expect(201, Call.Post("/api/contracts", $$"""{"title":"ok","kindId":"{{ids["wood"]}}","status":"late"}"""));
        await firm.Expect(200, Call.Delete($"/api/contracts/{made.Data!["id"]}"));
    }

    [Fact]
    public async Task A_choice_in_use_is_neither_deleted_nor_changed()
    {
        var signed = (string)(await firm.Expect(200, Call.Get("/api/choices_list?code=eq.signed"))).Data![0]!["id"]!;
        foreach (var call in new[] { Call.Delete($"/api/choices_list/{signed}"), Call.Patch($"/api/choices_list/{signed}", """{"code":"done"}"""), Call.Patch($"/api/choices_list/{signed}", """{"category":"kind"}""") })
        {
            var refused = await firm.Expect(409, call);
            Assert.Equal("still_referenced", (string?)refused.Error["code"]);
            Assert.Contains("contracts", (string?)refused.Error["message"], StringComparison.Ordinal);
        }

        await firm.Expect(200, Call.Patch($"/api/choices_list/{signed}", """{"title":"Signed"}"""));
        var made = await firm.Expect(201, Call.Post("/api/choices_list", """{"category":"status","code":"new","title":"New","rank":9}"""));
        await firm.Expect(200, Call.Delete($"/api/choices_list/{made.Data!["id"]}"));
    }

    [Fact]
    public async Task An_import_gives_back_the_rows_whose_value_is_no_choice()
    {
        using var content = new StringContent("title;status;client_name\nI1;late;Aline\nI2;nope;Aline\nI3;draft;\n", System.Text.Encoding.UTF8, "text/csv");
        using var answer = await firm.Server.Http.PostAsync(new Uri("/api/contracts/import", UriKind.Relative), content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("I1 I3", string.Join(' ', (await firm.Expect(200, Call.Get("/api/contracts?title=like.I*&select=title&order=title"))).Data!.AsArray().Select(row => (string)row!["title"]!)));
        Assert.Contains("draft, late, signed", text, StringComparison.Ordinal);
        await firm.Expect(200, Call.Delete("/api/contracts?title=like.I*"));
    }

    [Fact]
    public async Task A_form_is_told_what_it_may_offer()
    {
        const string Status = """[{"value":"draft","label":"Draft"},{"value":"late","label":"Late"},{"value":"signed","label":"Signed"}]""";
        await firm.Expect(200, Call.Get("/api/schema/tables/contracts/fields/status/choices"), Status);
        await firm.Expect(200, Call.Get("/api/schema/tables/contracts/fields/status/choices", firm.Viewer), Status);
        await firm.Expect(200, Call.Get("/api/schema/tables/clients/fields/kind/choices", "Accept-Language: fr"), """[{"value":"p","label":"Privé"},{"value":"b","label":"Société"}]""");
        await firm.Expect(200, Call.Get("/api/schema/tables/contracts/fields/clientKind/choices", "Accept-Language: en"), """[{"value":"p","label":"Private"},{"value":"b","label":"Business"}]""");
        var kinds = await firm.Expect(200, Call.Get("/api/schema/tables/contracts/fields/kind_id/choices"));
        Assert.Equal("Iron Wood", string.Join(' ', kinds.Data!.AsArray().Select(choice => (string)choice!["label"]!)));
        // Records that a role may not see are none that it is offered.
        await firm.Expect(404, Call.Get("/api/schema/tables/contracts/fields/kind_id/choices", firm.Viewer));
        await firm.Expect(404, Call.Get("/api/schema/tables/contracts/fields/status/choices", firm.Clerk));
        await firm.Expect(404, Call.Get("/api/schema/tables/contracts/fields/title/choices"));
        await firm.Expect(404, Call.Get("/api/schema/tables/contracts/fields/nope/choices"));
        await firm.Expect(404, Call.Get("/api/schema/tables/nope/fields/nope/choices"));
        await firm.Expect(400, Call.Get("/api/schema/tables/contracts/fields/status/choices?x=1"));
        await firm.Expect(405, Call.Post("/api/schema/tables/contracts/fields/status/choices", "{}"));
    }

    [Fact]
    public async Task The_description_says_where_they_come_from()
    {
        var document = (await firm.Expect(200, Call.Get("/api/openapi.json"))).Json;
        Assert.NotNull(document["paths"]!["/api/schema/tables/{table}/fields/{field}/choices"]);
        var properties = document["components"]!["schemas"]!["Contracts"]!["properties"]!;
        Assert.Contains("/api/schema/tables/contracts/fields/status/choices", (string?)properties["status"]!["description"], StringComparison.Ordinal);
        Assert.Contains("where `category=eq.kind`", (string?)properties["kindId"]!["description"], StringComparison.Ordinal);
    }
}
