using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Socle.Tests.Server.Files;

/// <summary>What somebody may send who means harm: names, types that lie, contents that unfold.</summary>
internal static class HostileFiles
{
    private const string Script = "<script>document.title='harm'</script>";

    public static IReadOnlyList<(string Name, byte[] Content)> All { get; } =
    [
        ("holiday.jpg", Text($"<!doctype html><html><body>{Script}</body></html>")),
        ("holiday.png", [0xEF, 0xBB, 0xBF, .. Text($"<html>{Script}</html>")]),
        ("blanks.txt", Text(new string(' ', 2000) + $"<html>{Script}</html>")),
        ("utf7.txt", Text("+ADw-script+AD4-alert(1)+ADw-/script+AD4-")),
        ("utf16.html", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes($"<html>{Script}</html>")]),
        ("drawing.svg", Text($"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\">{Script}</svg>")),
        ("drawing.png", Text($"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"><image xlink:href=\"file:///etc/passwd\"/>{Script}</svg>")),
        ("polyglot.gif", Text("GIF89a/*aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa*/=1;document.title='harm'//")),
        ("polyglot.js", [.. Text("GIF89a"), 0x2F, 0x2A, 0, 1, 0, 1, .. Text("*/=alert(1);")]),
        ("polyglot.pdf", Text($"%PDF-1.4\n<html>{Script}</html>\n%%EOF")),
        ("late.pdf", Text($"<html>{Script}</html>\n%PDF-1.4\n%%EOF")),
        ("comment.jpg", [.. Jpeg(Text($"<?php system($_GET[1]); ?>{Script}"), 0xFE)]),
        ("exif.jpg", [.. Jpeg(Text($"Exif\0\0MM\0*\0\0\0\u0008\0\u0001{Script}"), 0xE1)]),
        ("broken.jpg", Jpeg([], 0xFE)[..40]),
        ("end.jpg", [0xFF, 0xD8, 0xFF]),
        ("huge.png", Png(60_000, 60_000, rows: 10)),
        ("wide.png", Png(int.MaxValue, 1, rows: 1)),
        ("bomb.png", Png(12_000, 12_000, rows: 12_000)),
        ("large-bomb.png", Png(20_000, 20_000, rows: 20_000)),
        ("nothing.png", Png(0, 0, rows: 0)),
        ("crc.png", Broken(Png(30, 30, rows: 30))),
        ("canvas.gif", [.. Text("GIF89a"), 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0x2C, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 2, 2, 0x4C, 1, 0, 0x3B]),
        ("loop.tif", [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0, 1, 4, 0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 8, 0, 0, 0]),
        ("cut.webp", [.. Text("RIFF"), 0xFF, 0xFF, 0xFF, 0x7F, .. Text("WEBPVP8 "), 0xFF, 0xFF, 0xFF, 0x7F]),
        ("cut.heic", [0, 0, 0, 0x18, .. Text("ftypheic"), 0, 0, 0, 0, .. Text("mif1heic"), 0x7F, 0xFF, 0xFF, 0xFF, .. Text("meta")]),
        ("negative.bmp", [.. Text("BM"), 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0, 0x36, 0, 0, 0, 0x28, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0x80, 1, 0, 0x18, 0]),
        ("bomb.zip", Zip(("zeros", new byte[20_000_000]))),
        ("slip.zip", Zip(("../../../../tmp/socle-slip", Text("harm")))),
        ("bomb.gz", Gzip(new byte[20_000_000])),
        ("entity.docx", Zip(("[Content_Types].xml", Text("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Types>&e;</Types>")), ("word/document.xml", Text("<x/>")))),
        ("laughs.xml", Text("<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]><l>&c;</l>")),
        ("style.xsl", Text($"<?xml version=\"1.0\"?><xsl:stylesheet version=\"1.0\" xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"><xsl:template match=\"/\">{Script}</xsl:template></xsl:stylesheet>")),
        ("action.pdf", Pdf("[0 0 200 200]", "/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")),
        ("launch.pdf", Pdf("[0 0 200 200]", "/OpenAction << /S /Launch /F (/bin/sh) >>")),
        ("wide.pdf", Pdf("[0 0 99999999 99999999]", "")),
        ("loop.pdf", Text("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 99999999>>endobj\ntrailer<</Root 1 0 R>>")),
        ("cut.pdf", Pdf("[0 0 200 200]", "")[..60]),
        ("bomb.pdf", PdfBomb()),
        ("picture.mvg", Text("push graphic-context\nviewbox 0 0 640 480\nfill 'url(http://127.0.0.1:1/\"|touch /tmp/socle-mvg\")'\npop graphic-context")),
        ("script.eps", Text("%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%touch /tmp/socle-eps) (w) file\nshowpage")),
        ("list.m3u8", Text("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST")),
        ("program.pdf", [0x7F, .. Text("ELF"), 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0x3E, 0]),
        ("run.txt", Text("#!/bin/sh\nrm -rf /\n")),
        ("game.swf", [.. Text("FWS"), 9, 0xFF, 0, 0, 0, .. new byte[100]]),
        ("mail.eml", Text($"From: a@example.org\nTo: b@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/html\n\n{Script}")),
        ("empty", []),
        ("../../../../etc/cron.d/harm", Text("one")),
        ("..\\..\\windows\\system32\\drivers\\etc\\hosts", Text("two")),
        ("/etc/passwd", Text("three")),
        ("facture\u202Egpj.exe", Text("four")),
        ("a\r\nSet-Cookie: harm=1\r\n.txt", Text("five")),
        ("<img src=x onerror=alert(1)>.png", Text("six")),
        ("CON.txt", Text("seven")),
        ("aux", Text("eight")),
        (".htaccess", Text("nine")),
        (new string('é', 3000) + ".pdf", Text("ten")),
        ("\u200B\u200D\uFEFF", Text("eleven")),
        ("a\"; filename=\"b.exe", Text("twelve")),
        ("bell\a\u001B[31m.txt", Text("thirteen")),
        ("x%00.php", Text("fourteen")),
    ];

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A picture of one pixel with a segment of its own.</summary>
    private static byte[] Jpeg(byte[] segment, byte marker)
    {
        var picture = Convert.FromBase64String("/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z");
        var length = segment.Length + 2;
        return [.. picture[..2], 0xFF, marker, (byte)(length >> 8), (byte)length, .. segment, .. picture[2..]];
    }

    private static byte[] Png(int width, int height, int rows)
    {
        var file = new List<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        head[8] = 8;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[1 + Math.Min(width, 60_000)];
            for (var i = 0; i < rows; i++)
                zlib.Write(row);
        }

        foreach (var (type, data) in new[] { ("IHDR", head), ("IDAT", packed.ToArray()), ("IEND", Array.Empty<byte>()) })
            file.AddRange(Chunk(type, data));
        return [.. file];
    }

    /// <summary>A part of a PNG.</summary>
    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        var ends = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(ends, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(ends.AsSpan(4), Crc32(body));
        return [.. ends[..4], .. body, .. ends[4..]];
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
        }

        return ~crc;
    }

    private static byte[] Broken(byte[] file)
    {
        file[^20] ^= 0xFF;
        return file;
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return file.ToArray();
    }

    private static byte[] Gzip(byte[] content)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(content);
        return file.ToArray();
    }

    private static byte[] Pdf(string box, string catalog) => Text(
        $"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R {catalog}>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox{box}>>endobj\ntrailer<</Root 1 0 R>>\n");

    /// <summary>A page whose drawing unfolds to a hundred million bytes.</summary>
    private static byte[] PdfBomb()
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var line = Text(string.Concat(Enumerable.Repeat("0 0 m 100 100 l S\n", 1000)));
            for (var i = 0; i < 6000; i++)
                zlib.Write(line);
        }

        var head = Text($"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>endobj\n4 0 obj<</Length {packed.Length}/Filter/FlateDecode>>stream\n");
        return [.. head, .. packed.ToArray(), .. Text("\nendstream endobj\ntrailer<</Root 1 0 R>>\n")];
    }
}
