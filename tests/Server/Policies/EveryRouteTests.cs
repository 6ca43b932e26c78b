using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Socle.Testing;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Policies;

/// <summary>
/// Every route of the server is tried as nobody, as a viewer, as a member of other records and as an administrator: none tells or does
/// what that caller may not see or do. The table of routes is held against the server's own by the architecture's tests.
/// </summary>
public sealed class EveryRouteTests(TestServer postgres) : IAsyncLifetime
{
    /// <summary>Stands in a record that the member may not see; a viewer may.</summary>
    private const string Hidden = "SECRET-REGION";

    private const string HiddenId = "7";

    private readonly FirmServer _firm = new(postgres, signIns: 3);
    private readonly Dictionary<string, string> _parts = [];
    private HttpClient _nobody = new();

    public async ValueTask InitializeAsync()
    {
        await _firm.InitializeAsync();
        _nobody = new HttpClient { BaseAddress = _firm.Server.Address };
        await _firm.Execute($"""
            UPDATE firms SET region = '{Hidden}', owner = NULL WHERE id = {HiddenId};
            UPDATE firms SET owner = '{Member.Id}' WHERE id = 1;
            DELETE FROM notes WHERE id = 60;
            UPDATE socle_system.users SET role = 'admin' WHERE id = '{Admin.Id}';
            UPDATE socle_system.users SET role = 'member' WHERE id = '{Member.Id}';
            UPDATE socle_system.policies SET filter = 'owner=eq.{"{user.id}"}', condition = 'false' WHERE role = 'member' AND table_id = (SELECT id FROM socle_system.tables WHERE relation = 'firms'::regclass);
            DELETE FROM socle_system.policies WHERE role = 'member' AND table_id <> (SELECT id FROM socle_system.tables WHERE relation = 'firms'::regclass);
            INSERT INTO socle_system.api_keys (name, prefix, hash, role) VALUES ('k', 'abcdefgh', '\x00', 'viewer');
            """);
        await WaitUntilPoliciesHold();
        _parts["{table}"] = "firms";
        _parts["{field}"] = "region";
        _parts["{id}"] = HiddenId;
        _parts["{version}"] = await One("SELECT min(id) FROM socle_system.history");
        _parts["{entry}"] = await One("SELECT max(id) FROM socle_system.history WHERE operation = 'D'");
        _parts["{change}"] = await One("SELECT change_id FROM socle_system.history ORDER BY id LIMIT 1");
        _parts["{field}"] = "region";
        _parts["{*path}"] = "nothing/is/here";
    }

    public async ValueTask DisposeAsync()
    {
        _nobody.Dispose();
        await _firm.DisposeAsync();
    }

    private FirmUser Admin => _firm.People[0];

    private FirmUser Viewer => _firm.People[1];

    private FirmUser Member => _firm.People[2];

    [Fact]
    public async Task No_route_tells_or_does_what_the_caller_may_not()
    {
        var before = await Fingerprint();
        foreach (var route in RouteTable.All)
        {
            foreach (var method in route.Methods)
            {
                foreach (var address in Addresses(route))
                {
                    await AssertNobody(route, method, address);
                    // Their sessions are still needed.
                    if (route.Pattern == "/api/auth/logout")
                        continue;
                    await AssertViewer(route, method, address);
                    await AssertMember(route, method, address);
                }
            }
        }

        Assert.Equal(before, await Fingerprint());
        foreach (var route in RouteTable.All)
        {
            foreach (var method in route.Methods.Where(method => method is "GET" or "HEAD"))
            {
                foreach (var address in Addresses(route))
                    await AssertAdministrator(method, address);
            }
        }
    }

    private async Task AssertNobody(Route route, string method, string address)
    {
        var (status, text) = await Send(_nobody, method, address);
        var what = $"nobody: {method} {address}: {status} {text}";
        AssertTellsNothing(text, what);
        Assert.True(status < 500, what);
        if (route.Gate != "Everybody")
            Assert.True(status == 401, what);
    }

    private async Task AssertViewer(Route route, string method, string address)
    {
        var (status, text) = await Send(Viewer.Http, method, address);
        var what = $"viewer: {method} {address}: {status} {text}";
        Assert.True(status < 500, what);
        if (route.Gate is "Administrators" or "Undoers")
            Assert.True(status == 403, what);
        if (!IsReading(method) && !route.Pattern.StartsWith("/api/auth/", StringComparison.Ordinal))
            Assert.True(status >= 400, what);
    }

    private async Task AssertMember(Route route, string method, string address)
    {
        var (status, text) = await Send(Member.Http, method, address);
        var what = $"member: {method} {address}: {status} {text}";
        AssertTellsNothing(text, what);
        Assert.True(status < 500, what);
        if (route.Gate is "Administrators" or "Undoers")
            Assert.True(status == 403, what);
        if (address.Contains($"/{HiddenId}", StringComparison.Ordinal) && address.Contains("firms", StringComparison.Ordinal))
            Assert.True(status is 400 or 403 or 404 or 405, what);
    }

    private async Task AssertAdministrator(string method, string address)
    {
        var (status, text) = await Send(Admin.Http, method, address);
        Assert.True(status is not (401 or 403) && status < 500, $"admin: {method} {address}: {status} {text}");
    }

    private static void AssertTellsNothing(string text, string what)
    {
        foreach (var secret in new[] { Hidden, "p1@example.org", "pbkdf2", "socle_system" })
            Assert.False(text.Contains(secret, StringComparison.Ordinal), what);
    }

    private static bool IsReading(string method) => method is "GET" or "HEAD";

    private IEnumerable<string> Addresses(Route route)
    {
        if (route.Pattern.Contains("{id?}", StringComparison.Ordinal))
        {
            foreach (var table in FirmRules.Tables)
            {
                yield return route.Pattern.Replace("{table}", table, StringComparison.Ordinal).Replace("/{id?}", "", StringComparison.Ordinal);
                yield return route.Pattern.Replace("{table}", table, StringComparison.Ordinal).Replace("{id?}", HiddenId, StringComparison.Ordinal);
            }

            yield break;
        }

        var address = route.Pattern;
        foreach (var (part, value) in _parts)
            address = address.Replace(part, value, StringComparison.Ordinal);
        // Accounts, keys, roles and policies have ids of their own.
        yield return address.StartsWith("/api/users/", StringComparison.Ordinal) ? address.Replace($"/{HiddenId}", $"/{Admin.Id}", StringComparison.Ordinal)
            : address.StartsWith("/api/roles/", StringComparison.Ordinal) ? "/api/roles/manager"
            : address == "/api/events" ? "/api/events?table=firms"
            : address.StartsWith('/') ? address : "/" + address;
    }

    /// <summary>Streams are read only for a moment.</summary>
    private static async Task<(int Status, string Text)> Send(HttpClient http, string method, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (!IsReading(method))
            request.Content = new StringContent(address.EndsWith("/import", StringComparison.Ordinal) ? "id;region\n7;x\n" : """{"region":"x","size":1,"operations":[],"email":"p1@example.org","name":"x","role":"admin"}""", Encoding.UTF8, address.EndsWith("/import", StringComparison.Ordinal) ? "text/csv" : "application/json");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (answer.Content.Headers.ContentType?.MediaType != "text/event-stream")
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        return ((int)answer.StatusCode, "");
    }

    /// <summary>Everything that the callers might have changed.</summary>
    private async Task<string> Fingerprint() => string.Join('|', await Task.WhenAll(
        new[] { "firms", "jobs", "notes", "socle_system.roles", "socle_system.policies", "socle_system.api_keys", "socle_system.account_links", "socle_system.views", "socle_system.dashboards" }
            .Select(table => One($"SELECT coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM {table} t"))
            .Append(One("SELECT md5(string_agg(concat_ws(',', id, email, role, is_disabled, password_hash), ';' ORDER BY id)) FROM socle_system.users"))));

    private async Task<string> One(string sql) => (await _firm.Ids(sql))[0];

    private async Task WaitUntilPoliciesHold()
    {
        var clock = DateTime.UtcNow;
        while (true)
        {
            using var answer = await Member.Http.GetAsync(new Uri("/api/firms?select=id", UriKind.Relative));
            if (answer.IsSuccessStatusCode && JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["data"]!.AsArray() is { Count: > 0 and < 10 })
                return;
            Assert.True(DateTime.UtcNow - clock < TimeSpan.FromSeconds(10), "The policies do not hold.");
            await Task.Delay(50);
        }
    }
}
