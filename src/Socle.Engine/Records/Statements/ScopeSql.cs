using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.Records.Statements;

/// <summary>
/// A scope as SQL. The root's outputs are columns; a related record is a ROW, related records an ARRAY of them:
/// PostgreSQL sends both in binary, and the answer's writer turns them into JSON.
/// </summary>
internal static class ScopeSql
{
    /// <summary>The root: SELECT … FROM <paramref name="from"/> AS t0 ….</summary>
    public static void WriteRoot(SqlText sql, ReadPlan plan, string from)
    {
        var scope = plan.Scope;
        sql.Add("SELECT ");
        WriteOutputs(sql, scope);
        sql.Add(" FROM ").Add(from).Add(" AS t0");
        WriteJoins(sql, scope, innerOnly: false);
        WriteWhere(sql, scope, " WHERE ", plan.Search);
        WriteTail(sql, scope);
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
        WriteGroup(sql, scope);
    }

    /// <summary>FROM and WHERE of a relation, bound to its parent's row.</summary>
    public static void WriteFrom(SqlText sql, EmbedPlan embed)
    {
        WriteRelation(sql, embed);
        WriteJoins(sql, embed.Scope, innerOnly: true);
        WriteRelationWhere(sql, embed);
    }

    public static string TableName(ScopePlan scope) => Sql.Identifier(scope.Table.Schema, scope.Table.Name);

    public static void WriteWhere(SqlText sql, ScopePlan scope, string keyword, IEnumerable<string> words)
    {
        foreach (var condition in scope.Where)
        {
            sql.Add(keyword);
            keyword = " AND ";
            ConditionSql.Write(sql, condition);
        }

        foreach (var embed in scope.Embeds.Where(embed => embed.IsInner && !embed.Relation.IsToOne))
        {
            sql.Add(keyword).Add("EXISTS (SELECT ");
            keyword = " AND ";
            WriteFrom(sql, embed);
            sql.Add(')');
        }

        foreach (var word in words)
        {
            sql.Add(keyword).Add(SearchSql.Expression(scope)).Add(" LIKE socle_system.fold(").Parameter(SearchSql.Pattern(word)).Add(')');
            keyword = " AND ";
        }
    }

    public static void WriteJoins(SqlText sql, ScopePlan scope, bool innerOnly)
    {
        foreach (var embed in scope.Embeds.Where(embed => embed.Relation.IsToOne && (embed.IsInner || (!innerOnly && IsUsed(scope, embed)))))
        {
            sql.Add(embed.IsInner ? " JOIN LATERAL (" : " LEFT JOIN LATERAL (");
            WriteToOne(sql, embed);
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
            case NestedOutput nested:
                sql.Add("ARRAY(SELECT ROW(");
                WriteOutputs(sql, nested.Embed.Scope);
                sql.Add(") ");
                WriteRelation(sql, nested.Embed);
                WriteJoins(sql, nested.Embed.Scope, innerOnly: false);
                WriteRelationWhere(sql, nested.Embed);
                WriteTail(sql, nested.Embed.Scope);
                sql.Add(')');
                break;
        }
    }

    private static void WriteToOne(SqlText sql, EmbedPlan embed)
    {
        sql.Add("SELECT ROW(");
        WriteOutputs(sql, embed.Scope);
        sql.Add(") AS r");
        for (var i = 0; i < embed.Exposed.Length; i++)
        {
            sql.Add(", ");
            if (embed.Exposed[i] is ValueOutput value)
                sql.Add(ValueSql.Expression(value.Value));
            else
                WriteOutput(sql, embed.Exposed[i]);
            sql.Add(" AS x").Add(i);
        }

        sql.Add(' ');
        WriteRelation(sql, embed);
        WriteJoins(sql, embed.Scope, innerOnly: false);
        WriteRelationWhere(sql, embed);
        WriteTail(sql, embed.Scope);
    }

    private static void WriteRelation(SqlText sql, EmbedPlan embed)
    {
        var number = embed.Scope.Number;
        sql.Add("FROM ").Add(TableName(embed.Scope)).Add(" AS t").Add(number);
        if (embed.Relation.Junction is not { } junction)
            return;
        sql.Add(" JOIN ").Add(Sql.Identifier(junction.Table.Schema, junction.Table.Name)).Add(" AS j").Add(number).Add(" ON ");
        WritePairs(sql, junction.Columns, $"j{number}", $"t{number}");
    }

    private static void WriteRelationWhere(SqlText sql, EmbedPlan embed)
    {
        var number = embed.Scope.Number;
        sql.Add(" WHERE ");
        WritePairs(sql, embed.Relation.Columns, $"t{embed.Parent}", embed.Relation.Junction is null ? $"t{number}" : $"j{number}");
        WriteWhere(sql, embed.Scope, " AND ", []);
    }

    private static void WritePairs(SqlText sql, IEnumerable<Catalog.ColumnPair> pairs, string own, string other)
    {
        var separator = "";
        foreach (var pair in pairs)
        {
            sql.Add(separator).Add(own).Add('.').Name(pair.Own).Add(" = ").Add(other).Add('.').Name(pair.Other);
            separator = " AND ";
        }
    }

    private static void WriteTail(SqlText sql, ScopePlan scope)
    {
        WriteGroup(sql, scope);
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

    private static void WriteGroup(SqlText sql, ScopePlan scope)
    {
        if (!scope.IsAggregated)
            return;
        var separator = " GROUP BY ";
        foreach (var output in scope.Outputs.Where(output => output is not ValueOutput { Value.Aggregate: not null }))
        {
            sql.Add(separator);
            separator = ", ";
            if (output is ValueOutput value)
                sql.Add(ValueSql.Expression(value.Value));
            else
                WriteOutput(sql, output);
        }
    }
}
