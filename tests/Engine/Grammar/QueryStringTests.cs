using Socle.Grammar;

namespace Socle.Tests.Grammar;

public sealed class QueryStringTests
{
    [Theory]
    [InlineData("", "select[*]")]
    [InlineData("?", "select[*]")]
    [InlineData("&&", "select[*]")]
    [InlineData("?select=id,name&status=eq.active&order=created_at.desc&limit=50", "select['id', 'name'] where['status' Equal 'active'] order['created_at' desc] limit=50")]
    [InlineData("a=eq.b+c%2Bd", "select[*] where['a' Equal 'b c+d']")]
    [InlineData("pr%C3%A9nom=eq.Zo%c3%a9+%F0%9F%8F%99", "select[*] where['prénom' Equal 'Zoé 🏙']")]
    [InlineData("prénom=eq.Zoé 🏙", "select[*] where['prénom' Equal 'Zoé 🏙']")]
    [InlineData("data-%3E%3Ek=eq.1%262", "select[*] where['data'->>'k' Equal '1&2']")]
    [InlineData("a=eq.x=y", "select[*] where['a' Equal 'x=y']")]
    [InlineData("é%41=eq.1", "select[*] where['éA' Equal '1']")]
    public void Query_strings_are_decoded(string text, string expected) => Assert.Equal(expected, Tree.Print(QueryReader.Read(text).Value));

    [Theory]
    [InlineData("a=eq.100%", "\"%\" is not a percent-escape")]
    [InlineData("a=eq.%4", "\"%4\" is not a percent-escape")]
    [InlineData("a=ilike.%par%", "\"%pa…\" is not a percent-escape; a percent sign is written %25")]
    [InlineData("%zz=eq.1", "is not a percent-escape")]
    [InlineData("a=eq.%C3", "the percent-escapes are not UTF-8")]
    [InlineData("a=eq.%C3%28", "the percent-escapes are not UTF-8")]
    [InlineData("a=eq.%ED%A0%80", "the percent-escapes are not UTF-8")]
    [InlineData("a=eq.%00", "no database text can hold")]
    [InlineData("flag", "an operator is missing")]
    public void Broken_escapes_are_refused(string text, string gist)
    {
        var fault = Assert.Single(QueryReader.Read(text).Faults);
        Assert.Contains(gist, fault.Message.English, StringComparison.Ordinal);
        Assert.Equal(text.Split('=')[0], fault.Field);
    }

    [Fact]
    public void Broken_escapes_are_found_beside_other_mistakes() =>
        Assert.Equal(["a", "b", "c"], QueryReader.Read("a=eq.%&b=eq.%C3&c=5&d=eq.1").Faults.Select(fault => fault.Field));
}
