using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary><c>socle doctor</c> finds planted mistakes, says what to do in the terminal's language, and changes nothing.</summary>
public sealed class DoctorCommandTests
{
    private static readonly (string, string) French = ("LANG", "fr_FR.UTF-8");

    [Fact]
    public async Task An_empty_folder_is_fine_and_stays_empty()
    {
        using var data = new DataFolder();
        Assert.Equal((0, "Nothing to mend.\n"), await Ask(data));
        Assert.False(Directory.Exists(data.FolderPath));
    }

    [Fact]
    public async Task What_would_stop_the_start_is_an_error()
    {
        using var data = new DataFolder();
        Assert.Equal(1, (await Ask(data, ("BLUEPRINT", "no-such-blueprint"))).ExitCode);

        var (exitCode, output) = await Ask(data, French, ("SECRET_KEY", "changeme"), ("PORT", "eighty"));
        Assert.Equal(1, exitCode);
        Assert.Contains("erreur : PORT vaut « eighty »", output, StringComparison.Ordinal);
        Assert.Contains("erreur : SECRET_KEY est un texte d'exemple laissé en place.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("changeme", output, StringComparison.Ordinal);

        (exitCode, output) = await Ask(data, ("DATABASE_URL", "postgresql://nobody:hidden@127.0.0.1:9/none"));
        Assert.Equal(1, exitCode);
        Assert.Contains("error: The database does not answer.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_door_that_is_open_to_the_network_is_warned_of()
    {
        using var data = new DataFolder();
        var (exitCode, output) = await Ask(data, ("HOST", "0.0.0.0"), ("ANONYMOUS_ROLE", "viewer"));
        Assert.Equal(0, exitCode);
        Assert.Contains("warning: Whoever reaches http://0.0.0.0:8000 acts as viewer without signing in", output, StringComparison.Ordinal);
        Assert.Contains("unencrypted", output, StringComparison.Ordinal);

        (_, output) = await Ask(data, French, ("HOST", "0.0.0.0"), ("ANONYMOUS_ROLE", "viewer"));
        Assert.Contains("avertissement : Quiconque atteint http://0.0.0.0:8000 agit comme viewer sans se connecter", output, StringComparison.Ordinal);
        Assert.Equal((0, "Nothing to mend.\n"), await Ask(data, ("HOST", "0.0.0.0"), ("PUBLIC_URL", "https://erp.example.com")));
        Assert.Equal((0, "Nothing to mend.\n"), await Ask(data, ("ANONYMOUS_ROLE", "viewer")));
    }

    [Fact]
    public async Task Secrets_that_others_can_read_are_warned_of()
    {
        using var data = new DataFolder();
        var key = Path.Combine(Directory.CreateDirectory(data.FolderPath).FullName, "secret-key");
        await File.WriteAllTextAsync(key, "only a text", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        // A folder that others may not enter keeps the file from them.
        Assert.Equal((0, "Nothing to mend.\n"), await Ask(data));
        await Programs.Read("chmod", "755", data.FolderPath, Path.GetDirectoryName(data.FolderPath)!);

        Assert.Contains($"chmod 600 {key}", (await Ask(data)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_an_administrator_with_a_broken_policy_or_without_the_anonymous_role_is_told()
    {
        using var data = await DataFolder.WithWashgo();
        await using (var server = await Serving.Start(data))
        {
            // Beside a running server.
            var (exitCode, output) = await Ask(data);
            Assert.Equal(0, exitCode);
            Assert.StartsWith("warning: There is no administrator.", output, StringComparison.Ordinal);
            Assert.Equal(0, (await server.Command("", "user", "add", "ana@example.org", "--role", "admin", "--invite")).ExitCode);
            await server.Ask("""
                INSERT INTO socle_system.policies (role, table_id, action, filter, condition)
                SELECT 'member', id, 'read', 'no_such_field=eq.1', 'false' FROM socle_system.tables WHERE relation = 'clients'::regclass
                ON CONFLICT (role, table_id, action) DO UPDATE SET filter = excluded.filter, condition = excluded.condition
                """);
        }

        // And without one.
        var (broken, text) = await Ask(data, ("ANONYMOUS_ROLE", "root"));
        Assert.Equal(1, broken);
        Assert.StartsWith("error: ANONYMOUS_ROLE is 'root', which is no role here.", text, StringComparison.Ordinal);
        Assert.Contains("warning: The policy of the role member to read clients does not hold as written: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("administrator", text, StringComparison.Ordinal);
        Assert.Equal("shut down", await data.ReadControlState());
    }

    private static async Task<(int ExitCode, string Output)> Ask(DataFolder data, params (string, string)[] settings)
    {
        var ended = await SocleProgram.Run(settings, "doctor", "--data", data.FolderPath);
        Assert.Equal("", ended.Errors);
        return (ended.ExitCode, ended.Output);
    }
}
