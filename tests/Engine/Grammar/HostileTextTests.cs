using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Tests.Grammar;

public sealed class HostileTextTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(5000);

    private static readonly string[] Keys = ["select", "order", "limit", "offset", "or", "and", "not.or", "columns", "on_conflict", "q", "count", "a", "rel.a", "rel.or", "rel.b.order"];

    private static Gen<string> Garbage { get; } =
        Gen.Choose(0, 12).SelectMany(count => Gen.Frequency(
            (5, Queries.Name),
            (1, Gen.Elements("rel(", "rel(b(*),", "eq.", "not.eq.", "eq(any).{", "or(", "and(a.eq.1,", "\ud800", "\0", "data->>x", ".desc", "::int", "sum()"))).ListOf(count)).Select(string.Concat);

    [Fact]
    public void No_text_makes_the_reader_throw() => Prop.ForAll(Garbage.ToArbitrary(), text => Survives(text)).Check(Thorough);

    [Fact]
    public void No_parameters_make_the_reader_throw() => Prop.ForAll(
        Gen.OneOf(Gen.Elements(Keys), Garbage).SelectMany(_ => Garbage, (key, value) => new KeyValuePair<string, string>(key, value)).ListOf().Select(list => list.ToList()).ToArbitrary(),
        pairs => Sound(QueryReader.Read(pairs))).Check(Thorough);

    [Fact]
    public void No_mutation_of_a_query_makes_the_reader_throw()
    {
        var mutated =
            from query in Queries.Query
            from cuts in Gen.Choose(0, int.MaxValue - 1).ListOf(3)
            from insert in Queries.Text
            select Mutate(QueryWriter.Write(query), cuts, insert);
        Prop.ForAll(mutated.ToArbitrary(), text => Survives(text)).Check(Thorough);
    }

    [Theory]
    [InlineData("select", "a(", 100_000)]
    [InlineData("or", "(and", 100_000)]
    [InlineData("or", "(not.or", 100_000)]
    [InlineData("a", "eq(any).{{", 100_000)]
    [InlineData("select", "...a(", 100_000)]
    public void Deep_nesting_is_refused(string key, string unit, int times)
    {
        var text = new StringBuilder().Insert(0, unit, times).ToString();
        Assert.True(QueryReader.Read([new(key, text)]).IsFault);
    }

    [Fact]
    public void Nesting_is_allowed_to_its_limit()
    {
        Assert.False(Request.Read($"select={Repeat("a(", 32)}{Repeat(")", 32)}").IsFault);
        Assert.Contains("more than 32 levels", Request.Read($"select={Repeat("a(", 34)}*{Repeat(")", 34)}").Faults[0].Message.English, StringComparison.Ordinal);
        Assert.Contains("more than 32 levels", Request.Read($"or={Repeat("(and", 33)}(a.eq.1){Repeat(")", 33)}").Faults[0].Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Endless_lists_are_refused()
    {
        Assert.Contains("more than 2000 columns", Request.Refusal($"select={Repeat("a,", 5000)}a").Message.English, StringComparison.Ordinal);
        Assert.Contains("more than 2000 columns", Request.Refusal($"or=({Repeat("a.eq.1,", 5000)}a.eq.1)").Message.English, StringComparison.Ordinal);
        Assert.Contains("more than 2000 columns", Request.Refusal([$"select={Repeat("r(),", 900)}r()", .. Enumerable.Repeat("r.a=eq.1", 50)]).Message.English, StringComparison.Ordinal);
        Assert.Contains("more than 20000 values", Request.Refusal($"a=in.({Repeat("1,", 30_000)}1)").Message.English, StringComparison.Ordinal);
        Assert.Contains("more than 20000 values", Request.Refusal($"a=eq(any).{{{Repeat("1,", 30_000)}1}}").Message.English, StringComparison.Ordinal);
        Assert.False(Request.Read($"a=in.({Repeat("1,", 15_000)}1)").IsFault);
    }

    [Fact]
    public void At_most_twenty_faults_are_told() => Assert.Equal(20, Request.Read([.. Enumerable.Range(0, 500).Select(i => $"c{i}=bad")]).Faults.Length);

    [Theory]
    [InlineData("or", "(", "a.eq.{,")]
    [InlineData("or", "(", "a.cs.[,")]
    [InlineData("or", "(", "a.eq.\"x,")]
    [InlineData("or", "(", "a.eq.\"\\\",")]
    [InlineData("or", "(", "or(")]
    [InlineData("or", "(", "a.bad.1,")]
    [InlineData("a", "in.(", "\"a,")]
    [InlineData("a", "in.(", "\"\\")]
    [InlineData("a", "like(any).{", "\\a")]
    [InlineData("select", "", "r(\"")]
    [InlineData("select", "", "r(a#,")]
    [InlineData("select", "", "a::")]
    [InlineData("select", "", "...")]
    [InlineData("order", "", "a.up,")]
    [InlineData("columns", "", "a b")]
    [InlineData("a->b->c", "eq.", "\"\\,")]
    public void Long_text_takes_time_in_proportion(string key, string start, string unit)
    {
        // Quadratic work on a megabyte would take minutes.
        var text = start + Repeat(unit, 1_000_000 / unit.Length);
        var clock = Stopwatch.StartNew();
        QueryReader.Read([new(key, text)]);
        QueryReader.Read([new(text, "eq.1")]);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }

    [Fact]
    public void Many_faulty_parameters_take_time_in_proportion()
    {
        var select = $"select={string.Join(",", Enumerable.Range(0, 1900).Select(i => $"a{new string('x', 50)}{i}()"))}";
        var clock = Stopwatch.StartNew();
        Assert.True(Request.Read([select, .. Enumerable.Range(0, 20_000).Select(i => $"b{new string('y', 50)}{i}.c=eq.1")]).IsFault);
        Assert.True(Request.Read([.. Enumerable.Range(0, 20_000).Select(i => "limit=1")]).IsFault);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }

    private static bool Survives(string text)
    {
        var pair = text.Split('=', 2);
        return Sound(QueryReader.Read(text))
            && Sound(QueryReader.Read([new(pair[0], pair[^1])]))
            && Keys.All(key => Sound(QueryReader.Read([new("select", "rel(b())"), new(key, text)])))
            && QueryReader.ReadConditions(text) is var conditions && (conditions.IsFault || QueryWriter.WriteConditions(conditions.Value) is not null);
    }

    /// <summary>Faults are told in both languages; what was read is written and read again.</summary>
    private static bool Sound(Result<RecordQuery> result)
    {
        if (result.IsFault)
            return result.Faults.All(fault => fault.Field is not null && fault.Message.English.Length > 0 && fault.Message.French.Length > 0);
        var again = QueryReader.Read(QueryWriter.Write(result.Value));
        return HasTwins(result.Value.Scope) || (!again.IsFault && Tree.Print(again.Value) == Tree.Print(result.Value));
    }

    private static bool HasTwins(QueryScope scope)
    {
        var embeds = scope.Select.OfType<SelectEmbed>().ToList();
        return embeds.DistinctBy(embed => embed.Name).Count() < embeds.Count || embeds.Any(embed => HasTwins(embed.Scope));
    }

    private static string Mutate(string text, IEnumerable<int> cuts, string insert)
    {
        foreach (var cut in cuts)
        {
            if (text.Length == 0)
                return insert;
            var at = cut % text.Length;
            text = (cut / 7 % 4) switch
            {
                0 => text.Remove(at, 1),
                1 => text.Insert(at, Uri.EscapeDataString(insert)),
                2 => text[..at],
                _ => text.Insert(at, text[at..Math.Min(text.Length, at + 9)]),
            };
        }

        return text;
    }

    private static string Repeat(string unit, int times) => new StringBuilder().Insert(0, unit, times).ToString();
}
