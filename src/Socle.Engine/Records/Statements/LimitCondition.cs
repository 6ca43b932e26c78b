using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Records.Planning;

namespace Socle.Records.Statements;

/// <summary>
/// Takes a filter over a table's own columns, gives SQL in which each column stands apart: text, a column's name, text, … so that
/// whoever keeps it can follow renames. Refuses what a query would refuse.
/// </summary>
public sealed partial record LimitCondition(ImmutableArray<string> Pieces)
{
    /// <param name="table">The table.</param>
    /// <param name="where">The filter; null for every record.</param>
    public static Result<LimitCondition> Compile(TableSnapshot table, string? where)
    {
        if (where is null)
            return new LimitCondition(["true"]);
        var conditions = ComputedFields.FindWhere(table, where);
        if (conditions.IsFault)
            return conditions.Faults;
        var plan = WayPlans.Plan(table, conditions.Value);
        if (plan.IsFault)
            return plan.Faults;
        // The mark can stand in no constant, so what looks like a column is one.
        var pieces = Column().Split($"({RowSql.WriteAs(plan.Value, RowSql.Mark)})");
        return new LimitCondition([.. pieces.Select((piece, i) => i % 2 == 0 ? piece : piece.Replace("\"\"", "\"", StringComparison.Ordinal))]);
    }

    /// <summary>The same as SQL.</summary>
    /// <param name="row">What the row goes by, as SQL text.</param>
    public string Write(string row) => string.Concat(Pieces.Select((piece, i) => i % 2 == 0 ? piece : $"{row}.{Postgres.Sql.Identifier(piece)}"));

    [GeneratedRegex("\0\\.\"(?<name>([^\"]|\"\")*)\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Column();
}
