using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Files;

/// <summary>Files go up and come down as they are, whole, in ranges, or not at all when the caller has them.</summary>
[Collection(nameof(OfficeServer))]
public sealed class DownloadTests(OfficeServer office)
{
    [Fact]
    public async Task What_goes_up_comes_down_the_same()
    {
        // Always the same: of random bytes, one or two in a hundred begin like a program of MS-DOS.
        var content = new byte[3_000_000];
        new Random(3).NextBytes(content);
        var file = await office.Ana.Upload(content, "données.bin");
        using var answer = await office.Ana.GetAsync(new Uri($"/api/files/{file["id"]}/whatever.bin", UriKind.Relative));

        Assert.Equal(content, await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"", answer.Headers.ETag!.Tag);
        Assert.Equal(content.Length, (long)file["size"]!);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment; filename=donn_es.bin; filename*=UTF-8''donn%C3%A9es.bin", answer.Content.Headers.GetValues("Content-Disposition").Single());
    }

    [Fact]
    public async Task A_range_is_answered_alone()
    {
        var file = await office.Ana.Upload(Encoding.ASCII.GetBytes("0123456789"), "digits.txt");
        using var request = new HttpRequestMessage(HttpMethod.Get, (string)file["url"]!);
        request.Headers.Range = new RangeHeaderValue(3, 5);
        using var answer = await office.Ana.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal("345", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("bytes 3-5/10", answer.Content.Headers.ContentRange!.ToString());

        using var beyond = new HttpRequestMessage(HttpMethod.Get, (string)file["url"]!);
        beyond.Headers.Range = new RangeHeaderValue(20, 30);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, (await office.Ana.SendAsync(beyond, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Who_has_it_already_gets_304_and_HEAD_tells_all_but_the_content()
    {
        var file = await office.Ana.Upload(Encoding.ASCII.GetBytes("once"), "once.txt");
        using var again = new HttpRequestMessage(HttpMethod.Get, (string)file["url"]!);
        again.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{file["sha256"]}\""));
        Assert.Equal(HttpStatusCode.NotModified, (await office.Ana.SendAsync(again, TestContext.Current.CancellationToken)).StatusCode);

        using var head = await office.Ana.SendAsync(new HttpRequestMessage(HttpMethod.Head, (string)file["url"]!), TestContext.Current.CancellationToken);
        Assert.Equal(4, head.Content.Headers.ContentLength);
        Assert.Equal("text/plain; charset=utf-8", head.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task The_same_content_is_stored_once_and_stays_while_one_file_has_it()
    {
        var content = Encoding.UTF8.GetBytes($"twice {Guid.NewGuid()}");
        var (one, two) = (await office.Ana.Upload(content, "a"), await office.Ben.Upload(content, "b"));
        var sha256 = (string)one["sha256"]!;
        var path = Path.Combine(office.Folder, sha256[..2], sha256[2..4], sha256);

        Assert.NotEqual((string)one["id"]!, (string)two["id"]!);
        Assert.True(File.Exists(path));
        await office.Ana.Json(HttpMethod.Delete, (string)one["url"]!);
        Assert.Equal(HttpStatusCode.OK, await office.Ben.Status((string)two["url"]!));
        await office.Ben.Json(HttpMethod.Delete, (string)two["url"]!);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_form_may_hold_several_files()
    {
        using var form = new MultipartFormDataContent { { new StringContent("ignored"), "title" } };
        form.Add(new ByteArrayContent([1, 2, 3]), "files", "one.bin");
        form.Add(new ByteArrayContent([4, 5]), "files", "été.bin");
        using var answer = await office.Ana.PostAsync(new Uri("/api/files", UriKind.Relative), form, TestContext.Current.CancellationToken);
        var data = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["data"]!.AsArray();

        Assert.Equal(["one.bin", "été.bin"], data.Select(file => (string)file!["name"]!));
        Assert.Equal([3L, 2L], data.Select(file => (long)file!["size"]!));
    }

    [Fact]
    public async Task A_form_without_a_file_is_refused_and_leaves_nothing()
    {
        using var form = new MultipartFormDataContent { { new StringContent("x"), "title" } };
        using var answer = await office.Ana.PostAsync(new Uri("/api/files", UriKind.Relative), form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_file_too_large_is_refused_whether_its_size_is_announced_or_not()
    {
        using var known = new ByteArrayContent(new byte[30_000_001]);
        using var answer = await office.Ana.PostAsync(new Uri("/api/files", UriKind.Relative), known, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/files") { Content = new StreamContent(new MemoryStream(new byte[30_000_001])) };
        request.Headers.TransferEncodingChunked = true;
        using var chunked = await office.Ana.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, chunked.StatusCode);
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(office.Folder, "partial")), path => new FileInfo(path).Length > 20_000_000);
    }

    [Theory]
    [InlineData("scan", "Bonjour", "check_violation")]
    [InlineData("extras", "%PDF-1.4\n", "check_violation")]
    public async Task A_field_takes_only_the_types_that_it_accepts(string field, string content, string code)
    {
        var file = await office.Ana.Upload(Encoding.ASCII.GetBytes(content + Guid.NewGuid()), "picture.png");
        var (status, body) = await office.Ana.Json(HttpMethod.Post, "/api/cases", new Dictionary<string, object?> { ["owner"] = await office.IdOf("ana"), [field] = field == "extras" ? new[] { (string)file["id"]! } : (string)file["id"]! });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(code, (string)body!["error"]!["code"]!);
        Assert.NotNull(body["error"]!["fields"]![field]);
    }

    [Fact]
    public async Task A_field_takes_no_file_larger_than_it_says()
    {
        var file = await office.Ana.Upload([.. "%PDF-1.4\n"u8, .. RandomNumberGenerator.GetBytes(1_000_001)], "large.pdf");
        var (status, body) = await office.Ana.Json(HttpMethod.Post, "/api/cases", new { owner = await office.IdOf("ana"), scan = (string)file["id"]! });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("1000000", (string)body!["error"]!["fields"]!["scan"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_files_together_stay_within_the_quota()
    {
        // 200 MB are allowed; uploads that were announced count.
        await office.Execute("INSERT INTO socle_system.uploads (name, size, expires_at) VALUES ('reserved', 199999000, now() + interval '1 hour')");
        try
        {
            using var body = new ByteArrayContent(RandomNumberGenerator.GetBytes(2000));
            using var answer = await office.Ana.PostAsync(new Uri("/api/files", UriKind.Relative), body, TestContext.Current.CancellationToken);
            Assert.Equal(507, (int)answer.StatusCode);
            Assert.Contains("FILES_QUOTA", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            await office.Execute("DELETE FROM socle_system.uploads WHERE name = 'reserved'");
        }
    }
}
