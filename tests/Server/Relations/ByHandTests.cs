using Socle.Tests.Server.Schema;

namespace Socle.Tests.Server.Relations;

/// <summary>Lookups, rollups and choices from rows that are made through /api/schema, and what becomes of them when tables are renamed there.</summary>
[Collection(nameof(SchemaServer))]
public sealed class ByHandTests(SchemaServer server)
{
    [Fact]
    public async Task They_are_made_follow_a_rename_and_go()
    {
        var words = await server.NewTable("""{"kind":"text","word":"text"}""");
        var teams = await server.NewTable("""{"name":"text"}""");
        var works = await server.NewTable($$$"""
            {"title":"text","team_id":{"type":"reference","to":"{{{teams}}}"},"team":{"type":"lookup","through":"team_id","field":"name"},
             "state":{"type":"choice","choices":{"from":"{{{words}}}","value":"word","where":"kind=eq.state"} } }
            """);
        await server.Expect(201, Call.Post($"/api/schema/tables/{teams}/fields", $$"""{"name":"works_count","type":"rollup","through":"{{works}}.team_id","function":"count","where":"title=not.is.null"}"""));
        await server.Expect(201, Call.Post($"/api/{words}", """{"kind":"state","word":"open"}"""));
        var team = (string)(await server.Expect(201, Call.Post($"/api/{teams}", """{"name":"A"}"""))).Data!["id"]!;
        await server.Expect(201, Call.Post($"/api/{works}", $$"""{"title":"x","teamId":"{{team}}","state":"open"}"""));
        Assert.Contains("expects one of: open", (await server.Expect(422, Call.Post($"/api/{works}", """{"title":"x","state":"shut"}"""))).Text, StringComparison.Ordinal);

        var renamed = server.NewName();
        await server.Expect(200, Call.Patch($"/api/schema/tables/{works}", $$"""{"name":"{{renamed}}"}"""));
        await server.Expect(200, Call.Patch($"/api/schema/tables/{renamed}/fields/title", """{"name":"heading"}"""));
        Assert.Equal(1, (int)(await server.Expect(200, Call.Get($"/api/{teams}?select=works_count"))).Data![0]!["worksCount"]!);
        Assert.Equal("A", (string?)(await server.Expect(200, Call.Get($"/api/{renamed}?select=team"))).Data![0]!["team"]);
        await server.Expect(422, Call.Post($"/api/{renamed}", """{"heading":"x","state":"shut"}"""));

        await server.Expect(200, Call.Delete($"/api/schema/tables/{teams}/fields/works_count"));
        await server.Expect(200, Call.Delete($"/api/schema/tables/{renamed}/fields/state"));
        await server.Expect(400, Call.Get($"/api/{teams}?select=works_count"));
        await server.Expect(200, Call.Delete($"/api/{words}?word=eq.open"));
    }
}
