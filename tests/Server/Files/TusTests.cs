using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Socle.Tests.Server.Files;

/// <summary>Uploads in parts, by the letter of tus 1.0.0.</summary>
[Collection(nameof(OfficeServer))]
public sealed class TusTests(OfficeServer office)
{
    private static readonly string Name = Convert.ToBase64String("../relevé.txt"u8);

    [Fact]
    public async Task A_file_comes_in_parts_and_has_the_uploads_id()
    {
        var content = RandomNumberGenerator.GetBytes(100_000);
        var upload = await Begin(content.Length);
        Assert.Equal(HttpStatusCode.NoContent, (await Append(upload, 0, content[..40_000])).StatusCode);
        Assert.Equal("40000", Header(await Head(upload), "Upload-Offset"));
        Assert.Equal("100000", Header(await Head(upload), "Upload-Length"));
        Assert.Equal($"filename {Name}", Header(await Head(upload), "Upload-Metadata"));
        var last = await Append(upload, 40_000, content[40_000..]);
        var id = upload[(upload.LastIndexOf('/') + 1)..];

        Assert.Equal("100000", Header(last, "Upload-Offset"));
        Assert.Equal($"/api/files/{id}", last.Content.Headers.ContentLocation!.ToString());
        Assert.Equal(content, await office.Ana.GetByteArrayAsync(new Uri($"/api/files/{id}", UriKind.Relative), TestContext.Current.CancellationToken));
        var (_, info) = await office.Ana.Json(HttpMethod.Get, $"/api/files/{id}/info");
        Assert.Equal("relevé.txt", (string)info!["data"]!["name"]!);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), (string)info["data"]!["sha256"]!);
        // A client whose last answer was lost asks how far it is.
        Assert.Equal("100000", Header(await Head(upload), "Upload-Offset"));
    }

    [Fact]
    public async Task What_came_before_the_connection_broke_is_kept()
    {
        var content = RandomNumberGenerator.GetBytes(1_000_000);
        var upload = await Begin(content.Length);
        await Assert.ThrowsAnyAsync<Exception>(() => Append(upload, 0, new BreakingStream(content, 600_000)));
        var offset = 0;
        for (var i = 0; i < 100 && offset == 0; i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            offset = int.Parse(Header(await Head(upload), "Upload-Offset"), CultureInfo.InvariantCulture);
        }

        Assert.InRange(offset, 1, 600_000);
        for (var i = 0; i < 100; i++)
        {
            var rest = await Append(upload, offset, content[offset..]);
            if (rest.StatusCode == HttpStatusCode.NoContent)
                break;
            // The server may still be reading what the broken connection left.
            await Task.Delay(50, TestContext.Current.CancellationToken);
            offset = int.Parse(Header(await Head(upload), "Upload-Offset"), CultureInfo.InvariantCulture);
        }

        Assert.Equal(content, await office.Ana.GetByteArrayAsync(new Uri(upload.Replace("/uploads", "", StringComparison.Ordinal), UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_part_at_another_offset_is_refused()
    {
        var upload = await Begin(10);
        Assert.Equal(HttpStatusCode.Conflict, (await Append(upload, 3, "abc"u8.ToArray())).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Append(upload, 0, new byte[11])).StatusCode);
        Assert.Equal("0", Header(await Head(upload), "Upload-Offset"));
    }

    [Fact]
    public async Task A_part_that_is_not_what_its_checksum_says_is_thrown_away()
    {
        var upload = await Begin(3);
        var wrong = await Append(upload, 0, "abd"u8.ToArray(), $"sha256 {Convert.ToBase64String(SHA256.HashData("abc"u8))}");
        Assert.Equal(460, (int)wrong.StatusCode);
        Assert.Equal("0", Header(await Head(upload), "Upload-Offset"));
        Assert.Equal(HttpStatusCode.NoContent, (await Append(upload, 0, "abc"u8.ToArray(), $"sha256 {Convert.ToBase64String(SHA256.HashData("abc"u8))}")).StatusCode);
    }

    [Fact]
    public async Task An_upload_is_whose_who_began_it()
    {
        var upload = await Begin(3);
        Assert.Equal(HttpStatusCode.NotFound, (await Head(upload, office.Ben)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Append(upload, 0, "abc"u8.ToArray(), null, office.Ben)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Send(HttpMethod.Delete, upload, office.Ana)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Head(upload)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await Send(HttpMethod.Post, "/api/files/uploads", office.Vic, request => request.Headers.Add("Upload-Length", "3"))).StatusCode);
    }

    [Fact]
    public async Task The_server_tells_what_it_understands()
    {
        using var answer = await Send(HttpMethod.Options, "/api/files/uploads", office.Ana);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("1.0.0", Header(answer, "Tus-Version"));
        Assert.Contains("creation", Header(answer, "Tus-Extension"), StringComparison.Ordinal);
        Assert.Equal("30000000", Header(answer, "Tus-Max-Size"));

        using var other = new HttpRequestMessage(HttpMethod.Post, "/api/files/uploads");
        other.Headers.Add("Tus-Resumable", "0.2.2");
        using var refused = await office.Ana.SendAsync(other, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
        Assert.Equal("1.0.0", Header(refused, "Tus-Version"));
    }

    [Fact]
    public async Task A_whole_file_may_come_with_its_announcement()
    {
        using var answer = await Send(HttpMethod.Post, "/api/files/uploads", office.Ana, request =>
        {
            request.Headers.Add("Upload-Length", "7");
            request.Content = Part("Bonjour"u8.ToArray());
        });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("7", Header(answer, "Upload-Offset"));
        Assert.Equal("Bonjour", await office.Ana.GetStringAsync(answer.Content.Headers.ContentLocation, TestContext.Current.CancellationToken));

        using var tooLarge = await Send(HttpMethod.Post, "/api/files/uploads", office.Ana, request => request.Headers.Add("Upload-Length", "30000001"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
        Assert.Equal("1.0.0", Header(tooLarge, "Tus-Resumable"));
    }

    [Fact]
    public async Task An_empty_file_is_one_too()
    {
        var upload = await Begin(0);
        Assert.Equal("", await office.Ana.GetStringAsync(new Uri(upload.Replace("/uploads", "", StringComparison.Ordinal), UriKind.Relative), TestContext.Current.CancellationToken));
    }

    private async Task<string> Begin(int length)
    {
        using var answer = await Send(HttpMethod.Post, "/api/files/uploads", office.Ana, request =>
        {
            request.Headers.Add("Upload-Length", $"{length}");
            request.Headers.Add("Upload-Metadata", $"filename {Name}");
        });
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.ToString();
    }

    private Task<HttpResponseMessage> Head(string upload, HttpClient? http = null) => Send(HttpMethod.Head, upload, http ?? office.Ana);

    private Task<HttpResponseMessage> Append(string upload, int offset, byte[] content, string? checksum = null, HttpClient? http = null) =>
        Append(upload, offset, new MemoryStream(content), checksum, http);

    private Task<HttpResponseMessage> Append(string upload, int offset, Stream content, string? checksum = null, HttpClient? http = null) => Send(HttpMethod.Patch, upload, http ?? office.Ana, request =>
    {
        request.Headers.Add("Upload-Offset", $"{offset}");
        if (checksum is not null)
            request.Headers.Add("Upload-Checksum", checksum);
        request.Content = new StreamContent(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
    });

    private static ByteArrayContent Part(byte[] content) => new(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };

    private static async Task<HttpResponseMessage> Send(HttpMethod method, string address, HttpClient http, Action<HttpRequestMessage>? describe = null)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        describe?.Invoke(request);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : $"{answer.StatusCode}";

    /// <summary>Fails in the middle, as a connection does.</summary>
    private sealed class BreakingStream(byte[] content, int breaksAt) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position >= breaksAt)
            {
                await Task.Delay(300, cancellationToken);
                throw new IOException("The line is cut.");
            }

            return await base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, breaksAt - Position)], cancellationToken);
        }
    }
}
