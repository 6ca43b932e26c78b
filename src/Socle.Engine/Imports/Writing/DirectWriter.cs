using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Postgres;

namespace Socle.Imports.Writing;

/// <summary>Writes new records straight into their table, by COPY.</summary>
internal sealed class DirectWriter(NpgsqlConnection connection, TableSnapshot table, ImmutableArray<ConvertedColumn> columns) : ChunkWriter(connection, table)
{
    private readonly string _copy = $"COPY {table.SqlName} ({string.Join(", ", columns.Select(column => Sql.Identifier(column.Field.Name)))}) FROM STDIN";

    public override Task Write(Chunk chunk, CancellationToken cancellation) => Store(
        chunk,
        0,
        chunk.Count,
        async (from, to) =>
        {
            await Copy(_copy, chunk.CopyOf(from, to), cancellation);
            Created += to - from;
        },
        cancellation);
}
