using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Socle.Files;

namespace Socle.Tests.Files;

public sealed class FileNameTests
{
    [Theory]
    [InlineData("facture.pdf", "facture.pdf")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\Users\\ana\\devis.docx", "devis.docx")]
    [InlineData("/", "file")]
    [InlineData("", "file")]
    [InlineData(null, "file")]
    [InlineData("..", "file")]
    [InlineData(" .htaccess. ", "htaccess")]
    [InlineData("CON", "_CON")]
    [InlineData("com1.txt", "_com1.txt")]
    [InlineData("con .txt", "_con .txt")]
    [InlineData("console.txt", "console.txt")]
    [InlineData("facture\u202Egpj.exe", "facturegpj.exe")]
    [InlineData("a\0b\r\nc", "abc")]
    [InlineData("<b>|?.txt", "_b___.txt")]
    public void A_name_is_made_safe(string? sent, string name) => Assert.Equal(name, FileName.Clean(sent));

    [Fact]
    public void A_long_name_is_cut_before_its_ending()
    {
        var name = FileName.Clean(new string('é', 500) + ".pdf");
        Assert.EndsWith("é.pdf", name, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(name), 190, 200);
    }

    [Fact]
    public void Whatever_is_sent_the_name_is_safe_and_stays_so() => Prop.ForAll<string>(sent =>
    {
        var name = FileName.Clean(sent);
        return name.Length > 0
            && Encoding.UTF8.GetByteCount(name) <= 210
            && name == FileName.Clean(name)
            && !name.Any(c => c is '/' or '\\' || char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format);
    }).QuickCheckThrowOnFailure();
}
