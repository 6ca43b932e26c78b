namespace Socle.Tests.Server.Reading;

/// <summary>Columns, aliases, casts, json paths, order, pages, counts, and names that are hard to write.</summary>
[Collection(nameof(ReadingServer))]
public sealed class SelectTests(ReadingServer server)
{
    /// <summary>Addresses below /api/, and the data that they give.</summary>
    public static TheoryData<string, string> Columns => new()
    {
        { "types/1?select=id,name:txt,i4::text,num2::int,i8::text,day::text", """{"id":1,"name":"Le chat noir dort","i4":"10","num2":11,"i8":"9007199254740993","day":"2024-01-15"}""" },
        { "types/1?select=a:i4::numeric(10,2),b:ints::text[],c:tsz::date,d:vc::varchar(2),e:flag::int", """{"a":10,"b":["1","2",null],"c":"2024-01-15","d":"ab","e":1}""" },
        { "types/1?select=jb->k,a:jb->list->0,b:jb->list->>1,jb->list,last:jb->list->-1", """{"k":1,"a":1,"b":"two","list":[1,"two"],"last":"two"}""" },
        { "types/1?select=js->>k,w:dims->width,dims->>it's,first:ints->0,n:jb->k::int", """{"k":"1","w":3,"it's":"it's","first":1,"n":1}""" },
        { "clients/00000000-0000-4000-8000-000000000001?select=data->a->b->2->>c,data->n,b:data->a->b", """{"c":"x","n":5,"b":[1,2,{"c":"x"}]}""" },
        { "clients/00000000-0000-4000-8000-000000000004?select=data->it's,data->\"a\\\"b\",z:data->\"0\",data->\"x.y\"", """{"it's":1,"a\"b":2,"z":"zero","x.y":3}""" },
        { "clients?select=firstName,last_name,companyId&last_name=like.Martin&order=lastName", """[{"firstName":"Paul","lastName":"Martin","companyId":2}]""" },
        { "clients?select=first_name:lastName&company_id=eq.3", """[{"first_name":"O'Brien \"Bob\""}]""" },
        { "companies?select=id,*&id=eq.5", """[{"id":5,"name":"Seule","city":null,"parentCompanyId":null,"foundedOn":null}]""" },
        { "dimension_notes?select=noted,noted->>name", """[{"noted":{"id":5,"name":"Seule","city":null,"parent_company_id":null,"founded_on":null},"name":"Seule"}]""" },
        { "client_totals?order=client_id&limit=1", """[{"clientId":"00000000-0000-4000-8000-000000000001","orders":2,"total":120.50}]""" },
        { "active_clients?select=last_name", """[{"lastName":"Martin"}]""" },
        { "log_lines?order=level.desc,line&limit=2", """[{"line":"two","level":2},{"line":"two","level":2}]""" },
        { "fixture_is_loaded", "[]" },
    };

    public static TheoryData<string, string> Names => new()
    {
        { "we\"ird", """[{"id":1,"it's":"its","we\"ird":"weird","Ünï":"uni","select":"sel","with space":"space","a.b":"dot","a_b":"a_b","aB":"aB","xY":"x_y","x_Y":"x_Y","back\\slash":"back","semi;colon -- c":"semi","par(en)":"paren","order":"order","_private":"private","1st":"first","a12345678912345678912345678912345678912345678912345678912":"long"}]""" },
        { "we\"ird?select=\"it's\",\"we\\\"ird\",Ünï,\"a.b\",with space,\"back\\\\slash\",\"semi;colon -- c\",\"par(en)\",\"select\",order&\"order\"=eq.order&\"it's\"=eq.its&\"a.b\"=eq.dot&\"we\\\"ird\"=eq.weird&with space=like.s*&Ünï=eq.uni",
            """[{"it's":"its","we\"ird":"weird","Ünï":"uni","a.b":"dot","with space":"space","back\\slash":"back","semi;colon -- c":"semi","par(en)":"paren","select":"sel","order":"order"}]""" },
        { "we\"ird?select=aB,a_b&aB=eq.aB&a_b=eq.a_b", """[{"aB":"aB","a_b":"a_b"}]""" },
        { "we\"ird?select=x_Y,x_y&x_Y=eq.x_Y&x_y=eq.x_y", """[{"x_Y":"x_Y","xY":"x_y"}]""" },
        { "we\"ird?select=1st,_private&1st=eq.first&order=\"it's\".desc,\"order\",\"semi;colon -- c\"", """[{"1st":"first","_private":"private"}]""" },
        { "select?select=from,weirdId&from=eq.x", """[{"from":"x","weirdId":1}]""" },
        { "select?select=w:we\"ird(id)", "refused" },
        { "select?select=w:\"we\\\"ird\"(\"it's\")&w.\"it's\"=eq.its", """[{"w":{"it's":"its"}}]""" },
        { "select?select=\"fk it's\"(id),weird_id(_private)", """[{"fk it's":{"id":1},"weirdId":{"_private":"private"}}]""" },
        { "we\"ird?select=select!\"fk it's\"(from)&\"select\".from=eq.x", """[{"select":[{"from":"x"}]}]""" },
        { "Ünï täble?select=Größe&order=Größe", """[{"Größe":1},{"Größe":2},{"Größe":3},{"Größe":4}]""" },
        { "Ünï täble?clé=eq.é/à,\"x\"", """[{"clé":"é/à,\"x\"","Größe":1}]""" },
        { "Ünï täble/é%2Fà,\"x\"", """{"clé":"é/à,\"x\"","Größe":1}""" },
        { "Ünï täble/100%2525", """{"clé":"100%25","Größe":2}""" },
        { "Ünï täble/ a%2Bb ", """{"clé":" a+b ","Größe":4}""" },
        { "text_pairs/x,y?select=n", """{"n":1}""" },
        { "text_pairs/\"x,y\",z?select=n", """{"n":2}""" },
        { "crmContracts?select=id", "[]" },
        { "order_lines/1,2?select=lineNo,line_total", """{"lineNo":2,"lineTotal":12.00}""" },
    };

    public static TheoryData<string, string> Pages => new()
    {
        { "products?select=id&order=id.desc", """[{"id":3},{"id":2},{"id":1}]""" },
        { "products?select=id&order=price", """[{"id":3},{"id":1},{"id":2}]""" },
        { "companies?select=id&order=city.asc.nullsfirst,id.desc", """[{"id":5},{"id":4},{"id":2},{"id":3},{"id":1}]""" },
        { "companies?select=id&order=city.desc.nullslast,id", """[{"id":1},{"id":3},{"id":2},{"id":4},{"id":5}]""" },
        { "companies?select=id&order=foundedOn.desc&limit=2", """[{"id":3},{"id":5}]""" },
        { "clients?select=lastName&order=data->>n.desc.nullslast&limit=1", """[{"lastName":"Martin"}]""" },
        { "clients?select=lastName&order=data->n.desc.nullslast&limit=1", """[{"lastName":"Martin, née Durand"}]""" },
        { "products?select=id&order=id&limit=1&offset=1", """[{"id":2}]""" },
        { "products?select=id&order=id&offset=2", """[{"id":3}]""" },
        { "products?select=id&order=id&offset=99", "[]" },
        { "products?limit=0", "[]" },
        { "products/?select=id&order=id&offset=-5&limit=1", """[{"id":1}]""" },
    };

    public static TheoryData<string, string> Aggregates => new()
    {
        { "orders?select=count()", """[{"count":4}]""" },
        { "orders?select=count", """[{"count":4}]""" },
        { "orders?select=status,count(),amount.sum(),average:amount.avg()::int,amount.max(),low:amount.min()&order=status", """[{"status":"open","count":1,"sum":20.00,"average":20,"max":20.00,"low":20.00},{"status":"paid","count":2,"sum":110.49,"average":55,"max":100.50,"low":9.99},{"status":"void","count":1,"sum":null,"average":null,"max":null,"low":null}]""" },
        { "orders?select=amount.count(),days:placedOn.max(),n:id.sum()::text", """[{"count":3,"days":"2024-05-04","n":"10"}]""" },
        { "orders?select=amount::int.sum()&status=eq.paid", """[{"sum":111}]""" },
        { "clients?select=data->n::int.sum()", """[{"sum":15}]""" },
        { "companies?select=name,clients(count())&order=id", """[{"name":"Holding","clients":[{"count":0}]},{"name":"Lavage Nord","clients":[{"count":2}]},{"name":"Lavage Sud","clients":[{"count":1}]},{"name":"Atelier","clients":[{"count":0}]},{"name":"Seule","clients":[{"count":0}]}]""" },
        { "clients?select=lastName,orders(status,amount.sum())&orders.order=status&id=eq.00000000-0000-4000-8000-000000000001", """[{"lastName":"Martin","orders":[{"status":"open","sum":20.00},{"status":"paid","sum":100.50}]}]""" },
        { "orders?select=...clients(status),count()&order=clients(status)", """[{"status":"lead","count":1},{"status":"active","count":2},{"status":"lost","count":1}]""" },
        { "orders?select=status,...clients(first:firstName.max())&order=status", """[{"status":"open","first":"Paul"},{"status":"paid","first":"Élodie"},{"status":"void","first":null}]""" },
        { "orders?select=clients(status),count()&id=lt.3", """[{"clients":{"status":"active"},"count":2}]""" },
        { "orders?select=client_id,order_lines(quantity),count()&client_id=eq.00000000-0000-4000-8000-000000000002&order_lines.quantity=gt.0", """[{"clientId":"00000000-0000-4000-8000-000000000002","orderLines":[{"quantity":1}],"count":1}]""" },
    };

    [Theory]
    [MemberData(nameof(Columns))]
    [MemberData(nameof(Names))]
    [MemberData(nameof(Pages))]
    [MemberData(nameof(Aggregates))]
    public Task An_address_gives_its_data(string address, string data) =>
        data == "refused" ? server.Expect(400, Call.Get($"/api/{address}")) : server.Expect(200, Call.Get($"/api/{address}"), data);

    [Theory]
    [InlineData("products?select=id,name,price&order=id", "id,name,price\r\n1,Savon,2.50\r\n2,Cire,12.00\r\n3,Éponge,1.10\r\n")]
    [InlineData("clients?select=lastName,email,tags&order=last_name", "lastName,email,tags\r\n100% {sûr},,\"[\"\"a b\"\",\"\"c,d\"\",\"\"e\\\"\"f\"\"]\"\r\nMartin,Paul@Martin.fr,\"[\"\"vip\"\",\"\"nord\"\"]\"\r\n\"Martin, née Durand\",elodie@durand.fr,\"[\"\"nord\"\"]\"\r\n\"O'Brien \"\"Bob\"\"\",,[]\r\n")]
    [InlineData("orders?select=id,clients(lastName),order_lines(lineNo),...shipping_address_id(city)&id=lt.3&order=id&order_lines.order=line_no", "id,clients,orderLines,city\r\n1,\"{\"\"lastName\"\":\"\"Martin\"\"}\",\"[{\"\"lineNo\"\":1},{\"\"lineNo\"\":2}]\",Paris\r\n2,\"{\"\"lastName\"\":\"\"Martin\"\"}\",\"[{\"\"lineNo\"\":1}]\",Lille\r\n")]
    [InlineData("orders?select=id,...clients(...companies(c:name)),k:clients(id)&id=eq.99", "id,c,k\r\n")]
    public async Task A_list_is_answered_as_CSV(string address, string csv)
    {
        var answer = await server.Expect(200, Call.Get($"/api/{address}", "Accept: text/csv"));
        Assert.Equal(csv, answer.Text);
        Assert.Equal("text/csv; charset=utf-8", answer.Message.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("products?count=exact&limit=1", 3)]
    [InlineData("products?count=planned", 3)]
    [InlineData("products?count=estimated&limit=0", 3)]
    [InlineData("products?count=exact&price=gt.2", 2)]
    [InlineData("clients?count=exact&select=id,orders!inner(id)&orders.status=eq.paid&limit=1", 2)]
    [InlineData("clients?count=exact&select=id,companies!inner()&companies.city=eq.Lille", 2)]
    [InlineData("orders?count=exact&select=status,count()&limit=1", 3)]
    [InlineData("clients?count=exact&q=martin", 2)]
    [InlineData("client_totals?count=exact", 3)]
    public async Task A_total_is_counted_without_the_page(string address, int total)
    {
        var answer = await server.Expect(200, Call.Get($"/api/{address}"));
        Assert.Equal(total, (int)answer.Json["meta"]!["total"]!);
    }

    [Theory]
    [InlineData("Range: 0-0", "1", 1, 0)]
    [InlineData("Range: 1-", "2 3", 1000, 1)]
    [InlineData("Range: items=1-1", "2", 1, 1)]
    public async Task A_range_of_items_is_a_page(string range, string ids, int limit, int offset)
    {
        var answer = await server.Expect(200, Call.Get("/products?select=id&order=id", range, "Prefer: count=exact"));
        Assert.Equal(ids, string.Join(' ', answer.Data!.AsArray().Select(record => (int)record!["id"]!)));
        ScenarioServer.Same($$"""{"limit":{{limit}},"offset":{{offset}},"total":3}""", answer.Json["meta"], range);
    }
}
