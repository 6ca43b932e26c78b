using System.Net;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Adoption;

/// <summary>A music shop's database in the manner of Chinook, in several schemas, served as it is.</summary>
[Collection(nameof(ForeignDatabases))]
public sealed class ChinookTests(ForeignDatabases databases)
{
    public static TheoryData<AdoptedTable> Tables { get; } =
    [
        new AdoptedTable("Artist", "ArtistId", """{"ArtistId":3,"Name":"Aérosmith"}""", """{"Name":null}""", """{"Name":"x"}""", "ArtistId", "Album(Title,Track(Name))"),
        new AdoptedTable("Album", "AlbumId", """{"AlbumId":3,"Title":"T","ArtistId":1}""", """{"ArtistId":2}""", """{"AlbumId":4,"Title":"T","ArtistId":99}""", "ArtistId", "Artist(Name)", "ArtistId(Name)", "Track(Name)"),
        new AdoptedTable("MediaType", "MediaTypeId", """{"MediaTypeId":2,"Name":null}""", """{"Name":"AAC"}""", """{"MediaTypeId":1.5}""", "MediaTypeId", "Track(Name)"),
        new AdoptedTable("Track", "TrackId", """{"TrackId":3,"Name":"N","AlbumId":null,"MediaTypeId":1,"Milliseconds":1,"UnitPrice":1.99}""", """{"UnitPrice":0.05}""", """{"TrackId":4,"Name":"N","MediaTypeId":1,"Milliseconds":2147483648,"UnitPrice":1}""", "Milliseconds", "Album(Title)", "MediaType(Name)", "Playlist(Name)"),
        new AdoptedTable("Playlist", "PlaylistId", """{"PlaylistId":3,"Name":"P"}""", """{"Name":"Q"}""", """{"PlaylistId":1}""", "PlaylistId", "Track(Name)", "PlaylistTrack(TrackId)"),
        new AdoptedTable("PlaylistTrack", "PlaylistId,TrackId", """{"PlaylistId":2,"TrackId":1}""", "{}", """{"PlaylistId":2,"TrackId":99}""", "TrackId", "Playlist(Name)", "Track(Name)"),
        new AdoptedTable("Employee", "EmployeeId", """{"EmployeeId":3,"LastName":"Peacock","ReportsTo":2,"BirthDate":"1973-08-29T00:00:00"}""", """{"ReportsTo":1}""", """{"EmployeeId":4,"LastName":"x","BirthDate":"29/08/1973"}""", "BirthDate", "ReportsTo(LastName)", "Employee(LastName)", "Customer(Name)"),
        new AdoptedTable("Customer", "CustomerId", """{"CustomerId":3,"Name":"C","SupportRepId":1}""", """{"SupportRepId":null}""", """{"CustomerId":4,"Name":"x","SupportRepId":99}""", "SupportRepId", "Employee(LastName)", "\"sales.Invoice\"(Total)"),
        new AdoptedTable("sales.Invoice", "InvoiceId", """{"CustomerId":1,"Total":9.99,"InvoiceDate":"2026-03-29T02:30:00"}""", """{"Total":10}""", """{"CustomerId":1,"Total":123456789}""", "Total", "Customer(Name)", "\"sales.Customer\"(Name)"),
        new AdoptedTable("Invoice", "InvoiceId", """{"InvoiceId":8,"CustomerId":2,"Total":null}""", """{"Total":1}""", """{"InvoiceId":9,"CustomerId":99}""", "CustomerId", "Customer(Name)"),
        new AdoptedTable("archive.health", "id", """{"id":2,"note":"n"}""", """{"note":"m"}""", """{"id":1}""", "id"),
        new AdoptedTable("twins", "some_name", """{"some_name":"x","someName":"y"}""", """{"someName":"z"}""", """{"someName":"z"}""", "some_name"),
    ];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_table_is_read_and_written(AdoptedTable table) => await table.GoThrough(await databases.Serve("chinook"));

    [Fact]
    public async Task Every_table_has_one_name_that_is_its_own_and_one_with_its_schema()
    {
        var http = await databases.Serve("chinook");
        var tables = (await http.Get("/api")).Expect(HttpStatusCode.OK).Data["tables"]!.AsArray().Select(table => (Name: (string)table!["name"]!, Url: (string)table["url"]!)).ToList();
        Assert.Equal(["Album", "Artist", "Customer", "Employee", "Invoice", "MediaType", "Playlist", "PlaylistTrack", "Track", "archive.health", "playList", "play_list", "sales.Invoice", "twins"], tables.Select(table => table.Name));
        foreach (var (_, url) in tables)
        {
            (await http.Get(url)).Expect(HttpStatusCode.OK);
            (await http.Get($"{url}.csv")).Expect(HttpStatusCode.OK);
        }

        foreach (var name in new[] { "public.Track", "sales.Customer", "archive.Invoice", "archive.play_list", "archive.playList" })
            (await http.Get($"/api/{name}?limit=1")).Expect(HttpStatusCode.OK);
        var paths = (await http.Get("/api/openapi.json")).Expect(HttpStatusCode.OK).Json["paths"]!.AsObject();
        Assert.All(tables, table => Assert.True(paths.ContainsKey(table.Url)));
        Assert.Equal(7, (int)(await http.Get("/api/Invoice")).Records.Single()!["InvoiceId"]!);
    }

    [Fact]
    public async Task The_schemas_to_serve_and_their_order_can_be_named()
    {
        await using var server = await Testing.RunningServer.Start(env: new Dictionary<string, string>
        {
            ["DATABASE_URL"] = await databases.Create("chinook_two", "chinook"),
            ["SCHEMAS"] = "sales, archive",
        });
        Assert.Equal(2, (await server.Http.Get("/api/Invoice?select=InvoiceDate,Customer(Name)")).Expect(HttpStatusCode.OK).Records.Count);
        (await server.Http.Get("/api/archive.Invoice")).Expect(HttpStatusCode.OK);
        (await server.Http.Get("/api/Track")).Expect(HttpStatusCode.NotFound);
        (await server.Http.Get("/api/public.Track")).Expect(HttpStatusCode.NotFound);
        var unknown = (await server.Http.Send(HttpMethod.Post, "/api/Customer", """{"CustomerId":4,"Name":"x","SupportRepId":99}""")).Expect(HttpStatusCode.Conflict);
        Assert.Contains("public.Employee", (string)unknown.Json["error"]!["message"]!, StringComparison.Ordinal);
    }
}
