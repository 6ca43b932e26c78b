using Socle.Grammar;

namespace Socle.Tests.Grammar;

/// <summary>Where conditions stand alone, as in a policy, they may lead through relations.</summary>
public sealed class RelatedTests
{
    [Theory]
    [InlineData("clients.owner=eq.1", "clients.owner=eq.1")]
    [InlineData("clients.companies.name=eq.a.b", "clients.companies.name=eq.a.b")]
    [InlineData("clients.or=(a.eq.1,b.eq.2)", "clients.or=(a.eq.1,b.eq.2)")]
    [InlineData("clients.not.and=(a.eq.1,b.eq.2)", "clients.not.and=(a.eq.1,b.eq.2)")]
    [InlineData("or=(a.eq.1,clients.a.eq.1,clients.companies.a.not.in.(1,2))", "or=(a.eq.1,clients.a.eq.1,clients.companies.a.not.in.(1,2))")]
    [InlineData("or=(clients.or(a.eq.1,b.eq.2),clients.not.or(a.eq.1,b.eq.2))", "or=(clients.or(a.eq.1,b.eq.2),clients.not.or(a.eq.1,b.eq.2))")]
    [InlineData("or=(a.not.eq.1,a.is.null)", "or=(a.not.eq.1,a.is.null)")]
    [InlineData("or=(\"my table\".\"a.b\".eq.1)", "or=(my%20table.%22a.b%22.eq.1)")]
    [InlineData("\"a.b\".c=eq.1", "%22a.b%22.c=eq.1")]
    [InlineData("clients.data->>owner=eq.{user.id}", "clients.data-%3E%3Eowner=eq.%7Buser.id%7D")]
    public void A_condition_leads_through_relations_and_is_written_again(string text, string canonical)
    {
        var read = QueryReader.ReadRelatedConditions(text);
        Assert.False(read.IsFault, read.IsFault ? read.Faults[0].Message.English : "");
        Assert.Equal(canonical, QueryWriter.WriteConditions(read.Value));
        Assert.Equal(canonical, QueryWriter.WriteConditions(QueryReader.ReadRelatedConditions(canonical).Value));
    }

    [Theory]
    [InlineData("or=(clients.owner.equals.1)")]
    [InlineData("or=(clients.owner)")]
    [InlineData("clients.=eq.1")]
    [InlineData("clients.limit=1")]
    [InlineData("clients.select=a")]
    public void What_is_no_condition_is_refused(string text) => Assert.True(QueryReader.ReadRelatedConditions(text).IsFault);

    [Fact]
    public void A_way_has_an_end()
    {
        Assert.True(QueryReader.ReadRelatedConditions($"{string.Concat(Enumerable.Repeat("a.", 10_000))}b=eq.1").IsFault);
        Assert.True(QueryReader.ReadRelatedConditions($"or=({string.Concat(Enumerable.Repeat("a.", 10_000))}b.eq.1)").IsFault);
    }

    [Theory]
    [InlineData("clients.owner=eq.1")]
    [InlineData("or=(clients.owner.eq.1)")]
    public void A_request_leads_nowhere_that_it_does_not_embed(string text) => Assert.True(QueryReader.Read(text).IsFault);
}
