using System.Net;
using System.Text.Json.Nodes;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Cochin;

/// <summary>People keep the password that they had in Cochin, and their role.</summary>
public sealed class CochinAccountTests
{
    [Fact]
    public async Task People_sign_in_with_the_password_that_they_had()
    {
        using var file = await CochinFile.Generate(10);
        Assert.Equal(3, (await file.Import()).ExitCode);
        var people = file.Report["people"]!.AsArray().ToDictionary(person => (string)person!["username"]!);
        await using var server = await RunningServer.Start("cochin", dataFolder: file.Data);

        foreach (var (username, password) in file.Truth["passwords"]!.AsObject())
        {
            var answer = await server.Http.Post("/api/auth/login", new JsonObject { ["username"] = username, ["password"] = (string)password! });
            var isActive = username != "loïc.martin" && username != "maëlle.martin";
            var mayEnter = (bool)people[username]!["hasPassword"]! && isActive;
            Assert.True(answer.Status == (mayEnter ? HttpStatusCode.OK : HttpStatusCode.Unauthorized), $"{username}: {(int)answer.Status} {answer.Text}");
        }

        Assert.Equal(["admin", "admin", "manager"], new[] { "patronne", "admin", "chef" }.Select(name => (string)people[name]!["role"]!));
        Assert.Equal("member", (string)people["zoé.martin"]!["role"]!);
        Assert.False((bool)people["admin"]!["hasPassword"]!);
        Assert.Contains("socle user passwd", (string)people["admin"]!["problem"]!["en"]!, StringComparison.Ordinal);
        Assert.Null((string?)people["nom+sans+adresse"]!["role"]);
        Assert.Contains("socle user passwd", (string)people["argon"]!["problem"]!["en"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_former_password_may_not_be_chosen_again_and_an_old_one_has_expired()
    {
        using var file = await CochinFile.Generate(10);
        await file.Sqlite("UPDATE authentication_user SET password_changed_at = '2020-01-01 00:00:00' WHERE username = 'patronne'");
        Assert.Equal(3, (await file.Import()).ExitCode);
        await using var server = await RunningServer.Start("cochin", dataFolder: file.Data);

        var passwords = file.Truth["passwords"]!;
        JsonObject Change(string username, string password, string chosen) => new() { ["username"] = username, ["password"] = password, ["newPassword"] = chosen };
        var expired = await server.Http.Post("/api/auth/login", new JsonObject { ["username"] = "patronne", ["password"] = (string)passwords["patronne"]! });
        var again = await server.Http.Post("/api/auth/password", Change("jérôme.martin", (string)passwords["jérôme.martin"]!, "Kayak-turquoise-10-grenouille"));

        Assert.Contains("password_expired", expired.Text, StringComparison.Ordinal);
        Assert.Contains("weak_password", again.Text, StringComparison.Ordinal);
        Assert.Contains("used before", again.Text, StringComparison.Ordinal);
    }
}
