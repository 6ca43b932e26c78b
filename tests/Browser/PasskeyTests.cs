using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Socle.Testing;

namespace Socle.Tests.Browser;

/// <summary>Passkeys as Chromium makes and shows them, with an authenticator of its own, on a page of the server.</summary>
public sealed class PasskeyTests(OpenedBrowser browser)
{
    private const string Password = "Un-cheval-vert 93 danse";

    /// <summary>What a page does, as docs/access.md shows it.</summary>
    private const string Script = """
        async ([what, address, headers, password, name]) => {
            const call = async (path, body) => {
                const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });
                return { status: answer.status, ...await answer.json() };
            };
            const asked = await call(`${address}/options`, what === "create" ? { password } : {});
            if (asked.status !== 200) return JSON.stringify(asked);
            const { state, publicKey } = asked.data;
            const credential = what === "create"
                ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
                : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
            return JSON.stringify(await call(address, what === "create" ? { state, name, credential: credential.toJSON() } : { state, credential: credential.toJSON() }));
        }
        """;

    [Fact]
    public async Task A_passkey_of_Chromium_is_added_and_opens_the_door()
    {
        await using var server = await RunningServer.Start(env: new Dictionary<string, string> { ["ANONYMOUS_ROLE"] = "" });
        var admin = await SignIn(server);
        // The page that there is asks nothing of the server, and its policy says so.
        await using var context = await browser.Chromium.NewContextAsync(new() { BypassCSP = true });
        var page = await context.NewPageAsync();
        await page.GotoAsync($"http://localhost:{server.Address.Port}/");
        var (devices, authenticator) = await AddAuthenticator(page);

        var added = await Run(page, "create", "/api/auth/passkeys", admin);
        Assert.Equal((201, "Téléphone"), ((int)added["status"]!, (string)added["data"]!["name"]!));
        // Chromium itself refuses to make a second one on the same device.
        await Assert.ThrowsAsync<PlaywrightException>(() => Run(page, "create", "/api/auth/passkeys", admin));

        for (var i = 0; i < 2; i++)
        {
            var signedIn = await Run(page, "get", "/api/auth/passkeys/login");
            Assert.Equal((200, "chef@exemple.fr"), ((int)signedIn["status"]!, (string)signedIn["data"]!["user"]!["email"]!));
        }

        // Nobody verified: Chromium does not even ask the server.
        await devices.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = authenticator, ["isUserVerified"] = false });
        await Assert.ThrowsAsync<PlaywrightException>(() => Run(page, "get", "/api/auth/passkeys/login"));

        // A passkey that the server no longer knows.
        await devices.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = authenticator, ["isUserVerified"] = true });
        var kept = await devices.SendAsync("WebAuthn.getCredentials", new() { ["authenticatorId"] = authenticator });
        Assert.Equal("localhost", Assert.Single(kept!.Value.GetProperty("credentials").EnumerateArray()).GetProperty("rpId").GetString());
        await server.Psql("-c", "DELETE FROM socle_system.passkeys");
        Assert.Equal(401, (int)(await Run(page, "get", "/api/auth/passkeys/login"))["status"]!);
    }

    private static async Task<(ICDPSession Devices, string Authenticator)> AddAuthenticator(IPage page)
    {
        var devices = await page.Context.NewCDPSessionAsync(page);
        await devices.SendAsync("WebAuthn.enable");
        var added = await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new { protocol = "ctap2", transport = "internal", hasResidentKey = true, hasUserVerification = true, isUserVerified = true, automaticPresenceSimulation = true },
        });
        return (devices, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    private static async Task<JsonNode> Run(IPage page, string what, string address, string? token = null)
    {
        var headers = token is null ? new Dictionary<string, string>() : new() { ["Authorization"] = $"Bearer {token}" };
        return JsonNode.Parse(await page.EvaluateAsync<string>(Script, new object[] { what, address, headers, Password, "Téléphone" }))!;
    }

    /// <summary>The access token of the first administrator.</summary>
    private static async Task<string> SignIn(RunningServer server)
    {
        Match link;
        while (!(link = Regex.Match(server.Terminal, @"/setup\?token=(?<token>\S+)\n")).Success)
            await Task.Delay(20);
        (await server.Http.PostAsJsonAsync("/api/auth/setup", new { token = link.Groups["token"].Value, email = "chef@exemple.fr", password = Password, name = "Chef" })).EnsureSuccessStatusCode();
        var answer = await server.Http.PostAsJsonAsync("/api/auth/login", new { email = "chef@exemple.fr", password = Password });
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["data"]!["accessToken"]!;
    }
}
