using Socle.Blueprints;
using Socle.Kernel;

namespace Socle.Tests.Blueprints;

internal static class Asked
{
    /// <summary>The text of a blueprint of the one table <c>things</c>; <paramref name="body"/> begins on line 4.</summary>
    public static string Things(string body) =>
        "blueprint: test\ntables:\n  things:\n" + string.Concat(body.Split('\n').Select(line => $"    {line}\n"));

    public static Blueprint Blueprint(string yaml)
    {
        var result = BlueprintReader.Read(yaml, "test.yaml");
        Assert.True(!result.IsFault, Describe(result) + yaml);
        return result.Value;
    }

    /// <summary>The faults as "line: message", a line each.</summary>
    public static string Faults(string yaml) => Describe(BlueprintReader.Read(yaml, "test.yaml")).TrimEnd('\n');

    private static string Describe(Result<Blueprint> result) =>
        string.Concat(result.Faults.Select(fault => $"{fault.Line}: {fault.Message.English}\n"));
}
