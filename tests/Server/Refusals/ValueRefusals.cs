using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Grammar;

namespace Socle.Tests.Server.Refusals;

/// <summary>For every operator, every field type and every kind of column at least one value that is refused, with its field.</summary>
[Collection(nameof(WritingServer))]
public sealed class ValueRefusals(WritingServer server)
{
    /// <summary>Conditions on the table "types" that its columns' types do not allow, each refused as invalid_filter.</summary>
    public static TheoryData<string> Operators => [
        "js=eq.1", "js=neq.1", "js=gt.1", "js=gte.1", "js=lt.1", "js=lte.1", "i4=like.1*", "day=ilike.2*", "uid=match.a", "flag=imatch.t", "ints=in.(1)", "i4=is.true", "txt=is.unknown", "js=isdistinct.1",
        "i4=fts.x", "uid=plfts.x", "day=phfts.x", "ints=wfts.x", "txt=cs.{a}", "i4=cd.{1}", "jb=ov.{1}", "ints=sl.[1,2)", "txt=sr.[1,2)", "i4=nxr.[1,2)", "jb=nxl.[1,2)", "day=adj.[1,2)",
        // what only PostgreSQL can judge
        "txt=match.(", "txt=imatch.[", "txt=match(any).{a,*}", "txt=like.a\\", "txt=fts.a b", "txt=fts(nothing).a", "words=fts.!", "place=eq.(1,2)", "doc=eq.<a/>", "mac=sl.[1,2)", "cash=cs.1", "txt->>k=eq.1", "jb->>k->>k=eq.1",
        // and what the grammar does
        "i4=like(some).1", "i4=eq(any).1", "i4=in.1", "i4=nope.1", "i4=eq", "i4=", "i4=is.5", "i4=not.5", "txt=fts(", "i4=in.(1", "or=(i4.eq.1", "or=()", "or=i4.eq.1",
    ];

    /// <summary>Values in conditions on "types" that are none of their columns' types, each refused as invalid_value.</summary>
    public static TheoryData<string> FilterValues => [
        "i2=eq.40000", "i4=eq.1.5", "i8=eq.9223372036854775808", "num=eq.1,5", "num2=gt.x", "f4=eq.1e39", "f8=eq.1e400", "flag=eq.maybe", "status=eq.Active", "status=in.(active,nope)", "uid=eq.00000000-0000-4000-8000-00000000000g",
        "day=eq.2024-02-30", "day=lt.yesterday", "tm=eq.25:00", "ts=eq.noon", "tsz=eq.12:30", "span=eq.long", "jb=eq.{", "jb=cs.{a}", "bytes=eq.\\xzz", "ints=eq.1", "ints=cs.{a}", "uids=ov.{x}", "days=cs.{2024-13-01}", "texts=cs.{a", "ints=eq.{{1},{2,3}}",
        "i4r=ov.[5,1)", "i4r=sl.5", "numr=cs.x", "dayr=adj.[a,b]", "ip=eq.300.1.1.1", "net=eq.10.0.0.1/99", "mac=eq.zz", "dims=eq.3", "dims=eq.(a,b)", "timez=eq.x", "cash=eq.x", "bits=eq.102", "multi=eq.[1,2)", "words=eq.'", "boxes=eq.{\"(a,b)\"}",
        "i4=eq(any).{1,x}", "tsz=gt(all).{now-ish}", "jb->k=eq.{", "dims->width=gt.{", "or=(i4.eq.1,and(i2.eq.2,span.gt.long))", "i4=not.in.(1,two)",
    ];

    /// <summary>Values in bodies for "types" that are none of their columns' types.</summary>
    public static TheoryData<string, string> BodyValues => new()
    {
        { "i2", "40000" }, { "i4", "1.5" }, { "i4", "\"x\"" }, { "i4", "1e3" }, { "i8", "9223372036854775808" }, { "num", "\"1,5\"" }, { "num2", "12345.5" }, { "f4", "1e39" }, { "f8", "1e400" }, { "flag", "1" }, { "flag", "\"maybe\"" },
        { "txt", "5" }, { "txt", "\"a\\u0000\"" }, { "vc", "\"abcdef\"" }, { "ch", "\"abcd\"" }, { "ci", "{}" }, { "status", "\"Active\"" }, { "code", "\"123456\"" }, { "uid", "\"x\"" }, { "day", "\"2024-02-30\"" }, { "day", "20240101" },
        { "tm", "\"25:00\"" }, { "ts", "\"noon\"" }, { "tsz", "\"2024-01-01T99:00:00Z\"" }, { "span", "\"long\"" }, { "js", "{\"a\":\"\\u0000\"}" }, { "jb", "[\"\\ud800\"]" }, { "jb", "{\"\\u0000\":1}" }, { "jb", "1e200000" }, { "bytes", "\"\\\\xzz\"" },
        { "ints", "{}" }, { "ints", "[\"a\"]" }, { "ints", "[[1],[2,3]]" }, { "texts", "\"{a}\"" }, { "uids", "[\"x\"]" }, { "statuses", "[\"nope\"]" }, { "flags", "[0]" }, { "i4r", "\"[5,1)\"" }, { "numr", "\"x\"" }, { "dayr", "[]" },
        { "ip", "\"300.1.1.1\"" }, { "net", "\"10.0.0.1/8\"" }, { "mac", "\"zz\"" }, { "words", "\"'\"" }, { "dims", "{\"width\":\"x\"}" }, { "dims", "[1]" }, { "boxes", "[{\"width\":\"x\"}]" }, { "timez", "\"x\"" }, { "cash", "\"x\"" }, { "bits", "\"1010\"" },
        { "place", "\"x\"" }, { "doc", "\"<a\"" }, { "multi", "\"[1,2)\"" }, { "spans", "[\"x\"]" },
    };

    /// <summary>For each field type of blueprints: a condition and a body value that are refused, and the code of the latter.</summary>
    public static TheoryData<string, string, string, string> FieldTypes => new()
    {
        { "text", "cs.{a}", "5", "invalid_value" }, { "long_text", "is.true", "[]", "invalid_value" }, { "number", "eq.1.5", "1.5", "invalid_value" }, { "decimal", "eq.1,5", "100000000", "invalid_value" },
        { "boolean", "eq.2", "1", "invalid_value" }, { "date", "eq.2024-02-30", "\"2024-02-30\"", "invalid_value" }, { "date_time", "gt.noon", "\"noon\"", "invalid_value" }, { "choice", "ov.{a}", "\"c\"", "check_violation" },
        { "email", "sl.x", "\"no address\"", "invalid_value" }, { "phone", "cs.1", "\"call me\"", "invalid_value" }, { "url", "adj.x", "\"javascript:alert(1)\"", "invalid_value" }, { "tags", "cs.a", "\"a\"", "invalid_value" },
        { "json", "eq.{", "{\"a\":\"\\u0000\"}", "invalid_value" }, { "uuid", "eq.x", "\"x\"", "invalid_value" }, { "reference", "in.(x)", "\"x\"", "invalid_value" },
        { "user", "eq.x", "\"x\"", "invalid_value" }, { "autonumber", "cs.{a}", "\"N1\"", "rule_violation" }, { "formula", "eq.x", "1", "rule_violation" }, { "colour", "is.true", "\"#12345\"", "invalid_value" },
        { "rating", "eq.1.5", "6", "invalid_value" }, { "currency", "eq.1,5", "1000000000000", "invalid_value" }, { "percentage", "eq.20 %", "\"20 %\"", "invalid_value" }, { "duration", "eq.1", "90", "invalid_value" }, { "secret", "cs.{a}", "5", "invalid_value" },
        { "file", "eq.x", "\"x\"", "invalid_value" }, { "files", "cs.{x}", "[\"x\"]", "invalid_value" },
    };

    [Theory]
    [MemberData(nameof(Operators))]
    public Task An_operator_that_does_not_fit_is_refused(string condition) => Refuses(Call.Get($"/api/types?{condition}"), "invalid_filter", Key(condition));

    [Theory]
    [MemberData(nameof(FilterValues))]
    public Task A_condition_on_a_value_that_is_none_is_refused(string condition) =>
        Refuses(Call.Get($"/api/types?{condition}"), "invalid_value", condition.StartsWith("or", StringComparison.Ordinal) ? "span" : Key(condition));

    [Theory]
    [MemberData(nameof(BodyValues))]
    public async Task A_body_with_a_value_that_is_none_is_refused(string field, string value)
    {
        await Refuses(Call.Post("/api/types", $$"""{"id":700,"{{field}}":{{value}}}"""), "invalid_value", field);
        await Refuses(Call.Patch("/api/types/1", $$"""{"{{field}}":{{value}}}"""), "invalid_value", field);
        var many = await server.Expect(400, Call.Post("/api/types", $$"""[{"id":700},{"id":701,"{{field}}":{{value}}}]"""));
        Assert.EndsWith(field, many.Error["fields"]!.AsObject().Single().Key, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(FieldTypes))]
    public async Task Every_field_type_refuses_what_it_is_not(string field, string condition, string value, string code)
    {
        await Refuses(Call.Get($"/api/kinds?{field}={condition}"), null, field);
        await Refuses(Call.Post("/api/kinds", $$"""{"{{field}}":{{value}}}"""), code, field);
    }

    [Fact]
    public void No_operator_field_type_or_kind_of_column_is_forgotten()
    {
        Assert.Empty(Socle.Grammar.Operators.Names.Where(name => !Operators.Any(row => row.Data.Contains($"={name}.", StringComparison.Ordinal))));
        Assert.Empty(FieldTypeRegistry.All.Where(type => type.HasColumn).Select(type => type.Name).Except(FieldTypes.Select(row => row.Data.Item1)));
    }

    [Fact]
    public async Task No_column_of_the_fixture_is_forgotten()
    {
        var columns = await server.Ask<string[]>("SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = 'types'::regclass AND attnum > 1");
        Assert.Empty(columns.Except(BodyValues.Select(row => row.Data.Item1)).Except(["nums", "days", "moments", "tszr"]));
        Assert.Equal(3L, await server.Ask<long>("SELECT count(*) FROM types"));
    }

    private async Task Refuses(Call call, string? code, string field)
    {
        var answer = await server.Send(call);
        Assert.True(answer.Status is >= 400 and < 500, $"{call}\nanswered {answer.Status}: {answer.Text}");
        Assert.True(code is null || (string)answer.Error["code"]! == code, $"{call}\nanswered {answer.Text}");
        Assert.True(answer.Error["fields"]?.AsObject().Single().Key == field, $"{call}\nanswered {answer.Text}");
        Assert.Null(Leaks.Find(answer.Text));
        Assert.DoesNotContain("Exception", server.Server.Log, StringComparison.Ordinal);
    }

    /// <summary>The name before the first operator sign or arrow.</summary>
    private static string Key(string condition) =>
        condition[..condition.IndexOf(condition.Contains("->", StringComparison.Ordinal) ? '-' : '=', StringComparison.Ordinal)];
}
