using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.Records.Statements;

/// <summary>
/// Takes a write plan, gives its one statement: the records arrive as JSON in $1, and what was written is answered
/// like any read. Its text depends on the columns only, never on the values.
/// </summary>
public static class WriteStatements
{
    /// <summary>
    /// xmax is zero in a row version that no transaction has replaced: a new record. Of a partitioned table PostgreSQL does not
    /// tell it, but a statement sees no row that it makes itself.
    /// </summary>
    private static string InsertedFlag(WritePlan plan)
    {
        var isNew = plan.Table.IsPartitioned
            ? $"NOT EXISTS (SELECT FROM {plan.Table.SqlName} AS old WHERE {string.Join(" AND ", plan.Conflict!.Fields.Select(field => $"old.{field.SqlName} = t0.{field.SqlName}"))})"
            : "t0.xmax = 0";
        return $", {isNew} AS \"?inserted\"";
    }

    /// <summary>PostgreSQL lets nobody return a column that they may not read.</summary>
    private static string Returned(TableSnapshot table) => table.Rights.AllowsEveryField(PolicyAction.Read)
        ? "t0.*"
        : string.Join(", ", table.Fields.SelectMany(Columns).Distinct().Select(column => $"t0.{Sql.Identifier(column)}"));

    /// <summary>The columns that a field needs of its row.</summary>
    private static IEnumerable<string> Columns(FieldSnapshot field) => field.Way is { } way ? way.Columns.Select(pair => pair.Own) : [field.Name];

    /// <summary>Up to here it costs less to look for each in the JSON than to make a table of it.</summary>
    private const int FewFields = 3;

    private const string Version = ", t0.xmin AS \"?version\"";

    /// <param name="plan">What is written.</param>
    /// <param name="isMany">Whether the records come as an array.</param>
    /// <param name="origin">The change set, where the statement is a transaction by itself; null in one that was told.</param>
    /// <param name="who">Who asks, where policies ask and the statement may tell; null where it need not.</param>
    public static Statement Write(WritePlan plan, bool isMany, ChangeOrigin? origin, string? who)
    {
        // What is read beside the records written may be read before them, and so before anything is told.
        var told = new ToldSettings(origin, IsWrapped(plan) ? null : who);
        var sql = new SqlText(plan.Kind == WriteKind.Delete ? null : plan.Payload);
        if (!IsWrapped(plan))
        {
            WriteChange(sql, plan, isMany, told, () =>
            {
                ScopeSql.WriteOutputs(sql, plan.Answer.Scope);
                sql.Add(plan.Answer.HasVersion ? ", t0.xmin" : "");
            });
            return sql.ToStatement() with { IsWrite = true, TellsWho = told.Who is not null };
        }

        sql.Add("WITH w AS (");
        WriteChange(sql, plan, isMany, told, () => sql.Add(Returned(plan.Table)).Add(IsUpsert(plan) ? InsertedFlag(plan) : "").Add(plan.Answer.HasVersion ? Version : ""));
        sql.Add(") SELECT ");
        ScopeSql.WriteOutputs(sql, plan.Answer.Scope);
        if (plan.Answer.HasVersion)
            sql.Add(", t0.\"?version\"");
        if (IsUpsert(plan))
            sql.Add(plan.Answer.Scope.IsAggregated ? ", bool_or(bool_or(t0.\"?inserted\")) OVER ()" : ", bool_or(t0.\"?inserted\") OVER ()");
        sql.Add(" FROM w AS t0");
        var answer = Answered(plan.Answer.Scope);
        ScopeSql.WriteJoins(sql, answer, innerOnly: false);
        ScopeSql.WriteTail(sql, answer, isRoot: true);
        return sql.ToStatement() with { IsWrite = true };
    }

    /// <summary>Inner joins and pages choose what is written or nothing at all: everything that was written is answered.</summary>
    private static ScopePlan Answered(ScopePlan scope) =>
        scope with { Limit = null, Offset = null, Embeds = [.. scope.Embeds.Select(embed => embed with { IsInner = false })] };

    /// <summary>Whether the last column tells if any record is new.</summary>
    public static bool IsUpsert(WritePlan plan) => plan.Conflict is { Resolution: ConflictResolution.Merge };

    /// <summary>RETURNING can neither join nor group nor sort nor look at all rows: then what was written is read as a table.</summary>
    private static bool IsWrapped(WritePlan plan) =>
        IsUpsert(plan) || plan.Answer.Scope is { IsAggregated: true } or { Embeds.IsEmpty: false } or { Order.IsEmpty: false };

    private static void WriteChange(SqlText sql, WritePlan plan, bool isMany, ToldSettings told, Action writeReturned)
    {
        switch (plan.Kind)
        {
            case WriteKind.Insert:
                WriteInsert(sql, plan, isMany, told);
                break;
            case WriteKind.Update when plan.Columns.IsEmpty:
                // With nothing to change the record is only answered.
                sql.Add("SELECT ");
                writeReturned();
                sql.Add(" FROM ").Add(plan.Table.SqlName).Add(" AS t0 CROSS JOIN ");
                WriteSource(sql, plan, isMany);
                WriteTargets(sql, plan);
                ToldSql.Write(sql, " AND ", told);
                return;
            case WriteKind.Update:
                sql.Add("UPDATE ").Add(plan.Table.SqlName).Add(" AS t0 SET ");
                Each(sql, plan.Columns, column => sql.Add(column.Field.SqlName).Add(" = ").Add(Updated(column)));
                sql.Add(" FROM ");
                WriteSource(sql, plan, isMany);
                WriteTargets(sql, plan);
                ToldSql.Write(sql, " AND ", told);
                break;
            case WriteKind.Delete:
                sql.Add("DELETE FROM ").Add(plan.Table.SqlName).Add(" AS t0");
                WriteTargets(sql, plan);
                ToldSql.Write(sql, " AND ", told);
                break;
        }

        sql.Add(" RETURNING ");
        writeReturned();
    }

    /// <summary>The sent records as rows named x.</summary>
    private static void WriteSource(SqlText sql, WritePlan plan, bool isMany)
    {
        var fields = plan.Columns.Where(column => column.Presence != Presence.None).Select(column => column.Field).Concat(plan.Echoed).ToList();
        if (!isMany && fields.Count is > 0 and <= FewFields && fields.TrueForAll(IsPlain))
        {
            sql.Add("(SELECT ");
            Each(sql, fields, field => sql.Add($"CAST($1 ->> {Sql.Literal(field.Name)} AS {field.ColumnType.SqlName}) AS ").Add(field.SqlName));
            sql.Add(") AS x");
            return;
        }

        sql.Add(isMany ? "json_to_recordset($1) AS x(" : "json_to_record($1) AS x(");
        var separator = "";
        foreach (var field in fields)
        {
            sql.Add(separator).Add(field.SqlName).Add(' ').Add(field.ColumnType.SqlName);
            separator = ", ";
        }

        foreach (var column in plan.Columns.Where(column => column.Presence == Presence.Some))
            sql.Add(separator).Name(BodyPlanner.PresenceKey(column.Field)).Add(" boolean");
        // A list of columns cannot be empty.
        sql.Add(separator.Length == 0 ? "\"?\" boolean" : "").Add(')');
    }

    /// <summary>Of a value's type, what json_to_record would make of it: no JSON of its own, and no length that a cast would cut it to.</summary>
    private static bool IsPlain(FieldSnapshot field) =>
        field.ColumnType is { Kind: not (PgKind.Json or PgKind.Jsonb or PgKind.Array or PgKind.Composite), BaseName: null } type && !type.SqlName.Contains('(', StringComparison.Ordinal);

    private static void WriteInsert(SqlText sql, WritePlan plan, bool isMany, ToldSettings told)
    {
        sql.Add("INSERT INTO ").Add(plan.Table.SqlName).Add(" AS t0 (");
        Each(sql, plan.Columns, column => sql.Add(column.Field.SqlName));
        sql.Add(") SELECT ");
        Each(sql, plan.Columns, column => sql.Add(Inserted(column)));
        sql.Add(" FROM ");
        WriteSource(sql, plan, isMany);
        ToldSql.Write(sql, " WHERE ", told);
        if (plan.Conflict is { } conflict)
            WriteConflict(sql, plan, conflict);
    }

    private static void WriteTargets(SqlText sql, WritePlan plan)
    {
        ScopeSql.WriteWhere(sql, plan.Answer.Scope, " WHERE ", plan.Answer.Search, isJoined: false);
        foreach (var field in plan.Echoed)
            sql.Add(" AND ").Add(Same(field));
        // Judged in the statement that writes: a writer who waited for another one sees the other's version.
        if (plan.Versions is { } versions)
            sql.Add(" AND t0.xmin = ANY (CAST(").Parameter($"{{{string.Join(',', versions)}}}").Add(" AS xid[]))");
    }

    private static string Inserted(ColumnPlan column)
    {
        var name = column.Field.SqlName;
        var fallback = column.Field.Default ?? $"CAST(NULL AS {column.Field.ColumnType.SqlName})";
        return column.Presence switch
        {
            Presence.All => $"x.{name}",
            Presence.Some => $"CASE WHEN x.{Sql.Identifier(BodyPlanner.PresenceKey(column.Field))} THEN x.{name} ELSE {fallback} END",
            _ => fallback,
        };
    }

    private static void WriteConflict(SqlText sql, WritePlan plan, ConflictPlan conflict)
    {
        sql.Add(" ON CONFLICT (").Add(conflict.Target).Add(") DO ");
        var updated = plan.Columns.Where(column => !plan.Table.PrimaryKey.Contains(column.Field)).ToList();
        if (conflict.Resolution == ConflictResolution.Ignore)
        {
            sql.Add("NOTHING");
            return;
        }

        sql.Add("UPDATE SET ");
        // With nothing to merge the record is still answered, so it is still touched.
        Each(sql, updated.Count > 0 ? updated : [.. plan.Columns], column => sql.Add(column.Field.SqlName).Add(" = EXCLUDED.").Add(column.Field.SqlName));
    }

    private static string Updated(ColumnPlan column) =>
        column.Presence == Presence.None ? "DEFAULT" : $"x.{column.Field.SqlName}";

    /// <summary>A front end that parsed a moment keeps milliseconds of it; that is still the stored value.</summary>
    private static string Same(FieldSnapshot field)
    {
        var name = field.SqlName;
        var stored = field.Way is null ? $"t0.{name}" : WaySql.Write(field, "t0");
        return field.ColumnType.Kind is PgKind.TimestampTz or PgKind.Timestamp
            ? $"date_trunc('milliseconds', {stored}) IS NOT DISTINCT FROM date_trunc('milliseconds', x.{name})"
            : $"{stored} IS NOT DISTINCT FROM x.{name}";
    }

    private static void Each<T>(SqlText sql, IReadOnlyList<T> columns, Action<T> write)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (i > 0)
                sql.Add(", ");
            write(columns[i]);
        }
    }
}
