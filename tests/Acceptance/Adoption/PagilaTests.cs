using System.Net;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Adoption;

/// <summary>A shop's database in the manner of Pagila, served as it is.</summary>
[Collection(nameof(ForeignDatabases))]
public sealed class PagilaTests(ForeignDatabases databases)
{
    public static TheoryData<AdoptedTable> Tables { get; } =
    [
        new AdoptedTable("actor", "actorId", """{"firstName":"Ána","lastName":"O'Hara"}""", """{"lastName":"Öz"}""", """{"firstName":"x"}""", "lastName", "film_actor(filmId)", "film(title)"),
        new AdoptedTable("language", "languageId", """{"name":"Italien             ","createdAt":"2001-02-03T04:05:06+00:00"}""", """{"createdAt":"2002-02-03T04:05:06+00:00"}""", """{"name":"much longer than twenty letters"}""", "name", "film!film_language_id_fkey(title)"),
        new AdoptedTable("category", "categoryId", """{"categoryId":77,"name":"Horreur"}""", """{"name":"Peur"}""", """{"name":"Action"}""", "name", "film(title)"),
        new AdoptedTable("film", "filmId", """{"title":"Été 42","releaseYear":1971,"languageId":2,"rating":"PG-13","rentalRate":0.99,"length":103,"specialFeatures":["a, b","\"c\""],"ratingsSeen":["R",null]}""", """{"ratingsSeen":["NC-17"],"releaseYear":1972}""", """{"title":"x","languageId":1,"releaseYear":1850}""", "releaseYear", "language!film_language_id_fkey(name)", "language_id(name)", "actor(lastName)", "category(name)", "inventory(inventoryId)"),
        new AdoptedTable("film_actor", "actorId,filmId", """{"actorId":2,"filmId":2}""", """{"lastUpdate":"2020-01-01T00:00:00+00:00"}""", """{"actorId":99,"filmId":1}""", "actorId", "film(title)", "actor(lastName)"),
        new AdoptedTable("film_category", "filmId,categoryId", """{"filmId":1,"categoryId":2}""", "{}", """{"filmId":1,"categoryId":99999}""", "categoryId", "film(title)", "category(name)"),
        new AdoptedTable("store", "storeId", """{"managerStaffId":99}""", """{"managerStaffId":99}""", """{"managerStaffId":1}""", "managerStaffId", "customer(firstName)", "staff!store_manager_staff_id_fkey(firstName)"),
        new AdoptedTable("staff", "staffId", """{"firstName":"Jon","storeId":1,"picture":"\\x00ff"}""", """{"picture":null}""", """{"firstName":"x","storeId":1,"picture":"\\xzz"}""", "picture", "store!staff_store_id_fkey(storeId)"),
        new AdoptedTable("customer", "customerId", """{"storeId":1,"firstName":"PAT","createDate":"2024-02-29"}""", """{"active":1}""", """{"storeId":1,"firstName":"x","createDate":"2023-02-29"}""", "createDate", "payment(amount)", "rental(rentalId)", "store(storeId)"),
        new AdoptedTable("inventory", "inventoryId", """{"filmId":1,"storeId":1}""", """{"filmId":2}""", """{"filmId":1}""", "storeId", "film(title)", "store(storeId)", "rental(rentalId)"),
        new AdoptedTable("rental", "rentalId", """{"rentalPeriod":"[\"2026-01-01 00:00:00+00\",)","inventoryId":1,"customerId":1,"late":"P1MT2H"}""", """{"late":null}""", """{"rentalPeriod":"[2,1)","inventoryId":1,"customerId":1}""", "rentalPeriod", "customer(firstName)", "inventory(film(title))"),
        new AdoptedTable("payment", "paymentDate,paymentId", """{"customerId":1,"amount":12.5,"paymentDate":"2025-07-14T12:00:00.25+00:00"}""", """{"amount":13.5}""", """{"customerId":1,"amount":1000,"paymentDate":"2025-07-14T12:00:00Z"}""", "amount", "customer(firstName)"),
        new AdoptedTable("staff_list", "name=eq.Vue", """{"id":55,"name":"Vue","active":false}""", """{"active":true}""", """{"id":55,"name":"x","active":"x"}""", "active"),
    ];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_table_is_read_and_written(AdoptedTable table)
    {
        if (table.Name == "staff_list")
            await databases.Postgres.Psql("pagila", "ALTER TABLE staff ALTER store_id SET DEFAULT 1");
        if (table.Name == "store")
            await databases.Postgres.Psql("pagila", "INSERT INTO staff (staff_id, first_name, store_id) VALUES (99, 'Manager', 1)");
        await table.GoThrough(await databases.Serve("pagila"));
    }

    [Fact]
    public async Task Views_that_cannot_be_written_say_so()
    {
        var http = await databases.Serve("pagila");
        Assert.Equal(["fid", "title", "actors"], (await http.Get("/api/film_list?order=fid&limit=1")).Expect(HttpStatusCode.OK).Records[0]!.AsObject().Select(field => field.Key));
        Assert.Equal("Action", (string?)(await http.Get("/api/rental_by_category")).Records.Single()!["category"]);
        (await http.Send(HttpMethod.Post, "/api/film_list", "{}")).Expect(HttpStatusCode.MethodNotAllowed);
        (await http.Send(HttpMethod.Delete, "/api/rental_by_category?category=eq.x")).Expect(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Partitions_are_one_table()
    {
        var http = await databases.Serve("pagila");
        (await http.Get("/api/payment_p2025")).Expect(HttpStatusCode.NotFound);
        (await http.Send(HttpMethod.Post, "/api/payment", """{"customerId":1,"amount":1,"paymentDate":"2031-01-01T00:00:00Z"}""")).Expect(HttpStatusCode.UnprocessableEntity);
        using var merge = new HttpRequestMessage(HttpMethod.Post, "/api/payment") { Content = new StringContent("""{"paymentId":1,"customerId":1,"amount":6,"paymentDate":"2026-05-04T10:00:00+00:00"}""", System.Text.Encoding.UTF8, "application/json") };
        merge.Headers.Add("Prefer", "resolution=merge-duplicates");
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(merge, TestContext.Current.CancellationToken)).StatusCode);
        var unknown = (await http.Send(HttpMethod.Post, "/api/payment", """{"customerId":99,"amount":1,"paymentDate":"2026-01-01T00:00:00Z"}""")).Expect(HttpStatusCode.Conflict);
        Assert.Equal("unknown_reference", (string?)unknown.Json["error"]!["code"]);
        var moved = (await http.Send(HttpMethod.Post, "/api/payment", """{"customerId":1,"amount":1,"paymentDate":"2025-01-01T00:00:00Z"}""")).Expect(HttpStatusCode.Created).Data;
        (await http.Send(HttpMethod.Patch, $"/api/payment?paymentId=eq.{moved["paymentId"]}", """{"paymentDate":"2026-01-01T00:00:00Z"}""")).Expect(HttpStatusCode.OK);
        (await http.Send(HttpMethod.Delete, $"/api/payment?paymentId=eq.{moved["paymentId"]}")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Search_needs_nothing_in_the_database()
    {
        var http = await databases.Serve("pagila");
        Assert.Equal("Français", ((string?)(await http.Get("/api/language?q=francais")).Expect(HttpStatusCode.OK).Records.Single()!["name"])!.TrimEnd());
        Assert.Single((await http.Get("/api/film?fulltext=fts(english).dinosaur&q=ACADEMY")).Expect(HttpStatusCode.OK).Records);
    }

    [Fact]
    public async Task A_changed_schema_is_served_within_a_second_without_event_triggers()
    {
        var http = await databases.Serve("pagila");
        await databases.Postgres.Psql("pagila", "CREATE SCHEMA later; CREATE TABLE later.things (id int PRIMARY KEY); CREATE DOMAIN later.kind AS text; ALTER TABLE later.things ADD k later.kind");
        await Polling.Until("the new schema is served", TimeSpan.FromSeconds(1), async () => (await http.Get("/api/things?k=is.null")).Status == HttpStatusCode.OK);
        await databases.Postgres.Psql("pagila", "DROP SCHEMA later CASCADE");
        await Polling.Until("the table is gone", TimeSpan.FromSeconds(1), async () => (await http.Get("/api/things")).Status == HttpStatusCode.NotFound);
        Assert.Equal("0", await databases.Postgres.Psql("pagila", "SELECT count(*) FROM pg_event_trigger"));
    }
}
