namespace Socle.Tests.Server.Reading;

/// <summary>Every operator on every kind of type that it fits, with the records that it finds.</summary>
[Collection(nameof(ReadingServer))]
public sealed class FilterTests(ReadingServer server)
{
    /// <summary>Conditions on the table "types", and the ids of the records that they leave.</summary>
    public static TheoryData<string, string> Comparisons => new()
    {
        { "i2=eq.1", "1" }, { "i4=neq.10", "2" }, { "i8=eq.9007199254740993", "1" }, { "i4=gt.10", "2" }, { "i4=gte.10", "1 2" },
        { "i4=lt.20", "1" }, { "i4=lte.20", "1 2" }, { "i4=not.eq.10", "2" }, { "i4=not.gt.10", "1" }, { "i2=lt.0", "2" },
        { "num=eq.123456789012345678901234567890.5", "1" }, { "num=eq.-1e-6", "2" }, { "num2=gt.10.4", "1" }, { "f4=eq.1.5", "1" }, { "f4=eq.NaN", "2" },
        { "f8=eq.Infinity", "2" }, { "f8=lt.3", "1" }, { "flag=eq.true", "1" }, { "flag=is.true", "1" }, { "flag=is.false", "2" },
        { "flag=is.unknown", "3" }, { "flag=not.is.true", "2 3" }, { "flag=is.NOT_NULL", "1 2" }, { "flag=is.null", "3" }, { "flag=not.is.null", "1 2" },
        { "txt=eq.Un chien blanc", "2" }, { "txt=isdistinct.Un chien blanc", "1 3" }, { "txt=not.isdistinct.Un chien blanc", "2" },
        { "vc=eq.abc", "1" }, { "ch=eq.ab", "1" }, { "ci=eq.HELLO", "1" }, { "ci=in.(HELLO,World)", "1 2" }, { "ci=like.h*", "1" },
        { "status=eq.lead", "2" }, { "status=in.(lead,active)", "1 2" }, { "status=like.l*", "2" }, { "status=gt.lead", "1" }, { "status=neq.lead", "1" },
        { "code=eq.59000", "1" }, { "code=like.75*", "2" }, { "uid=eq.00000000-0000-4000-8000-000000000002", "2" },
        { "uid=in.(00000000-0000-4000-8000-000000000001,00000000000040008000000000000002)", "1 2" },
        { "day=eq.2024-01-15", "1" }, { "day=lt.0001-01-01", "2" }, { "day=gte.2024-01-15", "1" }, { "tm=eq.09:30", "1" }, { "tm=eq.24:00", "2" }, { "tm=gt.10:00:00.5", "2" },
        { "ts=eq.2024-01-15T09:30:00", "1" }, { "ts=eq.infinity", "2" }, { "tsz=eq.2024-01-15T08:30:00Z", "1" }, { "tsz=eq.2024-01-15T09:30:00+01:00", "1" }, { "tsz=eq.2024-01-15 08:30", "1" },
        { "tsz=lt.2000-01-01", "2" }, { "span=gt.1 day", "1" }, { "span=eq.-1 month", "2" }, { "bytes=eq.\\x00ff", "1" }, { "bytes=eq.", "2" },
        { "jb=eq.\"text\"", "2" }, { "jb=eq.{\"list\": [1, \"two\"], \"k\":1}", "1" }, { "ints=eq.{1,2,NULL}", "1" }, { "texts=eq.{a,\"b c\"}", "1" }, { "texts=eq.{}", "2" },
        { "ip=eq.192.168.1.10/24", "1" }, { "net=eq.10.0.0.0/8", "1" }, { "mac=eq.08:00:2b:01:02:04", "2" }, { "dims=eq.(3,it's)", "1" },
        { "i4r=eq.[1,4]", "1" }, { "i4r=eq.empty", "2" }, { "timez=eq.09:30:00+01", "1" }, { "cash=eq.12.34", "1" }, { "bits=eq.101", "1" }, { "multi=eq.{[1,3),[5,7)}", "1" },
        { "i4=in.()", "" }, { "i4=not.in.(10)", "2" }, { "txt=in.(\"Un chien blanc\",x)", "2" }, { "day=in.(2024-01-15)", "1" }, { "f8=in.(2.5,Infinity)", "1 2" }, { "flag=in.(true,f)", "1 2" },
        { "i4=eq(any).{10,20}", "1 2" }, { "i4=gt(all).{5,15}", "2" }, { "i4=gte(any).{20,100}", "2" }, { "i4=lt(all).{15,100}", "1" }, { "i4=lte(any).{}", "" }, { "i4=eq(all).{}", "1 2 3" },
        { "i4=not.eq(any).{10}", "2" }, { "status=eq(any).{lead}", "2" }, { "status=like(any).{ac*,x}", "1" }, { "tsz=gt(any).{2000-01-01,2030-01-01}", "1" },
    };

    public static TheoryData<string, string> Patterns => new()
    {
        { "body=like.le*", "1 2" }, { "body=like.*chat*", "1 2" }, { "body=not.like.*chat*", "3 4" }, { "body=ilike.*CHAT*", "1 2" }, { "body=like.*CHAT*", "" },
        { "body=match.^les? chat", "1 2" }, { "body=imatch.^LES", "2" }, { "body=not.match.chat", "3 4" },
        { "body=like(any).{le*,un*}", "1 2 3" }, { "body=like(all).{*chat*,*noir*}", "2" }, { "body=ilike(any).{LES*,\"a_B*\"}", "2 4" },
        { "body=match(any).{^un,noirs$}", "2 3" }, { "body=imatch(all).{CHAT,NOIR}", "2" }, { "body=not.like(any).{le*,un*}", "4" },
        { "body=like.a\\_b*", "4" }, { "body=like.*50\\%25*", "4" }, { "body=like.*\"q\"", "4" }, { "body=like.*\\\\*", "4" }, { "body=eq.a_b 50%25 \\ * \"q\"", "4" },
        { "value=eq.", "" }, { "value=is.null", "3" }, { "value=neq.x", "1 4" }, { "value=isdistinct.x", "1 3 4" }, { "value=in.(12,\"x\")", "1 2" },
        { "q=CHAT", "1 2" }, { "q=chats noir", "2" }, { "q=50%25", "4" }, { "q=a_b", "4" }, { "q=\\", "4" }, { "q= ", "1 2 3 4" }, { "q=12", "1" },
    };

    public static TheoryData<string, string> Sets => new()
    {
        { "ints=cs.{1,2}", "1" }, { "ints=cs.{}", "1 2" }, { "ints=cd.{1,2,3}", "2" }, { "ints=ov.{2,9}", "1" }, { "texts=cs.{\"b c\"}", "1" }, { "texts=ov.{z,a}", "1" }, { "texts=cd.{a,\"b c\",d}", "1 2" },
        { "nums=cs.{1.5}", "1" }, { "days=ov.{2024-01-01}", "1" }, { "uids=cs.{00000000-0000-4000-8000-000000000001}", "1" }, { "statuses=cs.{active}", "1" }, { "flags=cs.{f}", "1" },
        { "jb=cs.{\"k\":1}", "1" }, { "jb=cd.{\"k\":1,\"list\":[1,\"two\",3],\"z\":0}", "1" }, { "jb=cs.\"text\"", "2" },
        { "i4r=cs.[2,3]", "1" }, { "i4r=cd.[0,10]", "1 2" }, { "i4r=ov.[4,9)", "1" }, { "i4r=sl.[5,9)", "1" }, { "i4r=sr.[-3,0]", "1" }, { "i4r=nxr.[2,5)", "1" }, { "i4r=nxl.[1,3)", "1" }, { "i4r=adj.[5,6)", "1" },
        { "numr=cs.[2,2.2]", "1 2" }, { "numr=sl.[3,4]", "1" }, { "dayr=ov.[2024-01-31,2024-02-02)", "1 2" }, { "dayr=sr.[2020-01-01,2023-12-31]", "1 2" }, { "dayr=adj.[2024-02-01,2024-03-01)", "1" },
        { "tszr=ov.[2024-01-31T00:00:00Z,2024-03-01T00:00:00Z)", "1 2" }, { "tszr=not.ov.[2025-01-01,2026-01-01)", "1" }, { "multi=cs.{[5,6)}", "1" }, { "multi=ov.{[2,4)}", "1" },
        { "words=fts.chat", "1" }, { "words=fts(french).chats", "1" }, { "words=plfts(french).un chien blanc", "2" }, { "words=not.fts(french).chat", "2" },
        { "txt=fts(french).chats", "1" }, { "txt=fts(french).chat %26 noirs", "1" }, { "txt=fts(french).chat | chiens", "1 2" }, { "txt=plfts(french).le chat dort", "1" }, { "txt=phfts(french).chat noir", "1" }, { "txt=phfts(french).noir chat", "" },
        { "txt=wfts(french).chien -noir", "2" }, { "txt=wfts(french).\"chat noir\"", "1" }, { "txt=fts(\"simple\").chat", "1" }, { "jb=fts(simple).two", "1" }, { "js=fts(simple).nothing", "" },
    };

    public static TheoryData<string, string> Groups => new()
    {
        { "or=(i4.eq.10,i4.eq.20)", "1 2" }, { "or=(i4.eq.10,flag.is.null)", "1 3" }, { "and=(i4.gt.5,i4.lt.15)", "1" }, { "not.or=(i4.eq.10,i4.is.null)", "2" }, { "not.and=(i4.gte.10,flag.is.true)", "2 3" },
        { "or=(i4.eq.99,and(i2.eq.1,or(txt.like.Le*,txt.eq.x)))", "1" }, { "or=(not.and(i4.eq.10,flag.is.true),i4.is.null)", "2 3" }, { "or=(i4.not.eq.10,i4.not.in.(20))", "1 2" },
        { "or=( i4.eq.10 , txt.eq.\"Un chien blanc\" )", "1 2" }, { "or=(ints.cs.{1,2},i4r.cs.[2,3],jb.cs.{\"k\":1})", "1" }, { "or=(status.in.(lead,\"active\"),i4.eq.1)", "1 2" }, { "or=(txt.like(any).{Le*,\"Un*\"})", "1 2" },
        { "or=(txt.fts(french).chat,words.fts(french).chien)", "1 2" }, { "or=(jb->>k.eq.1,jb->list->>1.eq.two)", "1" }, { "or=(i4.eq.10,i4.eq.20)&or=(i2.eq.1,i2.eq.7)", "1" }, { "and=(or(i4.eq.10,i4.eq.20),not.or(i2.eq.1))", "2" },
        { "i4=eq.10&i4=gt.5&i4=neq.20", "1" }, { "not.and=(not.or(i4.eq.10))", "1" },
    };

    public static TheoryData<string, string> JsonPaths => new()
    {
        { "jb->k=eq.1", "1" }, { "jb->>k=eq.1", "1" }, { "jb->list->0=eq.1", "1" }, { "jb->list->>1=eq.two", "1" }, { "jb->list->>-1=like.t*", "1" }, { "jb->list=cs.[1]", "1" }, { "jb->k=gt.0", "1" },
        { "js->k=eq.1", "1" }, { "js->>k=in.(1,2)", "1" }, { "jb->>none=is.null", "1 2 3" }, { "jb->k=not.is.null", "1" }, { "jb->>k=eq(any).{1,2}", "1" }, { "jb->k=in.(1,2)", "1" },
        { "dims->width=eq.3", "1" }, { "dims->>it's=eq.it's", "1" }, { "ints->0=eq.1", "1" }, { "texts->>-1=eq.b c", "1" }, { "jb->>k=isdistinct.1", "2 3" },
    };

    [Theory]
    [MemberData(nameof(Comparisons))]
    [MemberData(nameof(Sets))]
    [MemberData(nameof(Groups))]
    [MemberData(nameof(JsonPaths))]
    public Task A_condition_finds_its_records(string conditions, string ids) => FindsIds("types", conditions, ids);

    [Theory]
    [MemberData(nameof(Patterns))]
    public Task A_pattern_finds_its_records(string conditions, string ids) => FindsIds("texts", conditions, ids);

    private async Task FindsIds(string table, string conditions, string ids)
    {
        var answer = await server.Expect(200, Call.Get($"/api/{table}?select=id&order=id&{conditions}"));
        Assert.Equal(ids, string.Join(' ', answer.Data!.AsArray().Select(record => (int)record!["id"]!)));
    }
}
