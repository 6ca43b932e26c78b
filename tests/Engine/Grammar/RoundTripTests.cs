using FsCheck;
using FsCheck.Fluent;
using Socle.Grammar;

namespace Socle.Tests.Grammar;

public sealed class RoundTripTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(3000);

    [Fact]
    public void Every_query_is_read_back_from_its_text() => Prop.ForAll(Queries.Query.ToArbitrary(), query =>
    {
        var text = QueryWriter.Write(query);
        var read = QueryReader.Read(text);
        return Same(Tree.Print(query), read.IsFault ? read.Faults[0].Message.English : Tree.Print(read.Value), text)
            .And(() => QueryWriter.Write(read.Value) == text);
    }).Check(Thorough);

    [Fact]
    public void Every_list_of_conditions_is_read_back_from_its_text() => Prop.ForAll(Queries.Conditions.ToArbitrary(), conditions =>
    {
        var text = QueryWriter.WriteConditions(conditions);
        var read = QueryReader.ReadConditions(text);
        return Same(string.Join(" ", conditions.Select(Tree.Print)), read.IsFault ? read.Faults[0].Message.English : string.Join(" ", read.Value.Select(Tree.Print)), text);
    }).Check(Thorough);

    [Fact]
    public void Every_condition_is_read_back_inside_a_group() => Prop.ForAll(Queries.Condition(3).ToArbitrary(), condition =>
    {
        var text = $"( {QueryWriter.WriteCondition(condition)} , x.is.null )";
        var read = QueryReader.Read([new("or", text)]);
        return Same($"or[{Tree.Print(condition)}, 'x' Is Null]", read.IsFault ? read.Faults[0].Message.English : Tree.Print(read.Value.Scope.Where[0]), text);
    }).Check(Thorough);

    private static Property Same(string expected, string actual, string text) =>
        (expected == actual).Label($"expected {expected}\nbut read {actual}\nfrom     {text}");
}
