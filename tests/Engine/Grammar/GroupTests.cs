using Socle.Grammar;

namespace Socle.Tests.Grammar;

public sealed class GroupTests
{
    [Theory]
    [InlineData("or=(a.eq.1)", "or['a' Equal '1']")]
    [InlineData("and=(a.eq.1,b.gt.2)", "and['a' Equal '1', 'b' GreaterThan '2']")]
    [InlineData("not.or=(a.eq.1)", "not or['a' Equal '1']")]
    [InlineData("not.and=(a.eq.1)", "not and['a' Equal '1']")]
    [InlineData("or=(a.eq.1,and(b.eq.2,not.or(c.eq.3,d.eq.4)))", "or['a' Equal '1', and['b' Equal '2', not or['c' Equal '3', 'd' Equal '4']]]")]
    [InlineData("and=( and ( id.in.( 1, 2, 3 ) , id.eq.3 ) , or ( id.eq.2 , id.eq.3 ) )", "and[and['id' In Any['1', '2', '3'], 'id' Equal '3'], or['id' Equal '2', 'id' Equal '3']]")]
    [InlineData("or=(a.not.eq.1)", "or['a' not Equal '1']")]
    [InlineData("or=(a.eq.,b.eq.)", "or['a' Equal '', 'b' Equal '']")]
    [InlineData("or=(a.eq.\"\",b.is.null)", "or['a' Equal '', 'b' Is Null]")]
    [InlineData("or=(name.eq.\"(grandchild,entity,4)\",name.like.\"*ity,4*\")", "or['name' Equal '(grandchild,entity,4)', 'name' Like '*ity,4*']")]
    [InlineData("""or=(a.eq."q\"x\\",b.eq.1)""", """or['a' Equal 'q\'x\\', 'b' Equal '1']""")]
    [InlineData("or=(a.eq.5\" pipe,b.eq.\"x\" y)", """or['a' Equal '5\' pipe', 'b' Equal '\'x\' y']""")]
    [InlineData("or=(a.eq.1.5,b.eq.12:30)", "or['a' Equal '1.5', 'b' Equal '12:30']")]
    [InlineData("or=(name.eq.entity 1,b.eq. x )", "or['name' Equal 'entity 1', 'b' Equal 'x']")]
    [InlineData("or=(arr.cs.{1,2,3},arr.eq.{a,\"b)\"})", """or['arr' Contains '{1,2,3}', 'arr' Equal '{a,\'b)\'}']""")]
    [InlineData("or=(data.cs.{\"a\":{\"b\":[1,2]}},x.eq.1)", """or['data' Contains '{\'a\':{\'b\':[1,2]}}', 'x' Equal '1']""")]
    [InlineData("or=(r.ov.[1,5),r.adj.(3,10],x.eq.1)", "or['r' Overlaps '[1,5)', 'r' Adjacent '(3,10]', 'x' Equal '1']")]
    [InlineData("or=(a.eq.[x,b.eq.1)", "or['a' Equal '[x', 'b' Equal '1']")]
    [InlineData("or=(a.eq.x[1],b.eq.a{b)", "or['a' Equal 'x[1]', 'b' Equal 'a{b']")]
    [InlineData("or=(v.plfts(german).Art Spass, v.fts(english).x)", "or['v' PlainText 'Art Spass' in 'german', 'v' FullText 'x' in 'english']")]
    [InlineData("or=(data->>a.eq.1,data->0->>\"b.c\".lt.2)", "or['data'->>'a' Equal '1', 'data'->0->>'b.c' LessThan '2']")]
    [InlineData("or=(\"a.b\".eq.1,\"or\".eq.2,and.eq.3,not.eq.4)", "or['a.b' Equal '1', 'or' Equal '2', 'and' Equal '3', 'not' Equal '4']")]
    [InlineData("or=(and_starting.eq.1,or_starting.eq.2,order.eq.3)", "or['and_starting' Equal '1', 'or_starting' Equal '2', 'order' Equal '3']")]
    [InlineData("or=(rel.is.null,rel.not.is.null)", "or['rel' Is Null, 'rel' not Is Null]")]
    public void Groups_are_read(string parameter, string expected) => Assert.Equal(expected, Request.Where(parameter));

    [Theory]
    [InlineData("or=", 1, "an opening parenthesis is expected")]
    [InlineData("or=a.eq.1", 1, "an opening parenthesis is expected")]
    [InlineData("or=()", 2, "at least one condition")]
    [InlineData("or=( )", 3, "at least one condition")]
    [InlineData("or=(a.eq.1,)", 9, "a column is expected")]
    [InlineData("or=(a.eq.1", 8, "a comma or a closing parenthesis is expected here, not the end")]
    [InlineData("or=(a.eq.1))", 9, "the end is expected")]
    [InlineData("or=(a.eq.1)x", 9, "the end is expected")]
    [InlineData("or=(a)", 3, "a dot and an operator is expected")]
    [InlineData("or=(a.eq)", 6, "a dot and a value")]
    [InlineData("or=(a.eqq.1)", 4, "Did you mean \"eq\"?")]
    [InlineData("or=(a.active)", 4, "eq.active compares with \"active\"")]
    [InlineData("or=(a.b.eq.1)", 4, "(resource.or=(…))")]
    [InlineData("or=(a.b.not.eq.1)", 4, "(resource.or=(…))")]
    [InlineData("or=(id.in.1,id.eq.3)", 8, "a list in parentheses")]
    [InlineData("or=(id.eq.1,not.xor(id.eq.2,id.eq.3))", 14, "\"xor\" is not an operator")]
    [InlineData("or=(and())", 6, "at least one condition")]
    [InlineData("or=(a.cs.{1,2", 7, "this bracket is never closed")]
    [InlineData("or=(a.eq.{1}x,b.eq.2)", 10, "a comma or a closing parenthesis is expected")]
    [InlineData("or=(a.is.5,b.eq.1)", 7, "To compare with a value write eq.5")]
    public void Mistakes_are_refused_where_they_stand(string parameter, int column, string gist)
    {
        var fault = Request.Refusal(parameter);
        Assert.Equal("or", fault.Field);
        Assert.StartsWith($"In \"or\", column {column}: ", fault.Message.English, StringComparison.Ordinal);
        Assert.Contains(gist, fault.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_of_one_group_is_found() =>
        Assert.Equal(3, Request.Read("or=(a.eqq.1,b.eq.1,and(c.is.5,d.eq.1),e)").Faults.Length);

    [Theory]
    [InlineData("", "")]
    [InlineData("status=eq.active", "'status' Equal 'active'")]
    [InlineData("status=eq.active&or=(a.gt.1,b.is.null)", "'status' Equal 'active', or['a' GreaterThan '1', 'b' Is Null]")]
    [InlineData("nom=eq.Lavage %26 co&ville=eq.Orléans", "'nom' Equal 'Lavage & co', 'ville' Equal 'Orléans'")]
    public void Conditions_are_read_alone(string text, string expected) =>
        Assert.Equal(expected, string.Join(", ", QueryReader.ReadConditions(text).Value.Select(Tree.Print)));

    [Theory]
    [InlineData("select=a", "\"select\" is no condition")]
    [InlineData("q=x", "\"q\" is no condition")]
    [InlineData("limit=5", "\"limit\" is no condition")]
    [InlineData("a.order=b", "\"a.order\" is no condition")]
    [InlineData("a.b=eq.1", "'a' is not an embedded resource in this request")]
    [InlineData("nom=eq.Lavage & co", "an operator is missing")]
    [InlineData("a=5", "\"5\" is not an operator")]
    public void What_is_no_condition_is_refused_among_conditions(string text, string gist) =>
        Assert.Contains(gist, Assert.Single(QueryReader.ReadConditions(text).Faults).Message.English, StringComparison.Ordinal);
}
