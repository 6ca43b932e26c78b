using Socle.Grammar;

namespace Socle.Tests.Grammar;

public sealed class OperatorTests
{
    [Fact]
    public void The_table_holds_every_operator_once_and_in_order()
    {
        Assert.Equal(Enum.GetValues<Operator>(), Operators.All.Select(syntax => syntax.Operator));
        Assert.Equal(25, Operators.Names.Distinct().Count());
        Assert.All(Operators.All, syntax => Assert.Same(syntax, Operators.Find(syntax.Name)));
        Assert.All(Operators.All, syntax => Assert.Same(syntax, Operators.Of(syntax.Operator)));
        Assert.Null(Operators.Find("Eq"));
    }
}
