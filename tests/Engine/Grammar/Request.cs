using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Tests.Grammar;

/// <summary>Reads decoded parameters written as <c>key=value</c>.</summary>
internal static class Request
{
    public static Result<RecordQuery> Read(params string[] parameters) => QueryReader.Read(Pairs(parameters));

    public static string Tree(params string[] parameters)
    {
        var result = Read(parameters);
        Assert.False(result.IsFault, string.Join("\n", result.Faults.Select(fault => fault.Message.English)));
        return Grammar.Tree.Print(result.Value);
    }

    /// <summary>What is asked of the table beside the columns.</summary>
    public static string Where(params string[] parameters)
    {
        var tree = Tree(parameters);
        Assert.StartsWith("select[*] where[", tree, StringComparison.Ordinal);
        return tree["select[*] where[".Length..^1];
    }

    public static Fault Refusal(params string[] parameters) => Assert.Single(Read(parameters).Faults);

    private static List<KeyValuePair<string, string>> Pairs(string[] parameters) =>
        [.. parameters.Select(parameter => parameter.Split('=', 2)).Select(halves => new KeyValuePair<string, string>(halves[0], halves[1]))];
}
