using Socle.Host;
using Socle.Kernel;

namespace Socle.Tests.Access.Door;

/// <summary>The settings of the door and of mail: what is taken, and what stops the start.</summary>
public sealed class DoorSettingTests
{
    [Theory]
    [InlineData("CORS_ORIGINS", "https://a.example/")]
    [InlineData("CORS_ORIGINS", "https://a.example/app")]
    [InlineData("CORS_ORIGINS", "a.example")]
    [InlineData("CORS_ORIGINS", "//a.example")]
    [InlineData("CORS_ORIGINS", "ftp://a.example")]
    [InlineData("CORS_ORIGINS", "https://*.example")]
    [InlineData("CORS_ORIGINS", "https://user@a.example")]
    [InlineData("CORS_ORIGINS", "null")]
    [InlineData("CORS_ORIGINS", "https://a.example,null")]
    [InlineData("CORS_ORIGINS", "*,https://a.example")]
    [InlineData("CORS_ALLOWED_ORIGINS", "[\"https://a.example\"]")]
    [InlineData("CSRF_TRUSTED_ORIGINS", "*")]
    [InlineData("CSRF_TRUSTED_ORIGINS", "https://a.example?")]
    [InlineData("ALLOWED_HOSTS", "https://a.example")]
    [InlineData("ALLOWED_HOSTS", "a.example:8000")]
    [InlineData("ALLOWED_HOSTS", "a.example/x")]
    [InlineData("ALLOWED_HOSTS", "a.*.example")]
    [InlineData("TRUSTED_PROXIES", "0.0.0.0/0")]
    [InlineData("TRUSTED_PROXIES", "*")]
    [InlineData("PUBLIC_URL", "erp.example")]
    [InlineData("PUBLIC_URL", "https://erp.example/socle")]
    [InlineData("PUBLIC_URL", "javascript:alert(1)")]
    public void What_is_malformed_stops_the_start_with_the_reason_in_both_languages(string name, string value)
    {
        var fault = Assert.Single(Read((name, value)).Faults);
        Assert.Equal((FaultCode.InvalidConfiguration, name), (fault.Code, fault.Field));
        Assert.NotEqual(fault.Message.English, fault.Message.French);
    }

    [Fact]
    public void The_seeds_settings_are_taken()
    {
        var door = Read(
            ("CORS_ORIGINS", "https://odg.votredomaine.com,https://www.odg.votredomaine.com"),
            ("CORS_ALLOWED_ORIGINS", "http://project-manager.local,https://project-manager.local, HTTPS://odg.votredomaine.com:443"),
            ("ALLOWED_HOSTS", "project-manager.local,localhost,127.0.0.1,::1,*.example.com"),
            ("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8"),
            ("PUBLIC_URL", "https://Project-Manager.local/")).Value.Door;
        Assert.Equal(["https://odg.votredomaine.com", "https://www.odg.votredomaine.com", "http://project-manager.local", "https://project-manager.local"], door.CorsOrigins);
        Assert.Equal(["project-manager.local", "localhost", "127.0.0.1", "[::1]", "*.example.com"], door.AllowedHosts);
        Assert.Equal("https://project-manager.local", door.PublicUrl);
    }

    [Fact]
    public void The_public_address_is_one_that_is_answered()
    {
        Assert.Equal(["PUBLIC_URL"], Read(("ALLOWED_HOSTS", "localhost"), ("PUBLIC_URL", "https://erp.example")).Faults.Select(fault => fault.Field));
        Assert.False(Read(("ALLOWED_HOSTS", "*.example"), ("PUBLIC_URL", "https://erp.example")).IsFault);
        Assert.False(Read(("ALLOWED_HOSTS", "*"), ("PUBLIC_URL", "https://erp.example")).IsFault);
    }

    [Fact]
    public void Mail_needs_a_sender_and_a_public_address()
    {
        Assert.Equal(["PUBLIC_URL", "SMTP_FROM"], Read(("SMTP_HOST", "smtp.example")).Faults.Select(fault => fault.Field).Order());
        Assert.Equal(["SMTP_FROM"], Mail(("SMTP_FROM", "a@example.com\r\nBcc: b@example.com")).Faults.Select(fault => fault.Field));
        Assert.Equal(["SMTP_PORT"], Mail(("SMTP_PORT", "465")).Faults.Select(fault => fault.Field));
    }

    [Fact]
    public void Mail_goes_by_TLS_unless_its_server_is_on_this_machine_or_somebody_says_so()
    {
        Assert.True(Mail().Value.Mail.Tls);
        Assert.False(Mail(("SMTP_TLS", "false")).Value.Mail.Tls);
        Assert.False(Mail(("SMTP_HOST", "localhost")).Value.Mail.Tls);
        Assert.True(Mail(("SMTP_HOST", "localhost"), ("SMTP_TLS", "true")).Value.Mail.Tls);
    }

    private static Result<ServerOptions> Mail(params (string Name, string Value)[] settings) =>
        Read([("SMTP_HOST", "smtp.example"), ("SMTP_FROM", "erp@example.com"), ("PUBLIC_URL", "https://erp.example"), .. settings]);

    private static Result<ServerOptions> Read(params (string Name, string Value)[] settings) =>
        ServerOptions.Read(name => settings.LastOrDefault(setting => setting.Name == name).Value);
}
