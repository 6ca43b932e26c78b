using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Socle.Tests.Acceptance.Running;

/// <summary>One answer as <c>curl -i</c> prints it.</summary>
public sealed record PrintedAnswer(int Status, string Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public JsonNode Data => Json["data"]!;
}

/// <summary>Reads what <c>curl -i</c> printed: answers of one line of JSON each, the next right behind the last.</summary>
public static partial class CurlOutput
{
    public static List<PrintedAnswer> Read(string output) =>
    [
        .. from Match answer in Answers().Matches(output)
           select new PrintedAnswer(int.Parse(answer.Groups["status"].Value), answer.Groups["body"].Value),
    ];

    [GeneratedRegex(@"HTTP/1\.1 (?<status>\d{3})[^\n]*\n(?:[^\r\n]+\r\n)*\r\n(?<body>.*?)(?=HTTP/1\.1 \d{3}|\z)", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Answers();
}
