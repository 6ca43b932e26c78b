using Npgsql;

namespace Socle.Schema.Migrations;

/// <summary>What was moved aside, by the step that moved it (socle_system.aside).</summary>
internal static class Asides
{
    /// <param name="HoldsValuesOnly">The values of a column that is gone, not the column itself.</param>
    public sealed record TakenOff(long Id, bool HoldsValuesOnly);

    /// <summary>What was dropped for good.</summary>
    public sealed record Purged(string Name, DateTime At);

    public static async Task<TakenOff?> FindTakenOff(NpgsqlConnection connection, long migration, int step, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT id, kind = 'values' FROM socle_system.aside
            WHERE migration_id = $1 AND step = $2 AND is_way_down AND returned_at IS NULL AND purged_at IS NULL
            ORDER BY id DESC LIMIT 1
            """,
            connection)
        {
            Parameters = { new() { Value = migration }, new() { Value = step } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new TakenOff(reader.GetInt64(0), reader.GetBoolean(1)) : null;
    }

    public static async Task<Purged?> FindPurged(NpgsqlConnection connection, long migration, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT concat_ws('.', table_name, field_name), purged_at FROM socle_system.aside
            WHERE migration_id = $1 AND NOT is_way_down AND purged_at IS NOT NULL
            ORDER BY id LIMIT 1
            """,
            connection)
        {
            Parameters = { new() { Value = migration } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new Purged(reader.GetString(0), reader.GetDateTime(1)) : null;
    }

    /// <summary>The column that holds the old values of the type change that the runner has announced.</summary>
    public static async Task<string?> FindHiddenColumn(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT 'socle_aside_' || socle_system.find_aside('type')", connection);
        return await command.ExecuteScalarAsync(cancellation) as string;
    }
}
