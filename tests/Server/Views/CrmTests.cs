using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Views;

/// <summary>Who sees and does what in the blueprint crm: a commercial the clients assigned to them and what hangs on those, and nobody a token.</summary>
[Collection(nameof(CrmServer))]
public sealed class CrmTests(CrmServer crm)
{
    [Theory]
    [InlineData("clients", 2, 8)]
    [InlineData("contracts", 2, 8)]
    [InlineData("payments", 2, 7)]
    [InlineData("documents", 1, 2)]
    [InlineData("client_notes", 2, 3)]
    public async Task A_commercial_sees_what_hangs_on_their_clients(string table, int carls, int all)
    {
        Assert.Equal(carls, (await crm.Get("carl", $"/api/{table}")).AsArray().Count);
        Assert.Empty((await crm.Get("cora", $"/api/{table}")).AsArray());
        Assert.Equal(all, (await crm.Get("mara", $"/api/{table}")).AsArray().Count);
    }

    [Fact]
    public async Task A_commercial_makes_clients_of_their_own_and_gives_none_away()
    {
        var (carl, cora) = (await Id("carl"), await Id("cora"));
        Assert.Equal(403, (await crm.Send("carl", "POST", "/api/clients", $$"""{"companyName":"À une autre","assignedTo":"{{cora}}"}""")).Status);
        var made = (await crm.Expect(201, "carl", "POST", "/api/clients", $$"""{"companyName":"À moi","assignedTo":"{{carl}}"}"""))["data"]!["id"]!;
        Assert.Equal(403, (await crm.Send("carl", "PATCH", $"/api/clients/{made}", $$"""{"assignedTo":"{{cora}}"}""")).Status);
        Assert.Equal(403, (await crm.Send("carl", "DELETE", $"/api/clients/{made}")).Status);
        await crm.Expect(200, "carl", "PATCH", $"/api/clients/{made}", """{"status":"active"}""");

        // A contract and a document that hangs on the contract alone are theirs too.
        var contract = (await crm.Expect(201, "carl", "POST", "/api/contracts", $$"""{"contractNumber":"CT-T-1","clientId":"{{made}}","amount":10}"""))["data"]!["id"]!;
        await crm.Expect(201, "carl", "POST", "/api/documents", $$"""{"fileName":"devis.pdf","contractId":"{{contract}}"}""");
        Assert.Equal(403, (await crm.Send("carl", "POST", "/api/documents", """{"fileName":"x.pdf","clientId":"c2000000-0000-4000-8000-000000000003"}""")).Status);
        Assert.Equal(403, (await crm.Send("carl", "POST", "/api/payments", $$"""{"contractId":"{{contract}}","clientId":"{{made}}","amount":1}""")).Status);

        // Notes are written in one's own name.
        Assert.Equal(403, (await crm.Send("carl", "POST", "/api/client_notes", $$"""{"clientId":"{{made}}","userId":"{{cora}}","content":"x"}""")).Status);
        await crm.Expect(201, "carl", "POST", "/api/client_notes", $$"""{"clientId":"{{made}}","userId":"{{carl}}","content":"x"}""");
        await crm.Execute($"DELETE FROM documents WHERE contract_id = '{contract}'; DELETE FROM contracts WHERE id = '{contract}'; DELETE FROM clients WHERE id = '{made}'");
    }

    [Fact]
    public async Task The_file_of_a_document_is_seen_by_whoever_sees_the_document()
    {
        var file = (await crm.Expect(201, "carl", "POST", "/api/files?name=devis.txt", "Devis"))["data"]!["id"]!;
        var document = (await crm.Expect(201, "carl", "POST", "/api/documents", $$"""{"fileName":"devis.txt","file":"{{file}}","clientId":"c2000000-0000-4000-8000-000000000001"}"""))["data"]!["id"]!;

        Assert.Equal("Devis", (await crm.Send("carl", "GET", $"/api/files/{file}")).Text);
        Assert.Equal("Devis", (await crm.Send("mara", "GET", $"/api/files/{file}")).Text);
        Assert.Equal(404, (await crm.Send("cora", "GET", $"/api/files/{file}")).Status);
        var gallery = await crm.ViewId("carl", "documents", "gallery");
        Assert.Equal((string)file!, (string)Assert.Single((await crm.Get("carl", $"/api/views/{gallery}/records")).AsArray())!["file"]!);
        await crm.Execute($"DELETE FROM documents WHERE id = '{document}'");
    }

    [Fact]
    public async Task Tokens_are_kept_encrypted_and_told_to_nobody()
    {
        const string Token = "ya29.a0-very-secret-token";
        var carl = await Id("carl");
        var made = (await crm.Expect(201, "anna", "POST", "/api/oauth_email_accounts", $$"""{"userId":"{{carl}}","provider":"google","email":"carl@mail.example","accessToken":"{{Token}}"}"""))["data"]!;
        try
        {
            var kept = (string)made["accessToken"]!;
            Assert.StartsWith("sealed:", kept, StringComparison.Ordinal);
            await using (var command = crm.Database.CreateCommand("SELECT access_token FROM oauth_email_accounts"))
                Assert.Equal(kept, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));

            // A record may be sent back as it was read; another token is sealed anew.
            Assert.Equal(kept, (string)(await crm.Expect(200, "anna", "PUT", $"/api/oauth_email_accounts/{made["id"]}", made.ToJsonString()))["data"]!["accessToken"]!);
            var other = (string)(await crm.Expect(200, "anna", "PATCH", $"/api/oauth_email_accounts/{made["id"]}", $$"""{"accessToken":"{{Token}}"}"""))["data"]!["accessToken"]!;
            Assert.NotEqual(kept, other);

            foreach (var who in new[] { "carl", "mara" })
            {
                var seen = Assert.Single((await crm.Get(who, "/api/oauth_email_accounts")).AsArray())!.AsObject();
                Assert.DoesNotContain("accessToken", seen.Select(member => member.Key));
                Assert.Equal(400, (await crm.Send(who, "GET", "/api/oauth_email_accounts?access_token=not.is.null")).Status);
            }

            Assert.Equal(404, (await crm.Send("vera", "GET", "/api/oauth_email_accounts")).Status);
            Assert.Empty((await crm.Get("cora", "/api/oauth_email_accounts")).AsArray());
            var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => crm.Execute($"UPDATE oauth_email_accounts SET access_token = '{Token}'"));
            Assert.Equal("ck_oauth_email_accounts_access_token", refused.ConstraintName);
        }
        finally
        {
            await crm.Execute("DELETE FROM oauth_email_accounts");
        }
    }

    private async Task<string> Id(string name)
    {
        await using var command = crm.Database.CreateCommand($"SELECT id::text FROM socle_system.users WHERE name = '{name}'");
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
