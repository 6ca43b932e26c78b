using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Socle.Blueprints;
using Socle.Kernel;

namespace Socle.Tests.Blueprints;

/// <summary>Whatever a file holds, reading it ends soon, in a blueprint or in faults that each have a line of the file.</summary>
public sealed class BrokenFileTests
{
    private static readonly string Washgo = Repository.Read("blueprints/washgo.yaml");

    private static readonly string[] Scraps = ["\t", ": ", "- ", "[", "]", "{", "}", "\"", "'", "&a ", "*a", "!t ", "|", ">", "#", "%", "@", "? ", "---\n", "\n", "  ", "\0", "\u2028", "é", "~", "\\"];

    [Fact]
    public void A_washgo_with_scraps_in_it_is_read_or_refused()
    {
        var broken = from cut in Gen.Choose(0, Washgo.Length)
                     from length in Gen.Choose(0, 400)
                     from place in Gen.Choose(0, 1000)
                     from scraps in Gen.ArrayOf(Gen.Elements(Scraps)).Resize(5)
                     let start = Washgo[..Math.Min(cut, 4000)]
                     let text = start.Insert(start.Length * place / 1000, string.Concat(scraps))
                     select text[..Math.Max(0, text.Length - (length % (text.Length + 1)))];

        Prop.ForAll(Arb.From(broken), IsJudged).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));
    }

    [Fact]
    public void Any_text_is_read_or_refused() =>
        Prop.ForAll(Arb.From(Gen.ArrayOf(Gen.Elements([.. Scraps, "blueprint: a\n", "tables:\n", "fields", "text", "a", "1"])).Select(string.Concat)), IsJudged)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1500));

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: {b: [")]
    public void Deep_nesting_is_refused_soon(string scrap)
    {
        var clock = Stopwatch.StartNew();

        Assert.True(BlueprintReader.Read(string.Concat(Enumerable.Repeat(scrap, 900_000 / scrap.Length)), "deep.yaml").IsFault);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void An_alias_bomb_is_refused_soon()
    {
        var bomb = "a: &a [x, x, x]\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{(char)('b' + (i % 20))}{i}: &b{i} [*a, *a, *a]\n"));

        Assert.Contains(BlueprintReader.Read(bomb, "bomb.yaml").Faults, fault => fault.Message.English.StartsWith("Anchors", StringComparison.Ordinal));
    }

    [Fact]
    public void A_huge_file_is_refused()
    {
        Assert.Equal("1: The file is larger than 1 MiB: split the blueprint.", Asked.Faults("blueprint: a\n# " + new string('x', 1024 * 1024)));
    }

    private static bool IsJudged(string text)
    {
        var result = BlueprintReader.Read(text, "any.yaml");
        var lines = text.ReplaceLineEndings("\n").Count(c => c == '\n') + 1;
        return result.Faults.All(fault => fault is { Code: FaultCode.InvalidBlueprint } && fault.Line >= 1 && fault.Line <= lines);
    }
}
