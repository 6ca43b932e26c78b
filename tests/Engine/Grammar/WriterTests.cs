using Socle.Grammar;

namespace Socle.Tests.Grammar;

public sealed class WriterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("select=*", "")]
    [InlineData("limit=50&order=created_at.desc&status=eq.active&select=id, name", "select=id,name&status=eq.active&order=created_at.desc&limit=50")]
    [InlineData("select=*,x:rel!inner!h(a::text,count())&rel.a=eq.1&x.limit=3", "select=*,x:rel!h!inner(a::text,count())&x.a=eq.1&x.limit=3")]
    [InlineData("select=...rel(),a->0->>\"b c\"", "select=...rel(),a-%3E0-%3E%3Eb%20c")]
    [InlineData("or=( a.eq.1 , not.and( b.in.( 1, \"2,3\" ), c.is.NULL ) )", "or=(a.eq.1,not.and(b.in.(1,%222,3%22),c.is.null))")]
    [InlineData("nom=ilike.*Zoé*&tags=cs.{a,b}", "nom=ilike.*Zo%C3%A9*&tags=cs.%7Ba,b%7D")]
    [InlineData("a=eq.b%26c%3Dd+e%2Bf", "a=eq.b%26c%3Dd%20e%2Bf")]
    [InlineData("offset=-1&q=a b&count=exact&columns=a,\"b c\",\"d.e\"&on_conflict=x", "offset=0&q=a%20b&count=exact&on_conflict=x&columns=a,b%20c,%22d.e%22")]
    [InlineData("\"limit\"=eq.1&\"a.b\"=eq.2", "%22limit%22=eq.1&%22a.b%22=eq.2")]
    public void The_text_of_a_query_is_canonical(string text, string expected) => Assert.Equal(expected, QueryWriter.Write(QueryReader.Read(text).Value));

    [Theory]
    [InlineData("status=eq.active", "status.eq.active")]
    [InlineData("a=not.like(any).{x*,\"y,z\"}", "a.not.like(any).{x*,\"y,z\"}")]
    [InlineData("or=(a.eq.1,b.is.null)", "or(a.eq.1,b.is.null)")]
    [InlineData("not.and=(a.eq.1)", "not.and(a.eq.1)")]
    [InlineData("a=eq.", "a.eq.\"\"")]
    [InlineData("a=eq. (x), \"y\" ", "a.eq.\" (x), \\\"y\\\" \"")]
    [InlineData("a=eq.1.5:2", "a.eq.1.5:2")]
    [InlineData("a=fts(french).le chat", "a.fts(french).le chat")]
    public void The_text_of_a_condition_fits_a_group(string text, string expected) =>
        Assert.Equal(expected, QueryWriter.WriteCondition(Assert.Single(QueryReader.ReadConditions(text).Value)));

    [Fact]
    public void Everything_needs_no_text() => Assert.Equal("", QueryWriter.Write(RecordQuery.Everything));
}
