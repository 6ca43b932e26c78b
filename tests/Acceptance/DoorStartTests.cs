using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>What a start makes of the settings that say who may come in, and of those that a blueprint gives.</summary>
public sealed class DoorStartTests
{
    private const string Words = "without signing in";

    [Fact]
    public async Task An_anonymous_role_that_does_not_exist_stops_the_start()
    {
        using var data = await DataFolder.WithWashgo();
        var ended = await SocleProgram.Run([("DATA_DIR", data.FolderPath), ("PORT", $"{RunningServer.FreePort()}"), ("ANONYMOUS_ROLE", "root"), ("LANG", "fr_FR.UTF-8")], "serve");
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("ANONYMOUS_ROLE vaut « root », qui n'est pas un rôle ici. Rôles : admin, manager, member, viewer.", ended.Errors, StringComparison.Ordinal);
        Assert.Equal("shut down", await data.ReadControlState());
    }

    [Theory]
    [InlineData("0.0.0.0", "viewer", true)]
    [InlineData("0.0.0.0", "", false)]
    [InlineData("127.0.0.1", "viewer", false)]
    public async Task A_server_that_lets_other_machines_in_without_signing_in_says_so(string host, string role, bool warns)
    {
        using var data = await DataFolder.WithWashgo();
        await using var server = await Serving.Start(data, env: [("HOST", host), ("ANONYMOUS_ROLE", role)]);
        await server.WaitUntilHealthy(TimeSpan.FromSeconds(5));
        await Polling.Until("the log says that it serves", TimeSpan.FromSeconds(5), () => Task.FromResult(server.Log.Contains("Serving", StringComparison.Ordinal)));
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(warns, server.Log.Contains(Words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "09:00")]
    [InlineData("America/New_York", "19:00")]
    public async Task A_blueprints_settings_hold_unless_the_environment_says_otherwise(string environment, string hour)
    {
        using var data = new DataFolder();
        var blueprint = $"{data.FolderPath}.yaml";
        await File.WriteAllTextAsync(blueprint, "blueprint: zoned\ntables: { moments: { fields: { at: date_time } } }\nsettings: { TIMEZONE: Asia/Tokyo }\n", TestContext.Current.CancellationToken);
        try
        {
            await using var server = await Serving.Start(data, blueprint, env: ("TIMEZONE", environment));
            await server.Ask("INSERT INTO moments (at) VALUES ('2026-01-02T00:00:00Z')");
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/moments.csv?select=at") { Headers = { { "Accept-Language", "fr" } } };
            using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Contains(hour, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(blueprint);
        }
    }
}
