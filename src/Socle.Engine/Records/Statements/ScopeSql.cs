using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.Records.Statements;

/// <summary>
/// A scope as SQL. The root's outputs are columns; a related record is a ROW, related records an ARRAY of them:
/// PostgreSQL sends both in binary, and the answer's writer turns them into JSON.
/// </summary>
internal static class ScopeSql
{
    public static void WriteRoot(SqlText sql, ReadPlan plan, ToldSettings told)
    {
        var scope = plan.Scope;
        sql.Add("SELECT ");
        WriteOutputs(sql, scope);
        if (plan.HasVersion)
            sql.Add(", t0.xmin");
        sql.Add(" FROM ").Add(TableName(scope)).Add(" AS t0");
        WriteJoins(sql, scope, innerOnly: false);
        WriteWhere(sql, scope, " WHERE ", plan.Search);
        ToldSql.Write(sql, scope.Where.IsEmpty ? " WHERE " : " AND ", told);
        WriteTail(sql, scope, isRoot: true);
    }

    /// <summary>The root's rows without its outputs, to be counted.</summary>
    public static void WriteCounted(SqlText sql, ReadPlan plan)
    {
        var scope = plan.Scope;
        sql.Add("SELECT ");
        if (scope.IsAggregated)
            WriteOutputs(sql, scope);
        else
            sql.Add('1');
        sql.Add(" FROM ").Add(TableName(scope)).Add(" AS t0");
        WriteJoins(sql, scope, innerOnly: !scope.IsAggregated);
        WriteWhere(sql, scope, " WHERE ", plan.Search);
        WriteGroup(sql, scope, isRoot: true);
    }

    public static string TableName(ScopePlan scope) => scope.Table.SqlName;

    public static string Alias(int scope) => scope == ScopePlan.Row ? RowSql.Mark : scope == 0 ? "t0" : $"t{scope}";

    /// <param name="isJoined">Whether the to-one relations are joined: an inner join needs no condition.</param>
    public static void WriteWhere(SqlText sql, ScopePlan scope, string keyword, SearchPlan search, bool isJoined = true)
    {
        foreach (var condition in scope.Where)
        {
            sql.Add(keyword);
            keyword = " AND ";
            ConditionSql.Write(sql, condition);
        }

        foreach (var embed in scope.Embeds.Where(embed => embed.IsInner && !(isJoined && embed.Relation.IsToOne)))
        {
            sql.Add(keyword).Add("EXISTS (SELECT ");
            keyword = " AND ";
            RelationSql.WriteBody(sql, embed);
            sql.Add(')');
        }

        foreach (var word in search.Words)
        {
            sql.Add(keyword);
            SearchSql.Write(sql, scope, search, word);
            keyword = " AND ";
        }
    }

    public static void WriteJoins(SqlText sql, ScopePlan scope, bool innerOnly)
    {
        foreach (var embed in scope.Embeds.Where(embed => embed.Relation.IsToOne && (embed.IsInner || (!innerOnly && IsUsed(scope, embed)))))
        {
            sql.Add(embed.IsInner ? " JOIN LATERAL (" : " LEFT JOIN LATERAL (");
            WriteToOne(sql, embed, isFlat: scope.Outputs.Any(output => output is NestedOutput { Shape: NestedShape.Flat } nested && nested.Embed.Scope.Number == embed.Scope.Number));
            sql.Add(") AS e").Add(embed.Scope.Number).Add(" ON TRUE");
        }
    }

    public static void WriteOutputs(SqlText sql, ScopePlan scope)
    {
        if (scope.Outputs.IsEmpty)
            sql.Add("NULL");
        for (var i = 0; i < scope.Outputs.Length; i++)
        {
            if (i > 0)
                sql.Add(", ");
            WriteOutput(sql, scope.Outputs[i]);
        }
    }

    private static bool IsUsed(ScopePlan scope, EmbedPlan embed) =>
        !embed.Exposed.IsEmpty
        || scope.Outputs.Any(output => output is NestedOutput { Through: null } nested && nested.Embed.Scope.Number == embed.Scope.Number);

    private static void WriteOutput(SqlText sql, Output output)
    {
        switch (output)
        {
            case ValueOutput value:
                sql.Add(ValueSql.Answered(value.Value));
                break;
            case NestedOutput { Through: { } through }:
                sql.Add('e').Add(through.Embed).Add(".x").Add(through.Index);
                break;
            case NestedOutput { Shape: NestedShape.Object } nested:
                sql.Add('e').Add(nested.Embed.Scope.Number).Add(".r");
                break;
            case NestedOutput { Shape: NestedShape.Flat } nested:
                sql.Add('e').Add(nested.Embed.Scope.Number).Add(".m");
                for (var i = 0; i < nested.Embed.Scope.Outputs.Length; i++)
                    sql.Add(", e").Add(nested.Embed.Scope.Number).Add(".c").Add(i);
                break;
            case NestedOutput nested:
                sql.Add("ARRAY(SELECT ROW(");
                WriteOutputs(sql, nested.Embed.Scope);
                sql.Add(") ");
                RelationSql.WriteFrom(sql, nested.Embed);
                WriteJoins(sql, nested.Embed.Scope, innerOnly: false);
                RelationSql.WriteWhere(sql, nested.Embed);
                WriteTail(sql, nested.Embed.Scope, isRoot: false);
                sql.Add(')');
                break;
        }
    }

    private static void WriteToOne(SqlText sql, EmbedPlan embed, bool isFlat)
    {
        sql.Add("SELECT ");
        if (isFlat)
        {
            sql.Add("TRUE AS m");
            for (var i = 0; i < embed.Scope.Outputs.Length; i++)
            {
                sql.Add(", ");
                WriteOutput(sql, embed.Scope.Outputs[i]);
                sql.Add(" AS c").Add(i);
            }
        }
        else if (!embed.IsSpread)
        {
            sql.Add("ROW(");
            WriteOutputs(sql, embed.Scope);
            sql.Add(") AS r");
        }

        for (var i = 0; i < embed.Exposed.Length; i++)
        {
            if (i > 0 || !embed.IsSpread)
                sql.Add(", ");
            if (embed.Exposed[i] is ValueOutput value)
                sql.Add(ValueSql.Expression(value.Value));
            else
                WriteOutput(sql, embed.Exposed[i]);
            sql.Add(" AS x").Add(i);
        }

        sql.Add(' ');
        RelationSql.WriteFrom(sql, embed);
        WriteJoins(sql, embed.Scope, innerOnly: false);
        RelationSql.WriteWhere(sql, embed);
        // The aggregates of a spread relation are its parent's.
        WriteTail(sql, embed.IsSpread ? embed.Scope with { Outputs = [] } : embed.Scope, isRoot: false);
    }

    /// <param name="isRoot">Whether the scope's outputs are the columns of the SELECT.</param>
    public static void WriteTail(SqlText sql, ScopePlan scope, bool isRoot)
    {
        WriteGroup(sql, scope, isRoot);
        for (var i = 0; i < scope.Order.Length; i++)
        {
            var term = scope.Order[i];
            sql.Add(i == 0 ? " ORDER BY " : ", ").Add(ValueSql.Expression(term.Value)).Add(term.Descending ? " DESC" : "");
            if (term.NullsFirst is { } nullsFirst)
                sql.Add(nullsFirst ? " NULLS FIRST" : " NULLS LAST");
        }

        // A constant limit lets PostgreSQL choose the plan for few rows; offsets vary from page to page and stay parameters.
        if (scope.Limit is { } limit)
            sql.Add(" LIMIT ").Add(limit);
        if (scope.Offset is > 0 and { } offset)
            sql.Add(" OFFSET CAST(").Parameter(offset.ToString()).Add(" AS bigint)");
    }

    private static void WriteGroup(SqlText sql, ScopePlan scope, bool isRoot)
    {
        if (!scope.IsAggregated)
            return;
        var separator = " GROUP BY ";
        for (var i = 0; i < scope.Outputs.Length; i++)
        {
            if (scope.Outputs[i] is ValueOutput { Value.Aggregate: not null })
                continue;
            sql.Add(separator);
            separator = ", ";
            if (scope.Outputs[i] is ValueOutput value)
                sql.Add(ValueSql.Expression(value.Value));
            else if (isRoot)
                // Written again, its parameters would make it another expression.
                sql.Add(i + 1);
            else
                WriteOutput(sql, scope.Outputs[i]);
        }
    }
}
