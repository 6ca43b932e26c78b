using Socle.FieldTypes;
using Socle.Files;
using Socle.Tests.Blueprints;

namespace Socle.Tests.Files;

public sealed class ContentTypeTests
{
    [Theory]
    [InlineData("text/plain; charset=us-ascii", "text/plain", true, "text/plain; charset=utf-8")]
    [InlineData("text/plain; charset=iso-8859-1", "text/plain", true, "text/plain; charset=iso-8859-1")]
    [InlineData("text/html; charset=utf-8", "text/html", false, "application/octet-stream")]
    [InlineData("image/svg+xml; charset=us-ascii", "image/svg+xml", false, "application/octet-stream")]
    [InlineData("text/xml; charset=us-ascii", "text/xml", false, "application/octet-stream")]
    [InlineData("application/javascript; charset=us-ascii", "application/javascript", false, "application/octet-stream")]
    [InlineData("message/rfc822; charset=us-ascii", "message/rfc822", false, "application/octet-stream")]
    [InlineData("image/png; charset=binary", "image/png", true, "image/png")]
    [InlineData("application/pdf; charset=binary", "application/pdf", true, "application/pdf")]
    [InlineData("video/mp4; charset=binary", "video/mp4", true, "video/mp4")]
    [InlineData("application/zip; charset=binary", "application/zip", false, "application/zip")]
    [InlineData("inode/x-empty; charset=binary", "application/octet-stream", false, "application/octet-stream")]
    [InlineData("cannot open `-' (No such file)", "application/octet-stream", false, "application/octet-stream")]
    [InlineData("a/b\r\nX-Harm: 1", "application/octet-stream", false, "application/octet-stream")]
    [InlineData("", "application/octet-stream", false, "application/octet-stream")]
    public void What_libmagic_says_decides_what_browsers_are_told(string said, string name, bool isShown, string served)
    {
        var type = ContentType.Parse(said);
        Assert.Equal((name, isShown, served), (type.Name, type.IsShown, type.Served));
    }

    [Fact]
    public void A_blueprint_says_what_files_a_field_takes()
    {
        var field = Asked.Blueprint(Asked.Things("fields:\n  scan: { type: file, accept: [image/*, .DOCX], max_size: 10 MB }\n  more: files")).Tables[0].FindField("scan")!;
        Assert.Equal(["image/*", ".docx"], field.Settings.Accept!);
        Assert.Equal(["image/*", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"], field.Settings.AcceptedTypes!);
        Assert.Equal(10_000_000, field.Settings.MaxSize);
    }

    [Fact]
    public void What_is_no_type_and_no_size_is_refused_with_its_line()
    {
        var faults = Asked.Faults(Asked.Things("fields:\n  a: { type: file, accept: [.harm, image] }\n  b: { type: files, max_size: huge }\n  c: { type: text, accept: [image/*] }"));
        Assert.Contains("5: 'tables.things.fields.a.accept' expects media types", faults, StringComparison.Ordinal);
        Assert.Contains("not 'image'", faults, StringComparison.Ordinal);
        Assert.Contains("6: 'tables.things.fields.b.max_size' expects a size", faults, StringComparison.Ordinal);
        Assert.Contains("7: 'accept' does not go with the type text.", faults, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_ending_stands_for_media_types() =>
        Assert.All(FileEndings.Known, ending => Assert.All(FileEndings.TypesOf([ending]), type => Assert.True(FileEndings.IsAcceptable(type))));
}
