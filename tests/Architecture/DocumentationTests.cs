using Socle.Host;

namespace Socle.Tests.Architecture;

/// <summary>Documentation that the code can check is checked.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public void Every_setting_is_documented_and_every_documented_one_exists()
    {
        var documented = File.ReadLines(Repository.Path("docs", "configuration.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Count(c => c == '|') == 5)
            .Select(line => line.Split('`')[1])
            .ToList();
        Assert.Equal(ServerOptions.Variables.Order(), documented.Order());
    }

    [Fact]
    public void Every_setting_is_read()
    {
        var asked = new HashSet<string>();
        ServerOptions.Read(name =>
        {
            asked.Add(name);
            return null;
        });
        Assert.Equal(ServerOptions.Variables.Order(), asked.Order());
    }

    [Fact]
    public void Every_wrong_setting_is_reported_at_once_in_both_languages()
    {
        var options = ServerOptions.Read(name => name is "HOST" or "PORT" or "MAX_ROWS" or "LOG_LEVEL" or "SAMPLE_DATA" or "JWT_ALGORITHM" ? "nonsense" : null);
        Assert.Equal(["HOST", "JWT_ALGORITHM", "LOG_LEVEL", "MAX_ROWS", "PORT", "SAMPLE_DATA"], options.Faults.Select(fault => fault.Field).Order());
        Assert.All(options.Faults, fault => Assert.NotEqual(fault.Message.English, fault.Message.French));
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        var documents = Directory.EnumerateFiles(Repository.Path("docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Repository.Path(), "*.md"));
        var broken = from document in documents
                     from link in Links(File.ReadAllText(document))
                     let target = Path.Combine(Path.GetDirectoryName(document)!, link.Split('#')[0])
                     where !File.Exists(target) && !Directory.Exists(target)
                     select $"{document}: {link}";
        Assert.Empty(broken);
    }

    private static IEnumerable<string> Links(string markdown) =>
        markdown.Split("](").Skip(1).Select(rest => rest.Split(')')[0]).Where(link => (link.Contains('.') || link.EndsWith('/')) && !link.Contains(':') && !link.StartsWith('#'));
}
