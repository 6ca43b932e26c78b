using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Postgres;

namespace Socle.Imports.Writing;

/// <summary>
/// Writes records of which some may exist: each chunk is copied beside the table, then records with a known key take what differs, and the
/// others are inserted. A record that is the same already is not touched at all.
/// </summary>
internal sealed class StagedWriter(NpgsqlConnection connection, TableSnapshot table, ImmutableArray<ConvertedColumn> columns, ImportKey? key) : ChunkWriter(connection, table)
{
    private const string Staging = "pg_temp.socle_import";
    private const string Ordinal = "?n";

    private readonly string _target = table.SqlName;
    private readonly string _copy = $"COPY {Staging} ({string.Join(", ", columns.Select(column => column.Field.Name).Prepend(Ordinal).Select(Sql.Identifier))}) FROM STDIN";
    private bool _isMade;

    public override async Task Write(Chunk chunk, CancellationToken cancellation)
    {
        await Execute(_isMade ? $"TRUNCATE {Staging}" : MakeStaging(), cancellation);
        _isMade = true;
        await Store(chunk, 0, chunk.Count, (from, to) => Copy(_copy, chunk.CopyOf(from, to), cancellation), cancellation);
        await Execute($"ANALYZE {Staging}", cancellation);
        await Store(chunk, 0, chunk.Count, (from, to) => Merge(from, to, cancellation), cancellation);
    }

    private string MakeStaging() =>
        $"CREATE TEMPORARY TABLE socle_import ({Sql.Identifier(Ordinal)} integer, {string.Join(", ", columns.Select(column => $"{Sql.Identifier(column.Field.Name)} {column.Field.ColumnType.SqlName}"))}) ON COMMIT DROP";

    private async Task Merge(int from, int to, CancellationToken cancellation)
    {
        var range = $"s.{Sql.Identifier(Ordinal)} >= {from} AND s.{Sql.Identifier(Ordinal)} < {to}";
        var (known, updated) = (0L, 0L);
        if (key is not null)
        {
            known = await Count($"SELECT count(*) FROM {Staging} s WHERE {range} AND EXISTS (SELECT FROM {_target} t WHERE {key.Matches("t", "s")})", cancellation);
            updated = known > 0 && UpdateSql() is { } update ? await Execute($"{update} AND {range}", cancellation) : 0;
        }

        var created = await Execute($"{InsertSql()} WHERE {range}{(key is null ? "" : $" AND NOT EXISTS (SELECT FROM {_target} t WHERE {key.Matches("t", "s")})")} ORDER BY s.{Sql.Identifier(Ordinal)}", cancellation);
        (Created, Updated, Unchanged) = (Created + created, Updated + updated, Unchanged + known - updated);
    }

    /// <summary>Null when there is nothing to update but the key.</summary>
    private string? UpdateSql()
    {
        var changed = columns.Where(column => !column.IsKey && !column.Field.IsReadOnly).Select(column => column.Field).ToList();
        return changed.Count == 0 ? null : $"""
            UPDATE {_target} AS t SET {string.Join(", ", changed.Select(field => $"{Sql.Identifier(field.Name)} = s.{Sql.Identifier(field.Name)}"))}
            FROM {Staging} s WHERE {key!.Matches("t", "s")}
            AND ({string.Join(" OR ", changed.Select(Differs))})
            """;
    }

    /// <summary>A required field without a value in the file takes its default, as in a record that does not say.</summary>
    private string InsertSql()
    {
        var names = string.Join(", ", columns.Select(column => Sql.Identifier(column.Field.Name)));
        var values = string.Join(", ", columns.Select(column => column.Empty == EmptyCell.Evaluated
            ? $"coalesce(s.{Sql.Identifier(column.Field.Name)}, {column.Field.Default})"
            : $"s.{Sql.Identifier(column.Field.Name)}"));
        return $"INSERT INTO {_target} ({names}) OVERRIDING SYSTEM VALUE SELECT {values} FROM {Staging} s";
    }

    /// <summary>Types without equality are compared by their text.</summary>
    private static string Differs(FieldSnapshot field)
    {
        var name = Sql.Identifier(field.Name);
        return field.ColumnType.Kind is PgKind.Json or PgKind.Other or PgKind.Composite
            ? $"t.{name}::text IS DISTINCT FROM s.{name}::text"
            : $"t.{name} IS DISTINCT FROM s.{name}";
    }

    private async Task<long> Count(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, Connection) { CommandTimeout = 0 };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
