using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace Socle.Tests.Server.Files;

/// <summary>Pictures of files: as large as asked for, made once, and without what the camera tells besides.</summary>
[Collection(nameof(OfficeServer))]
public sealed class PreviewTests(OfficeServer office)
{
    [Theory]
    [InlineData("thumbnail", 256)]
    [InlineData("thumbnail?size=100", 128)]
    [InlineData("thumbnail?size=9999", 1024)]
    [InlineData("preview", 1200)]
    public async Task A_picture_becomes_one_of_the_sizes(string what, int width)
    {
        var file = await office.Ana.Upload(Bitmap(1200, 300), "plan.png");
        using var answer = await office.Ana.GetAsync(new Uri($"{file["url"]}/{what}", UriKind.Relative), TestContext.Current.CancellationToken);
        var picture = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal("image/webp", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(width, WidthOf(picture));
        Assert.Equal("inline; filename=plan.webp; filename*=UTF-8''plan.webp", answer.Content.Headers.GetValues("Content-Disposition").Single());
        using var again = new HttpRequestMessage(HttpMethod.Get, $"{file["url"]}/{what}");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await office.Ana.SendAsync(again, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task The_pages_of_a_PDF_are_pictures_too()
    {
        var pdf = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>endobj\n"
            + "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj\n4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\ntrailer<</Root 1 0 R>>\n";
        var file = await office.Ana.Upload(Encoding.ASCII.GetBytes(pdf), "deux pages.pdf");
        foreach (var (what, width, height) in new[] { ("thumbnail?size=64", 64, 32), ("preview", 2048, 1024), ("preview?page=2", 2048, 2048) })
        {
            var picture = await office.Ana.GetByteArrayAsync(new Uri($"{file["url"]}/{what}", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal((width, height), (BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(20))));
        }

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await office.Ana.Status($"{file["url"]}/preview?page=3"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await office.Ana.Status($"{file["url"]}/preview?page=0"));
        Assert.Equal(HttpStatusCode.BadRequest, await office.Ana.Status($"{file["url"]}/preview?page=x"));
    }

    [Fact]
    public async Task Who_may_not_read_the_file_sees_no_picture_of_it()
    {
        var file = await office.Ana.Upload(Bitmap(64, 64), "secret.png");
        Assert.Equal(HttpStatusCode.OK, await office.Ana.Status($"{file["url"]}/thumbnail"));
        Assert.Equal(HttpStatusCode.NotFound, await office.Ben.Status($"{file["url"]}/thumbnail"));
    }

    /// <summary>Of a VP8 picture (RFC 6386, 9.1), or of one with an extended head.</summary>
    private static int WidthOf(byte[] webp) => Encoding.ASCII.GetString(webp, 12, 4) switch
    {
        "VP8 " => BinaryPrimitives.ReadUInt16LittleEndian(webp.AsSpan(26)) & 0x3fff,
        "VP8X" => 1 + webp[24] + (webp[25] << 8) + (webp[26] << 16),
        var other => throw new InvalidOperationException(other),
    };

    private static byte[] Bitmap(int width, int height)
    {
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        (head[8], head[9]) = (8, 2);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < height; i++)
                zlib.Write(new byte[1 + (3 * width)]);
        }

        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. HostileFiles.Chunk("IHDR", head), .. HostileFiles.Chunk("IDAT", packed.ToArray()), .. HostileFiles.Chunk("IEND", [])];
    }
}
