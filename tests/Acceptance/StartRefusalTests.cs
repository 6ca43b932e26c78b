using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>Settings that cannot be right end the program at once, with what to do in the language of the terminal.</summary>
public sealed class StartRefusalTests
{
    [Theory]
    [InlineData("CORS_ORIGINS", "https://app.example.com/", "fr_FR.UTF-8", "doit être une origine comme", "CORS_ORIGINS")]
    [InlineData("CORS_ORIGINS", "*,https://app.example.com", "C.UTF-8", "either * alone", "CORS_ORIGINS")]
    [InlineData("ALLOWED_HOSTS", "https://erp.example.com", "C.UTF-8", "must be a host name", "ALLOWED_HOSTS")]
    [InlineData("TRUSTED_PROXIES", "0.0.0.0/0", "fr_FR.UTF-8", "non le monde entier", "TRUSTED_PROXIES")]
    [InlineData("HOST", "here", "en_US.UTF-8", "must be an IP address", "here")]
    [InlineData("PORT", "abc", "fr_FR.UTF-8", "doit être un nombre entier de 0 à 65535", "abc")]
    [InlineData("PORT", "65536", "C.UTF-8", "must be a whole number from 0 to 65535", "65536")]
    [InlineData("BLUEPRINT", "washgoo", "fr_FR.UTF-8", "ni fichier de ce nom", "washgo.")]
    [InlineData("BLUEPRINT", "washgoo", "C.UTF-8", "There is no blueprint 'washgoo'", "washgo.")]
    [InlineData("DATABASE_URL", "mysql://root:secret@host/db", "fr_FR.UTF-8", "ne commence pas par postgresql://", "DATABASE_URL")]
    [InlineData("MAX_ROWS", "0", "C.UTF-8", "must be a whole number from 1", "MAX_ROWS")]
    [InlineData("SAMPLE_DATA", "perhaps", "fr_FR.UTF-8", "doit être true ou false", "SAMPLE_DATA")]
    [InlineData("SECRET_KEY", "changeme", "fr_FR.UTF-8", "est un texte d'exemple laissé en place", "openssl rand -base64 48")]
    [InlineData("SECRET_KEY", "$(python3 -c \"import os; print(os.urandom(50))\")", "en_US.UTF-8", "is a command or a variable that nobody filled in", "leave it out")]
    [InlineData("SECRET_KEY", "tooshort", "en_US.UTF-8", "is shorter than 32 bytes", "leave it out")]
    public async Task A_bad_setting_is_refused(string name, string value, string language, params string[] words)
    {
        using var data = new DataFolder();

        var ended = await SocleProgram.Run([("DATA_DIR", data.FolderPath), ("LANG", language), (name, value)], "serve");

        Assert.Equal(1, ended.ExitCode);
        Assert.Empty(ended.Output);
        var line = Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(words, word => Assert.Contains(word, line, StringComparison.Ordinal));
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data.FolderPath), "A refused start made the data folder.");
    }

    [Fact]
    public async Task A_second_server_is_refused_the_folder_and_the_port_of_the_first()
    {
        using var data = await DataFolder.WithWashgo();
        await using var server = await Serving.Start(data);
        var port = server.Http.BaseAddress!.Port;

        var sameFolder = await SocleProgram.Run([("DATA_DIR", data.FolderPath), ("PORT", $"{RunningServer.FreePort()}"), ("LANG", "fr_FR.UTF-8")], "serve");
        Assert.Equal(1, sameFolder.ExitCode);
        Assert.Contains(data.FolderPath, sameFolder.Errors, StringComparison.Ordinal);

        using var otherData = await DataFolder.WithWashgo();
        var samePort = await SocleProgram.Run([("DATA_DIR", otherData.FolderPath), ("PORT", $"{port}"), ("LANG", "fr_FR.UTF-8")], "serve");
        Assert.Equal(1, samePort.ExitCode);
        Assert.Contains($"Le port {port} de 127.0.0.1 est pris", samePort.Errors, StringComparison.Ordinal);
        Assert.Equal("shut down", await otherData.ReadControlState());

        await server.WaitUntilHealthy(TimeSpan.FromSeconds(1));
    }
}
