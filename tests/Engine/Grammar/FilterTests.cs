using Socle.Grammar;

namespace Socle.Tests.Grammar;

public sealed class FilterTests
{
    [Theory]
    [InlineData("eq", Operator.Equal)]
    [InlineData("neq", Operator.NotEqual)]
    [InlineData("gt", Operator.GreaterThan)]
    [InlineData("gte", Operator.GreaterOrEqual)]
    [InlineData("lt", Operator.LessThan)]
    [InlineData("lte", Operator.LessOrEqual)]
    [InlineData("like", Operator.Like)]
    [InlineData("ilike", Operator.ILike)]
    [InlineData("match", Operator.Match)]
    [InlineData("imatch", Operator.IMatch)]
    [InlineData("isdistinct", Operator.IsDistinct)]
    [InlineData("fts", Operator.FullText)]
    [InlineData("plfts", Operator.PlainText)]
    [InlineData("phfts", Operator.PhraseText)]
    [InlineData("wfts", Operator.WebText)]
    [InlineData("cs", Operator.Contains)]
    [InlineData("cd", Operator.ContainedIn)]
    [InlineData("ov", Operator.Overlaps)]
    [InlineData("sl", Operator.StrictlyLeft)]
    [InlineData("sr", Operator.StrictlyRight)]
    [InlineData("nxr", Operator.NotExtendRight)]
    [InlineData("nxl", Operator.NotExtendLeft)]
    [InlineData("adj", Operator.Adjacent)]
    public void Operators_with_one_value_take_it_verbatim(string name, Operator expected)
    {
        Assert.Equal($"'c' {expected} ' \\'a\\', (b).c* '", Request.Where($"c={name}. \"a\", (b).c* "));
        Assert.Equal($"'c' {expected} ''", Request.Where($"c={name}."));
        Assert.Equal($"'c' not {expected} '5'", Request.Where($"c=not.{name}.5"));
        Assert.Equal($"or['c' {expected} 'v', 'c' not {expected} 'v']", Request.Where($"or=(c.{name}.v,c.not.{name}.v)"));
    }

    [Theory]
    [InlineData("null", IsValue.Null)]
    [InlineData("NULL", IsValue.Null)]
    [InlineData("not_null", IsValue.NotNull)]
    [InlineData("Not_Null", IsValue.NotNull)]
    [InlineData("true", IsValue.True)]
    [InlineData("False", IsValue.False)]
    [InlineData("unknown", IsValue.Unknown)]
    public void Is_takes_its_words_in_any_letter_case(string word, IsValue expected)
    {
        Assert.Equal($"'c' Is {expected}", Request.Where($"c=is.{word}"));
        Assert.Equal($"'c' not Is {expected}", Request.Where($"c=not.is.{word}"));
        Assert.Equal($"and['c' Is {expected}, 'd' not Is {expected}]", Request.Where($"and=( c.is.{word} , d.not.is.{word} )"));
    }

    [Theory]
    [InlineData("in.(a,b)", "['a', 'b']")]
    [InlineData("in.()", "[]")]
    [InlineData("in.( )", "[]")]
    [InlineData("in.(\"\")", "['']")]
    [InlineData("in.(a,,)", "['a', '', '']")]
    [InlineData("in. ( 1, 2 , \"3\" ) ", "['1', '2', '3']")]
    [InlineData("""in.(a,"b,c","q\"x")""", """['a', 'b,c', 'q\'x']""")]
    [InlineData("in.(\" a \",b c)", "[' a ', 'b c']")]
    [InlineData("""in.("D\a\vid W\h\ite")""", "['David White']")]
    [InlineData("""in.("\\")""", """['\\']""")]
    [InlineData("""in.(Double"Quote"McGraw")""", """['Double\'Quote\'McGraw\'']""")]
    [InlineData("in.(\")", """['\'']""")]
    [InlineData("""in.(/\Slash/\Beast/\)""", """['/\\Slash/\\Beast/\\']""")]
    [InlineData("in.(2021-01-15,F310-B,a.b:c)", "['2021-01-15', 'F310-B', 'a.b:c']")]
    public void In_takes_a_list(string text, string expected)
    {
        Assert.Equal($"'c' In Any{expected}", Request.Where($"c={text}"));
        Assert.Equal($"'c' not In Any{expected}", Request.Where($"c=not.{text}"));
        Assert.Equal($"or['c' In Any{expected}, 'd' Equal '1']", Request.Where($"or=(c.{text},d.eq.1)"));
    }

    [Theory]
    [InlineData("eq")]
    [InlineData("gt")]
    [InlineData("gte")]
    [InlineData("lt")]
    [InlineData("lte")]
    [InlineData("like")]
    [InlineData("ilike")]
    [InlineData("match")]
    [InlineData("imatch")]
    public void Quantified_operators_take_an_array(string name)
    {
        var expected = Operators.Find(name)!.Operator;
        Assert.Equal($"'c' {expected} Any['O*', 'P*']", Request.Where($"c={name}(any).{{O*,P*}}"));
        Assert.Equal($"'c' not {expected} All['1']", Request.Where($"c=not.{name}(all).{{1}}"));
        Assert.Equal($"or['c' {expected} Any['a', ')b,'], 'd' Equal '1']", Request.Where($"or=(c.{name}(any).{{a,\")b,\"}},d.eq.1)"));
    }

    [Theory]
    [InlineData("{}", "[]")]
    [InlineData("{ }", "[]")]
    [InlineData("{ a b , c }", "['a b', 'c']")]
    [InlineData("""{"a,b"," c ","q\"x\\",""}""", """['a,b', ' c ', 'q\'x\\', '']""")]
    [InlineData("""{"null",nulle}""", "['null', 'nulle']")]
    [InlineData("""{50\%,a\,b\ }""", "['50%', 'a,b ']")]
    [InlineData("{O'Neil}", "['O\\u0027Neil']")]
    public void Arrays_are_PostgreSQL_literals(string text, string expected) =>
        Assert.Equal($"'c' Like Any{expected}", Request.Where($"c=like(any).{text}"));

    [Theory]
    [InlineData("fts(french).chat & chien", "'chat & chien' in 'french'")]
    [InlineData("fts( french ).chat", "'chat' in 'french'")]
    [InlineData("plfts(pg_catalog.simple).a b", "'a b' in 'pg_catalog.simple'")]
    [InlineData("wfts(\"my (config)\").-x", "'-x' in 'my (config)'")]
    [InlineData("phfts.a", "'a'")]
    public void Searches_take_a_configuration(string text, string expected) =>
        Assert.EndsWith($" {expected}", Request.Where($"c={text}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("data->a->>b=eq.x", "'data'->'a'->>'b' Equal 'x'")]
    [InlineData("numbers->-1=eq.1", "'numbers'->-1 Equal '1'")]
    [InlineData("\"a.b\"=eq.1", "'a.b' Equal '1'")]
    [InlineData("\"a.b\"->\"c.d\"=eq.1", "'a.b'->'c.d' Equal '1'")]
    [InlineData("\"select\"=eq.1", "'select' Equal '1'")]
    [InlineData("\"or\"=eq.(a)", "'or' Equal '(a)'")]
    [InlineData("order->x=eq.1", "'order'->'x' Equal '1'")]
    [InlineData("not=eq.1", "'not' Equal '1'")]
    [InlineData("rel=is.null", "'rel' Is Null")]
    [InlineData("rel=not.is.null", "'rel' not Is Null")]
    [InlineData("Just A Server Model=like.*91*", "'Just A Server Model' Like '*91*'")]
    [InlineData("prénom=eq.Zoé", "'prénom' Equal 'Zoé'")]
    [InlineData("date=gte.2024-01-01T00:00:00+02:00", "'date' GreaterOrEqual '2024-01-01T00:00:00+02:00'")]
    [InlineData("a=eq.b=c", "'a' Equal 'b=c'")]
    [InlineData("a=eq.eq.1", "'a' Equal 'eq.1'")]
    public void Keys_name_columns_and_places_in_json(string parameter, string expected) => Assert.Equal(expected, Request.Where(parameter));

    [Fact]
    public void Repeated_keys_all_hold_in_their_order() =>
        Assert.Equal("'a' GreaterThan '1', or['x' Is Null], 'a' LessThan '5'", Request.Where("a=gt.1", "or=(x.is.null)", "a=lt.5"));

    [Theory]
    [InlineData("c=", 1, "an operator is missing")]
    [InlineData("c=active", 1, "\"active\" is not an operator. A condition is written operator.value: eq.active")]
    [InlineData("c=eqq.5", 1, "Did you mean \"eq\"?")]
    [InlineData("c=EQ.5", 1, "Did you mean \"eq\"?")]
    [InlineData("c=lik.5", 1, "Did you mean \"like\"?")]
    [InlineData("c=not.eqq.5", 5, "Did you mean \"eq\"?")]
    [InlineData("c=not.not.eq.5", 5, "\"not\" is not an operator")]
    [InlineData("c=resembles.5", 1, "The operators are eq, neq, gt,")]
    [InlineData("c=eq", 3, "a dot and a value (eq.…) is expected")]
    [InlineData("c=eq(any)", 8, "a dot and a value")]
    [InlineData("c=eq().5", 4, "any) or all) is expected")]
    [InlineData("c=eq(some).{5}", 4, "any) or all) is expected")]
    [InlineData("c=neq(any).{5}", 4, "neq takes no modifier")]
    [InlineData("c=in(any).(5)", 3, "in takes no modifier")]
    [InlineData("c=is(any).null", 3, "is takes no modifier")]
    [InlineData("c=cs(any).{5}", 3, "cs takes no modifier")]
    [InlineData("c=isdistinct(all).{5}", 11, "isdistinct takes no modifier")]
    [InlineData("c=fts().x", 5, "a text search configuration")]
    [InlineData("c=fts(french.x", 5, "a text search configuration")]
    [InlineData("c=eq(any).5", 9, "a list in braces")]
    [InlineData("c=eq(any).{5", 11, "a comma or a closing brace is expected here, not the end")]
    [InlineData("c=eq(any).{5}x", 12, "the end is expected here, not \"x\"")]
    [InlineData("c=eq(any).{{1},{2}}", 10, "a value is expected")]
    [InlineData("c=eq(any).{a,,b}", 12, "a value is expected")]
    [InlineData("c=eq(any).{a,NULL}", 12, "NULL compares with no value")]
    [InlineData("c=eq(any).{\"a}", 10, "a value is expected")]
    [InlineData("c=in.5", 4, "a list in parentheses, such as (a,b), is expected")]
    [InlineData("c=in.(5", 6, "a closing parenthesis is expected")]
    [InlineData("c=in.(5)x", 7, "the end is expected")]
    [InlineData("c=is.5", 4, "To compare with a value write eq.5")]
    [InlineData("c=is.", 4, "null, not_null, true, false or unknown")]
    [InlineData("limt=10", 1, "Or did you mean the parameter \"limit\"?")]
    public void Mistakes_are_refused_where_they_stand(string parameter, int column, string gist)
    {
        var fault = Request.Refusal(parameter);
        var key = parameter.Split('=')[0];
        Assert.Equal(key, fault.Field);
        Assert.StartsWith($"In \"{key}\", column {column}: ", fault.Message.English, StringComparison.Ordinal);
        Assert.Contains(gist, fault.Message.English, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=eq.1", 1, "a name is expected here, not the end")]
    [InlineData("a..b=eq.1", 3, "a name is expected")]
    [InlineData("a%b=eq.1", 2, "a name with other signs is double-quoted")]
    [InlineData("\"a=eq.1", 1, "this double quote is never closed")]
    [InlineData("data->=eq.1", 7, "a json key or an array index is expected")]
    [InlineData("data->a.b=eq.1", 8, "a dot, an arrow or the end")]
    public void Keys_that_are_no_names_are_refused(string parameter, int column, string gist)
    {
        var fault = Request.Refusal(parameter);
        Assert.Equal(parameter.Split('=')[0], fault.Field);
        Assert.StartsWith("In the parameter name \"", fault.Message.English, StringComparison.Ordinal);
        Assert.Contains($", column {column}: ", fault.Message.English, StringComparison.Ordinal);
        Assert.Contains(gist, fault.Message.English, StringComparison.Ordinal);
    }
}
