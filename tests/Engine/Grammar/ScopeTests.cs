using Socle.Kernel;

namespace Socle.Tests.Grammar;

public sealed class ScopeTests
{
    [Theory]
    [InlineData("a", "'a' asc")]
    [InlineData("a.asc", "'a' asc")]
    [InlineData("a.desc.nullslast,b,json->>k.asc", "'a' desc nulls last, 'b' asc, 'json'->>'k' asc")]
    [InlineData("a.nullsfirst , b.desc.nullsfirst", "'a' asc nulls first, 'b' desc nulls first")]
    [InlineData("rel(col).desc.nullsfirst", "'rel'/'col' desc nulls first")]
    [InlineData("rel( data->>k ),a", "'rel'/'data'->>'k' asc, 'a' asc")]
    [InlineData("numbers->0.desc", "'numbers'->0 desc")]
    [InlineData("a desc", "'a desc' asc")]
    [InlineData("\"a.b\".desc,\"desc\",prénom", "'a.b' desc, 'desc' asc, 'prénom' asc")]
    public void Order_is_read(string text, string expected) => Assert.Equal($"select[*] order[{expected}]", Request.Tree($"order={text}"));

    [Theory]
    [InlineData("a.ac", 3, "one of asc, desc, nullsfirst, nullslast is expected here, not \"ac\". Did you mean \"asc\"?")]
    [InlineData("a.descc", 3, "Did you mean \"desc\"?")]
    [InlineData("a.asc.nullsfist", 7, "one of nullsfirst, nullslast is expected here, not \"nullsfist\". Did you mean \"nullsfirst\"?")]
    [InlineData("a.asc.desc", 7, "one of nullsfirst, nullslast")]
    [InlineData("a.nullslast.desc", 12, "a comma or the end is expected")]
    [InlineData("a.b", 3, "A column whose name holds a dot is double-quoted")]
    [InlineData("numbers->0.desc,data->a.b", 25, "A column whose name holds a dot is double-quoted")]
    [InlineData("a,", 3, "a column is expected")]
    [InlineData("rel(a", 6, "a closing parenthesis is expected")]
    [InlineData("rel(a,b)", 6, "a closing parenthesis is expected")]
    [InlineData("rel().desc", 5, "a column is expected")]
    public void Mistakes_in_order_are_refused(string text, int column, string gist)
    {
        var fault = Request.Read($"order={text}").Faults[0];
        Assert.StartsWith($"In \"order\", column {column}: ", fault.Message.English, StringComparison.Ordinal);
        Assert.Contains(gist, fault.Message.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit=0", "limit=0")]
    [InlineData("limit=50", "limit=50")]
    [InlineData("offset=100", "offset=100")]
    [InlineData("offset=-5", "offset=0")]
    [InlineData("limit=9223372036854775807", "limit=9223372036854775807")]
    public void Pages_are_read(string parameter, string expected) => Assert.Equal($"select[*] {expected}", Request.Tree(parameter));

    [Theory]
    [InlineData("limit=-1", FaultCode.InvalidRange, "cannot be negative")]
    [InlineData("limit=99999999999999999999", FaultCode.InvalidRange, "too large a number")]
    [InlineData("offset=99999999999999999999", FaultCode.InvalidRange, "too large a number")]
    [InlineData("limit=", FaultCode.InvalidFilter, "takes a whole number")]
    [InlineData("limit=ten", FaultCode.InvalidFilter, "takes a whole number, not \"ten\"")]
    [InlineData("offset=1.5", FaultCode.InvalidFilter, "takes a whole number")]
    public void Pages_that_cannot_be_are_refused(string parameter, FaultCode code, string gist)
    {
        var fault = Request.Refusal(parameter);
        Assert.Equal(code, fault.Code);
        Assert.Contains(gist, fault.Message.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rel.a=eq.1", "where['a' Equal '1']")]
    [InlineData("rel.data->>k=eq.1", "where['data'->>'k' Equal '1']")]
    [InlineData("rel.or=(a.eq.1)", "where[or['a' Equal '1']]")]
    [InlineData("rel.and=(a.eq.1)", "where[and['a' Equal '1']]")]
    [InlineData("rel.not.or=(a.eq.1)", "where[not or['a' Equal '1']]")]
    [InlineData("rel.not.and=(a.eq.1)", "where[not and['a' Equal '1']]")]
    [InlineData("rel.order=a.desc", "order['a' desc]")]
    [InlineData("rel.limit=5", "limit=5")]
    [InlineData("rel.offset=5", "offset=5")]
    [InlineData("rel.\"order\"=eq.1", "where['order' Equal '1']")]
    [InlineData("\"rel\".\"a.b\"=eq.1", "where['a.b' Equal '1']")]
    [InlineData("rel.select=eq.1", "where['select' Equal '1']")]
    public void Parameters_of_an_embed_go_into_it(string parameter, string expected)
    {
        Assert.Equal($"select['rel' Left (select[*] {expected})]", Request.Tree("select=rel(*)", parameter));
        Assert.Equal($"select['rel' Left (select[*] {expected})]", Request.Tree(parameter, "select=rel(*)"));
        Assert.Equal($"select[...'rel' Left (select[*] {expected})]", Request.Tree("select=...rel(*)", parameter));
        Assert.Equal($"select['a' Left (select['b':'rel' Left (select[] {expected})])]", Request.Tree("select=a(b:rel())", $"a.b.{parameter[(parameter.IndexOf('.', StringComparison.Ordinal) + 1)..]}"));
    }

    [Fact]
    public void An_embed_is_addressed_by_alias_and_else_by_table()
    {
        Assert.Equal(
            "select['x':'rel' Left (select[*] where['a' Equal '1', 'b' Equal '2'])]",
            Request.Tree("select=x:rel(*)", "x.a=eq.1", "rel.b=eq.2"));
        Assert.Equal(
            "select['rel':'other' Left (select[*] where['a' Equal '1']), 'y':'rel' Left (select[*])]",
            Request.Tree("select=rel:other(*),y:rel(*)", "rel.a=eq.1"));
        Assert.Equal(
            "select['x':'rel' Left (select[*] limit=1), 'y':'rel' Left (select[*] limit=1)]",
            Request.Tree("select=x:rel(*),y:rel(*)", "rel.limit=1"));
    }

    [Theory]
    [InlineData("select=id", "other.a=eq.1", "'other' is not an embedded resource in this request. Add other(…) to select")]
    [InlineData("select=rel(*)", "rell.a=eq.1", "'rell' is not an embedded resource in this request. Did you mean 'rel'?")]
    [InlineData("select=rel(*)", "rel.x.a=eq.1", "'x' is not an embedded resource in this request.")]
    [InlineData("select=rel(*)", "x.order=a", "'x' is not an embedded resource in this request.")]
    [InlineData("select=rel(*)", "x.limit=1", "'x' is not an embedded resource in this request.")]
    [InlineData("select=rel(*)", "x.not.or=(a.eq.1)", "'x' is not an embedded resource in this request.")]
    public void What_is_not_in_select_cannot_be_addressed(string select, string parameter, string gist)
    {
        var fault = Request.Refusal(select, parameter);
        Assert.Equal(FaultCode.InvalidFilter, fault.Code);
        Assert.Equal(parameter.Split('=')[0], fault.Field);
        Assert.Contains(gist, fault.Message.English, StringComparison.Ordinal);
        Assert.Contains("n'est pas une ressource imbriquée dans cette requête", fault.Message.French, StringComparison.Ordinal);
    }

    [Fact]
    public void A_faulty_select_is_not_blamed_twice() => Assert.Equal("select", Request.Refusal("select=rel(", "rel.a=eq.1").Field);

    [Fact]
    public void Mistakes_in_several_parameters_are_all_found() =>
        Assert.Equal(
            ["select", "a", "limit", "order"],
            Request.Read("a=5", "select=x::", "limit=-1", "b=eq.1", "order=a.up").Faults.Select(fault => fault.Field));

    [Theory]
    [InlineData("q=lavage auto", "q='lavage auto'")]
    [InlineData("count=exact", "count=Exact")]
    [InlineData("count=planned", "count=Planned")]
    [InlineData("count=estimated", "count=Estimated")]
    [InlineData("on_conflict=email", "on_conflict=['email']")]
    [InlineData("on_conflict=a, \"b,c\"", "on_conflict=['a', 'b,c']")]
    [InlineData("columns=\"a\",\"b\"", "columns=['a', 'b']")]
    public void The_request_has_its_own_parameters(string parameter, string expected) => Assert.Equal($"select[*] {expected}", Request.Tree(parameter));

    [Theory]
    [InlineData("q=")]
    [InlineData("q=  ")]
    [InlineData("columns=")]
    [InlineData("on_conflict=")]
    [InlineData("order=")]
    [InlineData("select=")]
    public void Empty_parameters_ask_nothing(string parameter) => Assert.Equal("select[*]", Request.Tree(parameter));

    [Theory]
    [InlineData("count=all", "\"count\" is exact, planned or estimated")]
    [InlineData("columns=a,,b", "a column is expected")]
    [InlineData("on_conflict=a.b", "a comma or the end is expected")]
    public void Wrong_values_of_them_are_refused(string parameter, string gist) =>
        Assert.Contains(gist, Request.Refusal(parameter).Message.English, StringComparison.Ordinal);

    [Theory]
    [InlineData("select=a")]
    [InlineData("columns=a")]
    [InlineData("on_conflict=a")]
    [InlineData("order=a")]
    [InlineData("limit=1")]
    [InlineData("offset=1")]
    [InlineData("q=a")]
    [InlineData("count=exact")]
    public void What_can_be_said_once_is_refused_twice(string parameter) =>
        Assert.Contains("is given more than once", Request.Refusal(parameter, parameter).Message.English, StringComparison.Ordinal);

    [Fact]
    public void Text_that_PostgreSQL_cannot_hold_is_refused()
    {
        // Not in attributes: compiled attributes cannot hold half a surrogate pair.
        foreach (var parameter in (string[])["a=eq.x\0y", "a=eq.\ud83d", "a\0=eq.1", "select=\udca9\ud83d"])
            Assert.Contains("no database text can hold", Request.Refusal(parameter).Message.English, StringComparison.Ordinal);
    }
}
