using System.Text.RegularExpressions;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Tests.Architecture;

/// <summary>docs/errors.md and the table of statuses say the same.</summary>
public sealed class DocumentedFaultTests
{
    private static readonly Dictionary<string, int> Documented = Regex
        .Matches(ReadDocument(), @"^\| `(?<code>[a-z_]+)` \| (?<status>[0-9]{3}) \| [^|]{10,} \| [^|]{5,} \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)
        .ToDictionary(row => row.Groups["code"].Value, row => int.Parse(row.Groups["status"].Value));

    public static TheoryData<FaultCode> Codes => [.. Enum.GetValues<FaultCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_fault_is_documented_with_its_status(FaultCode code) =>
        Assert.Equal(FaultStatuses.StatusOf(code), Assert.Contains(FaultStatuses.NameOf(code), (IReadOnlyDictionary<string, int>)Documented));

    [Fact]
    public void No_fault_is_documented_that_is_gone() =>
        Assert.Empty(Documented.Keys.Except(Enum.GetValues<FaultCode>().Select(FaultStatuses.NameOf)));

    /// <summary>The program carries its guides.</summary>
    private static string ReadDocument()
    {
        using var document = typeof(FaultStatuses).Assembly.GetManifestResourceStream("docs/errors.md")!;
        using var reader = new StreamReader(document);
        return reader.ReadToEnd();
    }
}
