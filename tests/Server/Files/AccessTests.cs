using System.Net;
using System.Text;

namespace Socle.Tests.Server.Files;

/// <summary>Who may read a record that points to a file may read the file; and only who may read a file points a record to it.</summary>
[Collection(nameof(OfficeServer))]
public sealed class AccessTests(OfficeServer office)
{
    [Fact]
    public async Task A_file_that_nothing_points_to_is_its_uploaders_and_the_administrators()
    {
        var id = await office.Ana.UploadText();

        Assert.Equal(HttpStatusCode.OK, await office.Ana.Status($"/api/files/{id}"));
        Assert.Equal(HttpStatusCode.OK, await office.Chief.Status($"/api/files/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, await office.Ben.Status($"/api/files/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, await office.Vic.Status($"/api/files/{id}/info"));
        Assert.Equal(HttpStatusCode.NotFound, await office.Ben.Status($"/api/files/{id}/thumbnail"));
        Assert.Equal(HttpStatusCode.Unauthorized, await new HttpClient { BaseAddress = office.Server.Address }.Status($"/api/files/{id}"));
    }

    [Theory]
    [InlineData("contract")]
    [InlineData("extras")]
    public async Task Who_may_read_the_record_may_read_its_file(string field)
    {
        var id = await office.Ana.UploadText();
        await Create(office.Ana, await office.IdOf("ana"), field, id);

        Assert.Equal(HttpStatusCode.OK, await office.Ana.Status($"/api/files/{id}"));
        Assert.Equal(HttpStatusCode.OK, await office.Vic.Status($"/api/files/{id}/info"));
        Assert.Equal(HttpStatusCode.NotFound, await office.Ben.Status($"/api/files/{id}"));
    }

    [Fact]
    public async Task Its_uploader_reads_it_no_more_when_the_record_is_given_to_somebody_else()
    {
        var id = await office.Ana.UploadText();
        var record = await Create(office.Ana, await office.IdOf("ana"), "contract", id);
        await office.Execute($"UPDATE cases SET owner = '{await office.IdOf("ben")}' WHERE id = '{record}'");

        Assert.Equal(HttpStatusCode.NotFound, await office.Ana.Status($"/api/files/{id}"));
        Assert.Equal(HttpStatusCode.OK, await office.Ben.Status($"/api/files/{id}"));
    }

    [Fact]
    public async Task A_field_that_the_role_may_not_read_gives_no_right_to_its_file()
    {
        var id = await office.Chief.UploadText();
        var (status, _) = await office.Chief.Json(HttpMethod.Post, "/api/cases", new { title = "x", owner = await office.IdOf("ana"), secret = id });

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(HttpStatusCode.NotFound, await office.Ana.Status($"/api/files/{id}"));
        Assert.Equal(HttpStatusCode.OK, await office.Vic.Status($"/api/files/{id}"));
    }

    [Theory]
    [InlineData("contract")]
    [InlineData("extras")]
    public async Task An_id_that_somebody_learned_attaches_nothing(string field)
    {
        var id = await office.Ana.UploadText();
        var ben = await office.IdOf("ben");
        var (status, body) = await office.Ben.Json(HttpMethod.Post, "/api/cases", Case(ben, field, id));
        var (unknownStatus, unknown) = await office.Ben.Json(HttpMethod.Post, "/api/cases", Case(ben, field, Guid.NewGuid().ToString()));

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal("unknown_reference", (string)body!["error"]!["code"]!);
        Assert.NotNull(body["error"]!["fields"]![field]);
        Assert.Equal(status, unknownStatus);
        Assert.Equal(unknown!["error"]!["message"]!.ToString(), body["error"]!["message"]!.ToString());

        var own = await Create(office.Ben, ben, "title", "mine");
        Assert.Equal(HttpStatusCode.Conflict, (await office.Ben.Json(HttpMethod.Patch, $"/api/cases/{own}", Patch(field, id))).Status);
        Assert.Equal(HttpStatusCode.NotFound, await office.Ben.Status($"/api/files/{id}"));
    }

    [Fact]
    public async Task What_one_may_read_one_may_attach_again()
    {
        var id = await office.Ana.UploadText();
        await Create(office.Ana, await office.IdOf("ana"), "contract", id);
        var second = await Create(office.Ana, await office.IdOf("ana"), "extras", id);
        await office.Execute($"UPDATE cases SET owner = '{await office.IdOf("ben")}' WHERE id = '{second}'");

        Assert.Equal(HttpStatusCode.OK, await office.Ben.Status($"/api/files/{id}"));
    }

    [Fact]
    public async Task A_deleted_record_comes_back_with_its_file()
    {
        var id = await office.Chief.UploadText();
        var record = await Create(office.Chief, await office.IdOf("ana"), "contract", id);
        await office.Ana.Json(HttpMethod.Delete, $"/api/cases/{record}");
        Assert.Equal(HttpStatusCode.NotFound, await office.Ana.Status($"/api/files/{id}"));

        var entry = await office.Ask<long>($"SELECT max(id) FROM socle_system.history WHERE key = '{record}' AND operation = 'D'");
        var (status, body) = await office.Chief.Json(HttpMethod.Post, $"/api/trash/{entry}/restore");
        Assert.True(status == HttpStatusCode.OK, body?.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, await office.Ana.Status($"/api/files/{id}"));
    }

    [Fact]
    public async Task Who_may_only_read_uploads_nothing_and_only_administrators_list_all_files()
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes("x"));
        Assert.Equal(HttpStatusCode.Forbidden, (await office.Vic.PostAsync(new Uri("/api/files", UriKind.Relative), body)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await office.Ana.Status("/api/files"));
        Assert.Equal(HttpStatusCode.OK, await office.Chief.Status("/api/files?q=note&limit=3"));
    }

    [Fact]
    public async Task A_file_in_use_is_not_deleted_and_an_unused_one_only_by_its_owner()
    {
        var id = await office.Ana.UploadText();
        Assert.Equal(HttpStatusCode.NotFound, (await office.Ben.Json(HttpMethod.Delete, $"/api/files/{id}")).Status);
        var record = await Create(office.Ana, await office.IdOf("ana"), "extras", id);
        Assert.Equal(HttpStatusCode.Conflict, (await office.Ana.Json(HttpMethod.Delete, $"/api/files/{id}")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await office.Chief.Json(HttpMethod.Delete, $"/api/files/{id}")).Status);

        await office.Ana.Json(HttpMethod.Patch, $"/api/cases/{record}", new { extras = Array.Empty<string>() });
        Assert.Equal(HttpStatusCode.OK, (await office.Ana.Json(HttpMethod.Delete, $"/api/files/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, await office.Chief.Status($"/api/files/{id}"));
    }

    [Fact]
    public async Task What_is_known_of_a_file_comes_with_the_record()
    {
        var id = await office.Ana.UploadText();
        await Create(office.Ana, await office.IdOf("ana"), "contract", id);
        var (_, answer) = await office.Ana.Json(HttpMethod.Get, $"/api/cases?contract=eq.{id}&select=title,contract(name,size,contentType,url)");
        var file = answer!["data"]![0]!["contract"]!;

        Assert.Equal("note.txt", (string)file["name"]!);
        Assert.Equal("text/plain", (string)file["contentType"]!);
        Assert.Equal($"/api/files/{id}", (string)file["url"]!);
    }

    private static Dictionary<string, object?> Case(string owner, string field, string value) =>
        new() { ["owner"] = owner, [field] = Value(field, value) };

    private static Dictionary<string, object?> Patch(string field, string value) => new() { [field] = Value(field, value) };

    private static object Value(string field, string value) => field == "extras" ? new[] { value } : value;

    private static async Task<string> Create(HttpClient http, string owner, string field, string value)
    {
        var (status, body) = await http.Json(HttpMethod.Post, "/api/cases", Case(owner, field, value));
        Assert.True(status == HttpStatusCode.Created, body?.ToJsonString());
        return (string)body!["data"]!["id"]!;
    }
}
