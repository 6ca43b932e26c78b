namespace Socle.Formulas;

/// <summary>
/// PostgreSQL 15 works constants out before it knows how they are to be compared, and then refuses upper('a') and 'a' &lt; 'b' in a generated
/// column. Texts that may turn out constant are kept from that by a look at the row.
/// </summary>
internal static class FormulaConstants
{
    /// <summary>Whether no field need be looked at to know the text.</summary>
    public static bool MayBe(FormulaNode node) => node switch
    {
        FieldNode => false,
        BinaryNode { Sign: "&" } joined => MayBe(joined.Left) && MayBe(joined.Right),
        CallNode { Name: "concat" } call => call.Arguments.All(MayBe),
        CallNode { Name: "left" or "right" } call => MayBe(call.Arguments[0]),
        CallNode { Name: "if" } call => call.Arguments.Skip(1).Any(MayBe),
        CallNode call => call.Arguments.Any(MayBe),
        UnaryNode unary => MayBe(unary.Operand),
        BinaryNode binary => MayBe(binary.Left) && MayBe(binary.Right),
        _ => true,
    };

    /// <summary>The same text, known for each row alone.</summary>
    public static string OfRow(string sql) => $"(CASE WHEN tableoid IS NULL THEN NULL ELSE {sql} END)";
}
