using Npgsql;
using Socle.Postgres;

namespace Socle.Schema.Migrations;

/// <summary>Drops for good what was moved aside and whose 30 days are over. What other things of the database depend on waits for another day.</summary>
public static class AsidePurge
{
    public const int Days = 30;

    /// <returns>What is gone now, and what could not go.</returns>
    public static async Task<(IReadOnlyList<string> Gone, IReadOnlyList<string> Kept)> Run(NpgsqlDataSource dataSource, CancellationToken cancellation)
    {
        var (gone, kept) = (new List<string>(), new List<string>());
        foreach (var due in await ListDue(dataSource, cancellation))
            (await Purge(dataSource, due, cancellation) ? gone : kept).Add(due.Name);
        return (gone, kept);
    }

    private sealed record Due(long Id, string Name, string Sql);

    private static async Task<List<Due>> ListDue(NpgsqlDataSource dataSource, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        if (!await MigrationLog.IsThere(connection, cancellation))
            return [];
        await using var command = new NpgsqlCommand(
            $"""
            SELECT a.id, concat_ws('.', a.table_name, a.field_name),
                   CASE WHEN NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = coalesce(a.stored, a.relation)) THEN 'SELECT 1'
                        WHEN a.kind = 'table' THEN format('DROP TABLE %s', a.relation)
                        WHEN a.kind = 'values' THEN format('DROP TABLE %s', a.stored)
                        ELSE format('ALTER TABLE %s DROP COLUMN IF EXISTS %I', a.relation, 'socle_aside_' || a.id) END
            FROM socle_system.aside a
            WHERE a.returned_at IS NULL AND a.purged_at IS NULL AND a.at < now() - interval '{Days} days'
            ORDER BY a.id
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var due = new List<Due>();
        while (await reader.ReadAsync(cancellation))
            due.Add(new Due(reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));
        return due;
    }

    private static async Task<bool> Purge(NpgsqlDataSource dataSource, Due due, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await SchemaTransaction.Begin(connection, cancellation);
        try
        {
            await using var command = new NpgsqlCommand(
                $"{due.Sql};\nUPDATE socle_system.aside SET purged_at = now() WHERE id = {due.Id} AND returned_at IS NULL AND purged_at IS NULL", connection);
            await command.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return true;
        }
        catch (PostgresException)
        {
            return false;
        }
    }
}
