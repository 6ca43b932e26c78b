using System.Text.Json.Nodes;
using Socle.Blueprints;

namespace Socle.Tests.Blueprints;

/// <summary>The settings of the server that a blueprint gives other defaults.</summary>
public sealed class SettingTests
{
    private const string Table = "tables: { a: { fields: { b: text } } }\n";
    private static readonly JsonNode Schema = JsonNode.Parse(Repository.Read("blueprints/schema.json"))!;

    [Fact]
    public void Settings_are_read_as_the_environment_would_say_them()
    {
        const string Yaml = $$"""
            blueprint: a
            {{Table}}settings:
              SESSION_TIMEOUT: 3600
              ACCOUNT_LOCKOUT_DURATION: 15
              MAX_LOGIN_ATTEMPTS: 5
              PASSWORD_EXPIRY_DAYS: 90
              PASSWORD_RESET_TIMEOUT: 3600
              TIMEZONE: Europe/Paris
            """;
        var settings = Asked.Blueprint(Yaml).Settings;
        Assert.Equal(("3600", "15", "90", "Europe/Paris"), (settings["SESSION_TIMEOUT"], settings["ACCOUNT_LOCKOUT_DURATION"], settings["PASSWORD_EXPIRY_DAYS"], settings["TIMEZONE"]));
        Assert.Equal(6, settings.Count);
        Assert.Empty(JsonSchema.Faults(Schema, YamlJson.Read(Yaml)));
    }

    [Theory]
    [InlineData("SESSION_TIMEOUT: 59")]
    [InlineData("SESSION_TIMEOUT: one hour")]
    [InlineData("SESSION_TIMEOUT: -1")]
    [InlineData("MAX_LOGIN_ATTEMPTS: 0")]
    [InlineData("HISTORY_DAYS: [1]")]
    [InlineData("HISTORY_DAYS:")]
    [InlineData("SESSION_TIMEOOT: 3600")]
    [InlineData("SECRET_KEY: changeme")]
    [InlineData("ANONYMOUS_ROLE: admin")]
    [InlineData("HOST: 0.0.0.0")]
    [InlineData("DATABASE_URL: postgresql://localhost/a")]
    public void What_is_no_such_setting_or_value_is_refused_with_its_line(string setting)
    {
        var yaml = $"blueprint: a\n{Table}settings:\n  TRASH_DAYS: 7\n  {setting}\n";
        Assert.StartsWith("5: ", Assert.Single(Asked.Faults(yaml).Split('\n')), StringComparison.Ordinal);
        Assert.NotEmpty(JsonSchema.Faults(Schema, YamlJson.Read(yaml)));
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var faults = Asked.Faults($"blueprint: a\n{Table}settings:\n  TIMEZONE: Mars/Olympus\n  SESSION_TIMEOUTS: 3600\n  TRASH_DAYS: x\n").Split('\n');
        Assert.Equal(3, faults.Length);
        Assert.Contains("Did you mean 'SESSION_TIMEOUT'?", faults[1], StringComparison.Ordinal);
        Assert.StartsWith("3: ", Asked.Faults($"blueprint: a\n{Table}settings: [SESSION_TIMEOUT]\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_has_the_same_bounds()
    {
        var properties = Schema["properties"]!["settings"]!["properties"]!.AsObject();
        Assert.Equal(BlueprintKeys.Settings.Order(StringComparer.Ordinal), properties.Select(property => property.Key).Order(StringComparer.Ordinal));
        foreach (var (name, (low, high)) in SettingDefaults.Numbers)
            Assert.Equal((low, high), ((long)properties[name]!["minimum"]!, (long)properties[name]!["maximum"]!));
    }
}
