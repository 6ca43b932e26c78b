using System.Text.RegularExpressions;
using Socle.Grammar;

namespace Socle.Tests.Grammar;

public sealed class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "query.md"));

    [Fact]
    public void Every_example_of_the_documentation_is_read()
    {
        var examples = Regex.Matches(Page, "^```query\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)
            .SelectMany(block => block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .ToList();
        Assert.True(examples.Count > 30);
        Assert.All(examples, example => Assert.Empty(QueryReader.Read(example).Faults));
    }

    [Fact]
    public void Every_operator_is_documented_with_an_example_that_is_read() => Assert.All(Operators.All, syntax =>
    {
        var row = Regex.Match(Page, $@"^\| `{syntax.Name}` \|.*\| `(?<example>.*)` \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture);
        Assert.True(row.Success, syntax.Name);
        var parts = row.Groups["example"].Value.Split('=', 2);
        var condition = Assert.IsType<Comparison>(QueryReader.Read([new(parts[0], parts[1])]).Value.Scope.Where[0]);
        Assert.Equal(syntax.Operator, condition.Operator);
    });
}
