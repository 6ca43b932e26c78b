namespace Socle.Tests.Grammar;

public sealed class SelectTests
{
    [Theory]
    [InlineData("", "*")]
    [InlineData("  ", "*")]
    [InlineData("*", "*")]
    [InlineData("id", "'id'")]
    [InlineData("id,name", "'id', 'name'")]
    [InlineData(" id ,\n\tname ", "'id', 'name'")]
    [InlineData("*,id", "*, 'id'")]
    [InlineData("identifiant:id", "'identifiant':'id'")]
    [InlineData("a : b", "'a':'b'")]
    [InlineData("id::text", "'id'::'text'")]
    [InlineData("a:id::text", "'a':'id'::'text'")]
    [InlineData("a::double precision", "'a'::'double precision'")]
    [InlineData("a::timestamp(3) with time zone , b", "'a'::'timestamp(3) with time zone', 'b'")]
    [InlineData("a::numeric(10,2)", "'a'::'numeric(10,2)'")]
    [InlineData("a::numeric( 10 , 2 ),b", "'a'::'numeric( 10 , 2 )', 'b'")]
    [InlineData("a::int[],b::_text", "'a'::'int[]', 'b'::'_text'")]
    [InlineData("data->a", "'data'->'a'")]
    [InlineData("data->a->>b", "'data'->'a'->>'b'")]
    [InlineData("data->0->-1->>00", "'data'->0->-1->>0")]
    [InlineData("data->>99999999999", "'data'->>'99999999999'")]
    [InlineData("data->!@#$%^&*_a::json", "'data'->'!@#$%^&*_a'::'json'")]
    [InlineData("data->a-b->c", "'data'->'a-b'->'c'")]
    [InlineData("""data->"a.b"->>"0",x""", "'data'->'a.b'->>'0', 'x'")]
    [InlineData("""data->"" """, "'data'->''")]
    [InlineData("""data->"a->b" """, "'data'->'a->b'")]
    [InlineData("k:data->>a::int", "'k':'data'->>'a'::'int'")]
    [InlineData("Just A Server Model", "'Just A Server Model'")]
    [InlineData("field-with_sep,$a$,123,_", "'field-with_sep', '$a$', '123', '_'")]
    [InlineData("prénom,ville 🏙,هویت", "'prénom', 'ville 🏙', 'هویت'")]
    [InlineData(""" ":x","a.b","q\"x","back\\slash" """, """':x', 'a.b', 'q\'x', 'back\\slash'""")]
    [InlineData(""" " kept " """, "' kept '")]
    [InlineData(""" ",(*)":"a:b"::text """, "',(*)':'a:b'::'text'")]
    public void Columns_are_read(string text, string expected) => Assert.Equal($"select[{expected}]", Request.Tree($"select={text}"));

    [Theory]
    [InlineData("count()", ".Count")]
    [InlineData("count( )", ".Count")]
    [InlineData("n:count()", "'n':.Count")]
    [InlineData("count()::text", ".Count::'text'")]
    [InlineData("n:count()::text,a", "'n':.Count::'text', 'a'")]
    [InlineData("a.avg(),a.count(),a.max(),a.min(),a.sum()", "'a'.Avg, 'a'.Count, 'a'.Max, 'a'.Min, 'a'.Sum")]
    [InlineData("t:a::int.sum()::text", "'t':'a'::'int'.Sum::'text'")]
    [InlineData("data->>x::int.sum()", "'data'->>'x'::'int'.Sum")]
    [InlineData("data->0.max()", "'data'->0.Max")]
    [InlineData("count", "'count'")]
    [InlineData("count.sum()", "'count'.Sum")]
    [InlineData("\"count\"", "'count'")]
    public void Aggregates_are_read(string text, string expected) => Assert.Equal($"select[{expected}]", Request.Tree($"select={text}"));

    [Theory]
    [InlineData("rel(*)", "'rel' Left (select[*])")]
    [InlineData("rel()", "'rel' Left (select[])")]
    [InlineData("rel( )", "'rel' Left (select[])")]
    [InlineData("rel(a,b:c)", "'rel' Left (select['a', 'b':'c'])")]
    [InlineData("x:rel(*)", "'x':'rel' Left (select[*])")]
    [InlineData("rel!hint(*)", "'rel'!'hint' Left (select[*])")]
    [InlineData("rel!inner(*)", "'rel' Inner (select[*])")]
    [InlineData("rel!left(*)", "'rel' Left (select[*])")]
    [InlineData("rel!hint!inner(*)", "'rel'!'hint' Inner (select[*])")]
    [InlineData("x:rel!inner!hint(*)", "'x':'rel'!'hint' Inner (select[*])")]
    [InlineData("rel!inner_join(*)", "'rel'!'inner_join' Left (select[*])")]
    [InlineData("rel!\"inner\"(*)", "'rel'!'inner' Left (select[*])")]
    [InlineData("id , rel ( a , b ) , c", "'id', 'rel' Left (select['a', 'b']), 'c'")]
    [InlineData("a(b(c(*)),d)", "'a' Left (select['b' Left (select['c' Left (select[*])]), 'd'])")]
    [InlineData("contracts(count)", "'contracts' Left (select['count'])")]
    [InlineData("contracts(count())", "'contracts' Left (select[.Count])")]
    [InlineData("\"count\"(*)", "'count' Left (select[*])")]
    [InlineData("count!inner(*)", "'count' Inner (select[*])")]
    [InlineData("\"a.b\":\"c(d)\"(*)", "'a.b':'c(d)' Left (select[*])")]
    [InlineData("...rel(*)", "...'rel' Left (select[*])")]
    [InlineData("...rel!hint!inner(a,...other(b))", "...'rel'!'hint' Inner (select['a', ...'other' Left (select['b'])])")]
    [InlineData("... rel(x:a)", "...'rel' Left (select['x':'a'])")]
    public void Embeds_and_spreads_are_read(string text, string expected) => Assert.Equal($"select[{expected}]", Request.Tree($"select={text}"));

    [Theory]
    [InlineData("paid_on.month()", "'paid_on'.Month")]
    [InlineData("m:paid_on . quarter( ) ,b", null)]
    [InlineData("m:data->>day::date.week(),rel(at.year())", "'m':'data'->>'day'::'date'.Week, 'rel' Left (select['at'.Year])")]
    [InlineData("\"a.b\".day()", "'a.b'.Day")]
    public void Periods_are_read(string text, string? expected)
    {
        if (expected is null)
            Request.Refusal($"select={text}");
        else
            Assert.Equal($"select[{expected}]", Request.Tree($"select={text}"));
    }

    [Fact]
    public void Records_are_sorted_by_periods() =>
        Assert.Equal("select[*] order['a'.Month desc nulls last, 'b'.Year asc, 'month' asc]", Request.Tree("order=a.month().desc.nullslast,b.year(),month"));

    [Theory]
    [InlineData("a,", 3, "a column, * or an embedded resource is expected here, not the end")]
    [InlineData(",a", 1, "a column, * or an embedded resource is expected")]
    [InlineData("a b!", 5, "inner, left, a foreign key or a junction table is expected")]
    [InlineData("a::", 4, "the name of a type is expected")]
    [InlineData("a::text;drop", 8, "a comma or the end is expected")]
    [InlineData("a::numeric(x)", 12, "a number is expected")]
    [InlineData("a::numeric(1", 13, "a closing parenthesis is expected")]
    [InlineData("a::int[5]", 8, "a closing bracket is expected")]
    [InlineData("a.b", 3, "A name that holds a dot is double-quoted")]
    [InlineData("a.summ()", 3, "Did you mean \"sum()\"?")]
    [InlineData("a.month", 3, "Did you mean \"month()\"?")]
    [InlineData("a.mont()", 3, "Did you mean \"month()\"?")]
    [InlineData("a.month(1)", 3, "month(), quarter() or year()")]
    [InlineData("a.month().sum()", 10, "a comma or the end is expected")]
    [InlineData("a.month()::text", 10, "a comma or the end is expected")]
    [InlineData("a.sum(x)", 3, "sum() is expected after the dot")]
    [InlineData("a:", 3, "a column or an embedded resource is expected")]
    [InlineData("a:*", 3, "a column or an embedded resource is expected here, not \"*\"")]
    [InlineData("*::text", 2, "a comma or the end is expected")]
    [InlineData("count(id)", 7, "count() counts the rows")]
    [InlineData("count(*)", 7, "count() counts the rows")]
    [InlineData("x:...rel(*)", 3, "takes no alias")]
    [InlineData("...rel", 7, "an opening parenthesis is expected")]
    [InlineData("rel!a!b(*)", 7, "takes one hint")]
    [InlineData("rel!left!inner(*)", 10, "takes one hint")]
    [InlineData("rel(*", 6, "a comma or a closing parenthesis is expected here, not the end")]
    [InlineData("a(b(c,d)", 9, "a comma or a closing parenthesis is expected here, not the end")]
    [InlineData("a)", 2, "a comma or the end is expected here, not \")\"")]
    [InlineData("rel(a))", 7, "a comma or the end is expected")]
    [InlineData("rel->x(*)", 7, "a comma or the end is expected")]
    [InlineData("\"a", 1, "this double quote is never closed")]
    [InlineData("\"\"", 1, "a name cannot be empty")]
    [InlineData("a#b", 2, "a comma or the end is expected here, not \"#b\"")]
    [InlineData("data->", 7, "a json key or an array index is expected")]
    [InlineData("data->>-78xy", 8, "no array index")]
    [InlineData("data->>--34", 8, "no array index")]
    public void Mistakes_are_refused_where_they_stand(string text, int column, string gist)
    {
        var fault = Request.Refusal($"select={text}");
        Assert.Equal("select", fault.Field);
        Assert.StartsWith($"In \"select\", column {column}: ", fault.Message.English, StringComparison.Ordinal);
        Assert.StartsWith($"Dans « select », colonne {column} : ", fault.Message.French, StringComparison.Ordinal);
        Assert.Contains(gist, fault.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_of_one_select_is_found()
    {
        var faults = Request.Read("select=a::,b,rel(c.foo(),d,e:*),f#").Faults;
        Assert.Equal(["4", "13", "23", "27"], faults.Select(fault => fault.Message.English.Split("column ")[1].Split(':')[0]));
    }
}
