using System.Net;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Adoption;

/// <summary><c>socle adopt</c> says what it finds and what is in its way.</summary>
[Collection(nameof(ForeignDatabases))]
public sealed class AdoptCommandTests(ForeignDatabases databases)
{
    private static readonly (string, string)[] French = [("LC_ALL", "fr_FR.UTF-8")];

    [Fact]
    public async Task It_reports_tables_names_and_limits_and_remembers_the_address_for_its_owner_only()
    {
        var url = await databases.Create("reported", "chinook");
        using var data = new DataFolder();
        var adopted = await SocleProgram.Run([], "adopt", url, "--data", data.FolderPath, "--schemas", "public,sales");
        Assert.True(adopted.ExitCode == 0, adopted.Errors);
        Assert.Matches(@"PlaylistTrack +about 3 rows +2 fields +key PlaylistId, TrackId +related to Playlist, Track\n", adopted.Output);
        Assert.Contains("Invoice", adopted.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("archive", adopted.Output, StringComparison.Ordinal);
        var file = Path.Combine(data.FolderPath, "adopted.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        await using (var server = await RunningServer.Start(dataFolder: data.FolderPath))
        {
            Assert.Equal("2", await server.Ask("SELECT count(*) FROM sales.\"Invoice\""));
            Assert.Equal(2, (await server.Http.Get("/api/Invoice?select=InvoiceDate")).Expect(HttpStatusCode.OK).Records.Count);
            (await server.Http.Get("/api/archive.Invoice")).Expect(HttpStatusCode.NotFound);
        }

        var all = await SocleProgram.Run(French, "adopt", url, "--data", data.FolderPath);
        Assert.Contains("archive.health : « health » seul est une adresse du serveur lui-même", all.Output, StringComparison.Ordinal);
        Assert.Contains("sales.Invoice : « Invoice » seul est la table d'un autre schéma", all.Output, StringComparison.Ordinal);
        Assert.Contains("twins.some_name : n'a pas de nom en camelCase", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_with_few_rights_gets_what_they_allow()
    {
        await databases.Create("rights", "chinook");
        await databases.Postgres.Psql("rights", """
            GRANT SELECT ON "Artist", "Album" TO erp_api;
            GRANT INSERT ON "Artist" TO erp_api;
            GRANT SELECT ("TrackId", "Name") ON "Track" TO erp_api;
            GRANT USAGE ON SCHEMA sales TO erp_api;
            """);
        using var data = new DataFolder();
        var adopted = await SocleProgram.Run([], "adopt", databases.Postgres.Url("rights", "erp_api"), "--data", data.FolderPath);
        Assert.True(adopted.ExitCode == 0, adopted.Errors);
        Assert.Contains("Album: no POST, PUT, PATCH, DELETE: erp_api may not", adopted.Output, StringComparison.Ordinal);
        Assert.Contains("public.Employee: erp_api may not read it", adopted.Output, StringComparison.Ordinal);
        Assert.Contains("public.Track.UnitPrice: erp_api may not read this column", adopted.Output, StringComparison.Ordinal);
        Assert.Contains("archive.Invoice: the schema is closed to erp_api", adopted.Output, StringComparison.Ordinal);

        await using var server = await RunningServer.Start(dataFolder: data.FolderPath);
        Assert.Equal(["Album", "Artist", "Track"], (await server.Http.Get("/api")).Data["tables"]!.AsArray().Select(table => (string?)table!["name"]));
        (await server.Http.Get("/api/Track?select=*,Name&order=TrackId")).Expect(HttpStatusCode.OK);
        (await server.Http.Get("/api/Employee")).Expect(HttpStatusCode.NotFound);
        (await server.Http.Send(HttpMethod.Post, "/api/Artist", """{"ArtistId":9,"Name":"x"}""")).Expect(HttpStatusCode.Created);
        var refused = (await server.Http.Send(HttpMethod.Delete, "/api/Artist/9")).Expect(HttpStatusCode.Forbidden);
        Assert.Contains("GRANT", (string)refused.Json["error"]!["message"]!, StringComparison.Ordinal);
        await databases.Postgres.Psql("rights", "GRANT DELETE ON \"Artist\" TO erp_api");
        await Polling.Until("the new right is seen", TimeSpan.FromSeconds(1), async () => (await server.Http.Send(HttpMethod.Delete, "/api/Artist/9")).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_empty_database_is_adopted_and_served()
    {
        await databases.Postgres.CreateDatabase("empty", "erp_root");
        using var data = new DataFolder();
        var adopted = await SocleProgram.Run([], "adopt", databases.Postgres.Url("empty", "erp_root"), "--data", data.FolderPath);
        Assert.Equal(0, adopted.ExitCode);
        Assert.Contains("no table to serve yet", adopted.Output, StringComparison.Ordinal);
        await using var server = await RunningServer.Start(dataFolder: data.FolderPath);
        await databases.Postgres.Psql("empty", "CREATE TABLE first (id int PRIMARY KEY)");
        await Polling.Until("the first table is served", TimeSpan.FromSeconds(1), async () => (await server.Http.Get("/api/first")).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_cannot_be_adopted_is_refused_with_the_way_out_and_nothing_is_kept()
    {
        using var data = new DataFolder();
        var url = await databases.Create("refused", "northwind");
        foreach (var (arguments, words) in new (string[], string)[]
        {
            ([], "Say which database"),
            (["mysql://a@b/c"], "does not begin with postgresql://"),
            ([url.Replace("/refused", "/nowhere", StringComparison.Ordinal)], "does not exist on that server"),
            ([url.Replace("erp_root", "nobody", StringComparison.Ordinal)], "refuses the user or the password"),
            (["postgresql://erp_root@127.0.0.1:1/postgres"], "does not answer"),
            ([url, "--schemas", "publc"], "Did you mean 'public'?"),
            ([url, "--blueprint", "/nowhere/at/all.yaml"], "cannot be written"),
            ([url, "--blueprint", "/"], "cannot be written"),
        })
        {
            var ended = await SocleProgram.Run([], ["adopt", .. arguments, "--data", data.FolderPath]);
            Assert.Equal(1, ended.ExitCode);
            Assert.Contains(words, ended.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Path.Combine(data.FolderPath, "adopted.json")));
        using var owned = new DataFolder();
        Directory.CreateDirectory(owned.Cluster);
        var refused = await SocleProgram.Run(French, "adopt", url, "--data", owned.FolderPath);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("a un PostgreSQL privé", refused.Errors, StringComparison.Ordinal);
    }
}
