using System.Collections.Immutable;
using System.Text;
using Npgsql;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Imports.Reading;
using Socle.Imports.Values;
using Socle.Imports.Writing;
using Socle.Postgres;

namespace Socle.Imports;

/// <summary>What the table makes of the plan as it stands now: what empty cells become, and whether rows can go straight in.</summary>
internal sealed record ImportTarget(ImmutableArray<ConvertedColumn> Columns, bool IsStaged)
{
    private const string RandomUuid = "gen_random_uuid()";

    public static async Task<ImportTarget> Read(NpgsqlConnection connection, TableSnapshot table, ImportPlan plan, CancellationToken cancellation)
    {
        var columns = ImmutableArray.CreateBuilder<ConvertedColumn>();
        foreach (var (column, format) in plan.Written)
        {
            var (empty, value) = await WhenEmpty(connection, column.Field, plan.Key is not null, cancellation);
            columns.Add(new ConvertedColumn(column.Index, column.Header, column.Field, ValueReader.For(column.Field, format), empty, value, plan.IsKey(column.Field)));
        }

        // In an empty table no key is known yet.
        var mayExist = plan.Key is not null && await Ask<bool>(connection, $"SELECT EXISTS (SELECT FROM {table.SqlName})", cancellation);
        return new ImportTarget(columns.ToImmutable(), mayExist || table.Kind != TableKind.Table || columns.Any(column => column.Empty == EmptyCell.Evaluated));
    }

    public RowConverter Converter(ImportPlan plan) =>
        new(Columns, IsStaged, plan.UnwrapsFormulas, plan.Key is null ? null : new KeysSeen(plan.Key.IgnoresCase));

    public ChunkWriter Writer(NpgsqlConnection connection, TableSnapshot table, ImportPlan plan) =>
        IsStaged ? new StagedWriter(connection, table, Columns, plan.Key) : new DirectWriter(connection, table, Columns);

    /// <summary>Numbers that the file gave must not be given again.</summary>
    public async Task AdvanceSequences(NpgsqlConnection connection, TableSnapshot table, CancellationToken cancellation)
    {
        foreach (var field in Columns.Select(column => column.Field))
        {
            if (field.Default is not { } expression || !expression.StartsWith("nextval(", StringComparison.Ordinal) || !expression.EndsWith(')'))
                continue;
            var sequence = expression["nextval(".Length..^1];
            await using var command = new NpgsqlCommand(
                $"SELECT setval({sequence}, last) FROM (SELECT max({Sql.Identifier(field.Name)}) AS last FROM {table.SqlName}) m WHERE last > coalesce(pg_sequence_last_value({sequence}), 0)",
                connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>A required field that the file leaves empty takes its default.</summary>
    private static async Task<(EmptyCell, byte[]?)> WhenEmpty(NpgsqlConnection connection, FieldSnapshot field, bool mayUpdate, CancellationToken cancellation)
    {
        // The database numbers what brings no number.
        if (!field.IsRequired || field.Type is AutonumberField)
            return (EmptyCell.Null, null);
        if (field.Default is not { } expression)
            return (mayUpdate ? EmptyCell.Null : EmptyCell.Refused, null);
        if (expression == RandomUuid)
            return (EmptyCell.NewUuid, null);
        if (IsVolatile(expression))
            return (EmptyCell.Evaluated, null);
        var value = await Ask<string?>(connection, $"SELECT ({expression})::text", cancellation);
        var copy = new ByteText();
        copy.AddCopyText(Encoding.UTF8.GetBytes(value ?? ""));
        return value is null ? (EmptyCell.Null, null) : (EmptyCell.Constant, copy.Span.ToArray());
    }

    /// <summary>Whether each record may get another value. What only looks like a call costs time, not truth.</summary>
    private static bool IsVolatile(string expression) =>
        expression.Contains('(', StringComparison.Ordinal) && expression is not ("now()" or "CURRENT_TIMESTAMP" or "CURRENT_DATE") && expression[0] != '\'';

    private static async Task<T> Ask<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        var value = await command.ExecuteScalarAsync(cancellation);
        return value is DBNull ? default! : (T)value!;
    }
}
