using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;

namespace Socle.Schema.Migrations;

/// <summary>What was applied, in order, with everything that takes it back (socle_system.migrations).</summary>
public static class MigrationLog
{
    private const string Columns = "id, applied_at, reverted_at, superseded_at IS NOT NULL, blueprint, source, steps::text";

    public static async Task<ImmutableArray<Migration>> List(NpgsqlDataSource dataSource, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        return await List(connection, cancellation);
    }

    /// <summary>Whether the last thing that was said of this blueprint text is that it shall not be: it was applied and taken down.</summary>
    public static async Task<Migration?> FindTakenDown(NpgsqlDataSource dataSource, string source, CancellationToken cancellation) =>
        (await List(dataSource, cancellation)).LastOrDefault(migration => migration.State == MigrationState.TakenDown && migration.Source == source);

    internal static async Task<ImmutableArray<Migration>> List(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (!await IsThere(connection, cancellation))
            return [];
        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM socle_system.migrations ORDER BY id", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var migrations = ImmutableArray.CreateBuilder<Migration>();
        while (await reader.ReadAsync(cancellation))
        {
            DateTime? reverted = reader.IsDBNull(2) ? null : reader.GetDateTime(2);
            migrations.Add(new Migration(
                reader.GetInt64(0),
                reader.GetDateTime(1),
                reverted,
                reader.GetBoolean(3) ? MigrationState.Superseded : reverted is null ? MigrationState.Applied : MigrationState.TakenDown,
                reader.GetString(4),
                reader.GetString(5),
                JsonSerializer.Deserialize(reader.GetString(6), LoggedStepJson.Default.ImmutableArrayLoggedStep)));
        }

        return migrations.ToImmutable();
    }

    /// <summary>A database that nobody gave a blueprint has no log, and gets none by being asked.</summary>
    internal static async Task<bool> IsThere(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass('socle_system.migrations') IS NOT NULL", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Logs what is about to be done. What was taken down before does not come up again.</summary>
    internal static async Task<long> Add(NpgsqlConnection connection, string blueprint, string source, IEnumerable<SchemaStep> steps, CancellationToken cancellation)
    {
        var json = JsonSerializer.Serialize([.. steps.Select(LoggedStep.From)], LoggedStepJson.Default.ImmutableArrayLoggedStep);
        await using var command = new NpgsqlCommand(
            """
            WITH superseded AS (UPDATE socle_system.migrations SET superseded_at = now() WHERE reverted_at IS NOT NULL AND superseded_at IS NULL)
            INSERT INTO socle_system.migrations (blueprint, source, steps) VALUES ($1, $2, $3::jsonb) RETURNING id
            """,
            connection)
        {
            Parameters = { new() { Value = blueprint }, new() { Value = source }, new() { Value = json } },
        };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    internal static async Task Mark(NpgsqlConnection connection, long id, bool isTakenDown, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"UPDATE socle_system.migrations SET reverted_at = {(isTakenDown ? "now()" : "NULL")} WHERE id = $1", connection)
        {
            Parameters = { new() { Value = id } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
