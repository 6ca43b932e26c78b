using Socle.Access;
using Socle.Kernel;

namespace Socle.Tests.Access;

public sealed class SecretKeyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("socle-secret-");

    private string Data => Path.Combine(_folder.FullName, "data");

    private string KeyFile => Path.Combine(Data, "secret-key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("changeme", "a placeholder")]
    [InlineData("CHANGE_ME_STRONG_PASSWORD", "a placeholder")]
    [InlineData("please-change-me-please-change-me-please", "a placeholder")]
    [InlineData("your-super-secret-key-here", "a placeholder")]
    [InlineData("your-own-long-and-random-text-goes-in-here", "a placeholder")]
    [InlineData("votre_cle_longue_et_aleatoire_de_64_caracteres", "a placeholder")]
    [InlineData("votre_secret_key_long_et_aleatoire", "a placeholder")]
    [InlineData("<put a long random text into this place>", "a placeholder")]
    [InlineData("secret", "a placeholder")]
    [InlineData("django-insecure-8v$k2!t1f#w0x)r7p^m3n&b5c*z6q@j9", "a placeholder")]
    [InlineData("super-secret-jwt-token-with-at-least-32-characters-long", "a placeholder")]
    [InlineData("$(openssl rand -base64 48)", "a command or a variable")]
    [InlineData("$(python3 -c \"import secrets; print(secrets.token_urlsafe(50))\")", "a command or a variable")]
    [InlineData("$(uuidgen-or-whatever-else-is-installed-here)", "a command or a variable")]
    [InlineData("$(cat</run/secrets/socle_secret_key_file)", "a command or a variable")]
    [InlineData("'${SECRET_KEY}'", "a command or a variable")]
    [InlineData("${SECRET_KEY:-something_else_that_is_quite_long}", "a command or a variable")]
    [InlineData("{{ some_vault_key_that_was_to_be_filled_in }}", "a command or a variable")]
    [InlineData("$SOME_VARIABLE_THAT_WAS_TO_BE_FILLED_IN", "a command or a variable")]
    [InlineData("09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7", "a public documentation")]
    [InlineData("", "shorter than 32 bytes")]
    [InlineData("q8Zr2LkP0vTn5XwYb7Hd3JfGs9McA1E", "shorter than 32 bytes")]
    [InlineData("0000000000000000000000000000000000000000", "repeats itself")]
    [InlineData("0123456789abcdef0123456789abcdef", "repeats itself")]
    [InlineData("abababababbbbaaaabbabababbabbabababbab", "repeats itself")]
    public void What_is_no_secret_is_refused_with_the_reason(string setting, string reason)
    {
        var opened = SecretKey.Open(setting, Data);

        var fault = Assert.Single(opened.Faults);
        Assert.Equal((FaultCode.InvalidConfiguration, "SECRET_KEY"), (fault.Code, fault.Field));
        Assert.Contains(reason, fault.Message.English, StringComparison.Ordinal);
        Assert.StartsWith("SECRET_KEY ", fault.Message.French, StringComparison.Ordinal);
        Assert.True(setting.Length == 0 || !fault.Message.English.Contains(setting, StringComparison.Ordinal), "The message shows the setting.");
        Assert.False(Directory.Exists(Data), "A refusal made the data folder.");
    }

    [Fact]
    public void Random_texts_are_secrets()
    {
        // A random text may be anything: always the same ones.
        var random = new Random(62);
        string[] alphabets = ["0123456789abcdef", "abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];
        var refused = from alphabet in alphabets
                      from i in Enumerable.Range(0, 3000)
                      let key = new string(random.GetItems<char>(alphabet, 32 + (i % 40)))
                      where SecretKey.Refuse(key) is not null
                      select key;
        Assert.Empty(refused);
        Assert.Null(SecretKey.Refuse("$(6l7t#v-3rrpt$xvaid$!1&__k&z9#g-du3!uip-qxf1x1z0)"));
    }

    [Fact]
    public void The_same_setting_gives_the_same_keys_and_another_one_others()
    {
        var one = SecretKey.Open("q8Zr2LkP0vTn5XwYb7Hd3JfGs9McA1Eu", Data).Value;
        var same = SecretKey.Open("q8Zr2LkP0vTn5XwYb7Hd3JfGs9McA1Eu", "/nowhere").Value;
        var other = SecretKey.Open("q8Zr2LkP0vTn5XwYb7Hd3JfGs9McA1Ev", Data).Value;

        Assert.Equal(one.Derive("tokens", 32), same.Derive("tokens", 32));
        Assert.NotEqual(one.Derive("tokens", 32), one.Derive("cookies", 32));
        Assert.NotEqual(one.Derive("tokens", 32), other.Derive("tokens", 32));
        Assert.Equal(100, one.Derive("tokens", 100).Length);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public void Without_a_setting_one_is_made_that_only_its_owner_reads_and_that_stays()
    {
        var first = SecretKey.Open(null, Data).Value.Derive("tokens", 32);

        Assert.Equal([KeyFile], Directory.GetFileSystemEntries(Data));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.True(Convert.FromBase64String(File.ReadAllText(KeyFile).Trim()).Length >= 32);

        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Equal(first, SecretKey.Open(null, Data).Value.Derive("tokens", 32));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal(first, SecretKey.Open(File.ReadAllText(KeyFile).Trim(), "/nowhere").Value.Derive("tokens", 32));
    }

    [Fact]
    public void Servers_that_start_at_once_take_the_same()
    {
        for (var round = 0; round < 20; round++)
        {
            var keys = new byte[8][];
            Parallel.For(0, keys.Length, i => keys[i] = SecretKey.Open(null, Data).Value.Derive("tokens", 32));
            Assert.All(keys, key => Assert.Equal(keys[0], key));
            Assert.Equal([KeyFile], Directory.GetFileSystemEntries(Data));
            File.Delete(KeyFile);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("changeme\n")]
    [InlineData("AAAA")]
    public void A_damaged_file_is_refused_and_kept(string content)
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(KeyFile, content);

        var fault = Assert.Single(SecretKey.Open(null, Data).Faults);

        Assert.Contains(KeyFile, fault.Message.English, StringComparison.Ordinal);
        Assert.Contains("sauvegarde", fault.Message.French, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(KeyFile));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_a_fault()
    {
        File.WriteAllText(Data, "a file where the folder should be");
        Assert.Equal("DATA_DIR", Assert.Single(SecretKey.Open(null, Data).Faults).Field);
    }
}
