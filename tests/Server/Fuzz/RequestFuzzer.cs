using System.Text;

namespace Socle.Tests.Server.Fuzz;

internal sealed record FuzzRequest(string Method, string Target, byte[]? Body, List<(string Name, string Value)> Headers)
{
    public override string ToString() =>
        $"{Method} {Target}\n{string.Join('\n', Headers.Select(header => $"{header.Name}: {header.Value}"))}\n{(Body is null ? "" : Encoding.UTF8.GetString(Body))}";
}

/// <summary>One request from a seed. Only the sandbox is written; elsewhere a write is either broken or meets no record.</summary>
internal sealed class RequestFuzzer
{
    private readonly Vocabulary _vocabulary;
    private readonly Random _random;
    private readonly int _noise;
    private readonly QueryFuzzer _queries;
    private readonly BodyFuzzer _bodies;

    public RequestFuzzer(Vocabulary vocabulary, int seed)
    {
        _vocabulary = vocabulary;
        _random = new Random(seed);
        // Some requests are all right, some have a fault, some are nonsense.
        _noise = _random.One([0, 0, 3, 30]);
        _queries = new QueryFuzzer(vocabulary, _random, _noise);
        _bodies = new BodyFuzzer(_queries, _random, _noise);
    }

    public FuzzRequest Next() => _random.Next(10) switch
    {
        0 or 1 or 2 => WriteSandbox(),
        3 => WriteNothing(),
        4 => Mutated(),
        _ => Read(),
    };

    private FuzzRequest Read()
    {
        var table = _random.One(_vocabulary.Tables);
        var method = !_queries.IsWrong ? "GET" : _random.One(["HEAD", "OPTIONS", "TRACE", "FOO", "get", "PROPFIND"]);
        return new(method, Target(table.Name, Id(table), _queries.Parameters(table)), null, Headers());
    }

    private FuzzRequest WriteSandbox()
    {
        var table = _vocabulary.Sandbox;
        var method = _random.One(["POST", "POST", "POST", "PATCH", "PUT", "DELETE"]);
        var id = method == "PUT" || (method != "POST" && _random.Chance(50)) ? _queries.IsWrong ? _random.Text() : Guid.NewGuid().ToString() : null;
        var parameters = _queries.Parameters(table);
        if (id is null && method is "PATCH" or "DELETE" && !_queries.IsWrong)
            parameters.Add($"small=gt.{_random.Next(-30_000, 60_000)}");
        return new(method, Target("sandbox", id, parameters), method == "DELETE" ? null : _bodies.Body(table, isMany: method == "POST"), Headers());
    }

    /// <summary>A write elsewhere: a change of records that are not there, or a creation from no JSON.</summary>
    private FuzzRequest WriteNothing()
    {
        var table = _random.One(_vocabulary.Tables.Where(candidate => candidate.Columns.Length > 0).ToList());
        if (_random.Chance(20))
            return new("POST", Target(table.Name, null, _queries.Parameters(table)), Encoding.UTF8.GetBytes(_random.One(["{", "[{}", "\"\"", "{\"a\":}", "[1]", "nul"])), Headers());
        var method = _random.One(["PATCH", "DELETE"]);
        var target = Target(table.Name, null, _queries.Parameters(table));
        return new(method, $"{target}{(target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{GarbageEncoding.Encode(table.Columns[0].Name)}={table.Nothing}", method == "DELETE" ? null : _bodies.Body(table, isMany: false), Headers());
    }

    /// <summary>A request that works, with a few of its address's characters changed.</summary>
    private FuzzRequest Mutated()
    {
        var target = new StringBuilder(_random.One([
            "/api/clients?select=id,lastName,orders(id,order_lines(products(name)))&status=eq.active&orders.order=id.desc&limit=5",
            "/api/orders?select=status,amount.sum(),...clients(lastName)&or=(amount.gt.5,status.eq.paid)&order=status",
            "/api/types?select=id,jb->list->>0&i4=in.(10,20)&tsz=gte.2024-01-01&texts=cs.{a,%22b%20c%22}&txt=fts(french).chat",
            "/api/order_lines/1,2?select=*", "/clients/00000000-0000-4000-8000-000000000001?select=*,companies(name)",
            "/api/we%22ird?select=%22it's%22,%22a.b%22&%22select%22=eq.sel", "/api/%C3%9Cn%C3%AF%20t%C3%A4ble/%C3%A9%2F%C3%A0,%22x%22",
            "/api/products?select=name,categories!product_categories!inner(label)&categories.label=like.B*&count=exact&q=cire",
        ]));
        for (var i = _random.Next(1, 5); i > 0; i--)
        {
            var at = _random.Next(1, target.Length);
            var sign = _random.One(["(", ")", ",", ".", ":", "!", "*", "%22", "%27", "%5C", "-%3E", "=", "&", "%00", "%FF", "{", "0", "Z", "%F0%9F%98%80", "/", "..", ";", "~", "+"]);
            if (_random.Chance(30))
                target.Remove(at, Math.Min(_random.Next(1, 6), target.Length - at));
            else
                target.Insert(at, sign);
        }

        return new("GET", target.ToString(), null, Headers());
    }

    private string? Id(FuzzTable table) =>
        _random.Chance(90) ? null : !_queries.IsWrong ? table.Columns is [{ Type: "uuid" }, ..] ? "00000000-0000-4000-8000-000000000001" : _random.One(["1", "2", "1,1", "x,y"]) : _random.Text();

    private string Target(string table, string? id, List<string> parameters)
    {
        var name = !_queries.IsWrong || table == "sandbox" ? table : _random.Text();
        var path = $"{(_random.Chance(70) ? "/api" : "")}/{GarbageEncoding.Encode(name)}{(id is null ? "" : $"/{GarbageEncoding.Encode(id)}")}{(_random.Chance(10) ? "/" : "")}";
        return parameters.Count == 0 ? path : $"{path}?{_queries.Join(parameters)}";
    }

    private List<(string, string)> Headers()
    {
        var headers = new List<(string, string)>();
        Add("Accept", 25, ["*/*", "application/json", "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv, application/json;q=0.5", "application/xml", "text/html", "application/json;q=0", "a/b;q=x", ",,,", "application/vnd.pgrst.object+json"]);
        Add("Prefer", 30, ["count=exact", "count=planned, resolution=merge-duplicates", "resolution=merge-duplicates", "resolution=ignore-duplicates", "return=minimal", "count=", "=;,", "handling=strict", "max-affected=-1"]);
        Add("Range", 10, ["0-5", "items=1-", "bytes=0-1", "5-1", "x", "-", "0-99999999999999999999", "9223372036854775807-"]);
        Add("Accept-Language", 20, ["fr", "en", "fr-CA;q=0.1, en;q=0.2", "*", "fr;q=nope", "", "de"]);
        Add("Content-Type", 15, ["application/json; charset=utf-8", "application/vnd.api+json", "application/json", "application/json; charset=utf-16", "text/csv", "nonsense", "", "application/json;"]);
        Add("X-Request-Id", 15, ["abc", "a b", "<x>", new string('x', 100), "é", "../.."]);
        Add("If-None-Match", 5, ["*", "\"x\"", "W/\"x\""]);
        Add("If-Match", 5, ["*", "\"x\"", "x"]);
        return headers;

        void Add(string name, int percent, string[] values)
        {
            // The first values of each are right.
            if (_random.Chance(percent))
                headers.Add((name, _noise == 0 ? _random.One(values[..3]) : _queries.IsWrong ? _random.Text() : _random.One(values)));
        }
    }
}
