using Socle.Catalog;
using Socle.Grammar;
using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.Records.Statements;

/// <summary>Values as SQL expressions.</summary>
internal static class ValueSql
{
    /// <summary>The value as it is compared, sorted by and grouped by.</summary>
    public static string Expression(ValuePlan value)
    {
        var sql = Bare(value);
        if (value.Aggregate is not { } aggregate)
            return sql;
        sql = $"{Function(aggregate)}({sql})";
        return value.AggregateCast is null ? sql : $"CAST({sql} AS {value.AggregateCast})";
    }

    /// <summary>The value as it is answered: what the wire decoder does not know travels as json.</summary>
    public static string Answered(ValuePlan value)
    {
        var type = value.AggregateCast is null ? value.Type : Casts.Find(value.AggregateCast);
        var isKnown = value is { Aggregate: Aggregate.Count, AggregateCast: null } || IsDecoded(type!);
        if (!isKnown)
            return IsWrittenAsText(type!) ? $"CAST({Expression(value)} AS text)" : $"to_jsonb({Expression(value)})";
        // Inside a record PostgreSQL names a domain, not the type that the decoder knows.
        return value.Aggregate is null && type!.BaseName is { } name ? $"CAST({Expression(value)} AS {name})" : Expression(value);
    }

    private static string Bare(ValuePlan value)
    {
        var sql = value.Source switch
        {
            ColumnSource { Field.Way: not null } computed => WaySql.Write(computed.Field, ScopeSql.Alias(computed.Scope)),
            ColumnSource column => $"{ScopeSql.Alias(column.Scope)}.{column.Field.SqlName}",
            ExposedSource exposed => $"e{exposed.Embed}.x{exposed.Index}",
            _ => "*",
        };
        if (!value.Steps.IsEmpty)
        {
            if (value.Source is ColumnSource { Field.ColumnType.Kind: not PgKind.Jsonb })
                sql = $"to_jsonb({sql})";
            foreach (var step in value.Steps)
                sql += (step.AsText ? "->>" : "->") + (step.Index?.ToString() ?? Sql.Literal(step.Key!));
            sql = $"({sql})";
        }

        if (value.Cast is not null)
            sql = $"CAST({sql} AS {value.Cast})";
        return value.Period is null ? sql : FirstDay(sql, value.Period);
    }

    private static string FirstDay(string sql, PeriodPlan plan)
    {
        var local = plan.Zone is { } zone ? $"({sql} AT TIME ZONE {Sql.Literal(zone)})" : $"CAST({sql} AS timestamp)";
        return $"CAST(date_trunc({Sql.Literal(ValuePlanner.NameOf(plan.Period))}, {local}) AS date)";
    }

    private static string Function(Aggregate aggregate) => aggregate switch
    {
        Aggregate.Avg => "avg",
        Aggregate.Count => "count",
        Aggregate.Max => "max",
        Aggregate.Min => "min",
        _ => "sum",
    };

    /// <summary>As json an hstore is an object, which PostgreSQL does not take back.</summary>
    private static bool IsWrittenAsText(PgType type) => type.Kind == PgKind.Other && type.SqlName.Split('.')[^1] == "hstore";

    /// <summary>Whether <see cref="Postgres.Wire.WireFormat"/> reads the type's binary form.</summary>
    private static bool IsDecoded(PgType type) => type.Kind switch
    {
        PgKind.Range or PgKind.TsVector or PgKind.Composite or PgKind.Other => false,
        PgKind.Array => Postgres.Wire.WireFormat.IsArray(type.Oid),
        _ => true,
    };
}
