using System.Net;

namespace Socle.Tests.Server.Files;

/// <summary>Tables that are made while the server runs hold files like those of a blueprint.</summary>
[Collection(nameof(OfficeServer))]
public sealed class MadeTableTests(OfficeServer office)
{
    [Fact]
    public async Task A_table_made_through_the_API_points_to_files_and_is_written_as_a_blueprint()
    {
        var fields = new Dictionary<string, object> { ["title"] = "text", ["scan"] = new { type = "file", accept = new[] { "image/*", ".pdf" }, max_size = 1000 }, ["photos"] = "files" };
        var (status, made) = await office.Chief.Json(HttpMethod.Post, "/api/schema/tables", new { name = "letters", fields });
        Assert.True(status == HttpStatusCode.Created, made?.ToJsonString());

        var note = await office.Chief.UploadText();
        var (refused, body) = await office.Chief.Json(HttpMethod.Post, "/api/letters", new { scan = note });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused);
        Assert.Contains("image/*, .pdf", (string)body!["error"]!["fields"]!["scan"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await office.Chief.Json(HttpMethod.Post, "/api/letters", new { photos = new[] { note } })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await office.Chief.Json(HttpMethod.Delete, $"/api/files/{note}")).Status);

        var yaml = await office.Chief.GetStringAsync(new Uri("/api/schema/blueprint", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("max_size: 1000", yaml, StringComparison.Ordinal);
        Assert.Contains(".pdf", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("accepted", yaml, StringComparison.Ordinal);
    }
}
