using System.Reflection;
using Npgsql;

namespace Socle.Postgres;

/// <summary>
/// Socle's own schema in the database: numbered .sql files, applied once each and in order,
/// all in one transaction. Two servers starting at once: one waits.
/// </summary>
public static class SystemSchema
{
    private const string Folder = "Socle.Postgres.System.";

    /// <summary>The advisory lock that everything which changes the schema holds: "socle" in ASCII.</summary>
    public const long Lock = 0x736f636c65;

    public static async Task Apply(NpgsqlDataSource dataSource, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Apply(connection, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Within the caller's transaction.</summary>
    public static async Task Apply(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var current = await ReadVersion(connection, cancellation);
        foreach (var (version, sql) in Scripts().Where(script => script.Version > current))
        {
            await Execute(connection, sql, cancellation);
            await Execute(connection, $"INSERT INTO socle_system.system_versions (version) VALUES ({version})", cancellation);
        }

        await EnsureEventTriggers(connection, cancellation);
    }

    /// <summary>The same where the schema is there already: somebody else's database gets nothing that its owner did not ask for.</summary>
    /// <returns>Whether it is there.</returns>
    public static async Task<bool> Upgrade(NpgsqlDataSource dataSource, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand("SELECT to_regnamespace('socle_system') IS NOT NULL");
        var isThere = (bool)(await command.ExecuteScalarAsync(cancellation))!;
        if (isThere)
            await Apply(dataSource, cancellation);
        return isThere;
    }

    private static async Task<int> ReadVersion(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await Execute(
            connection,
            $"""
            SELECT pg_advisory_xact_lock({Lock});
            CREATE SCHEMA IF NOT EXISTS socle_system;
            CREATE TABLE IF NOT EXISTS socle_system.system_versions (
                version integer PRIMARY KEY,
                applied_at timestamptz NOT NULL DEFAULT now());
            """,
            cancellation);
        await using var command = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM socle_system.system_versions", connection);
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Event triggers need a superuser. Without them the catalog is watched by looking (see CatalogWatcher).</summary>
    private static Task EnsureEventTriggers(NpgsqlConnection connection, CancellationToken cancellation) => Execute(
        connection,
        """
        DO $$
        BEGIN
            IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
               AND NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname = 'socle_ddl_end') THEN
                CREATE EVENT TRIGGER socle_ddl_end ON ddl_command_end EXECUTE FUNCTION socle_system.notify_catalog();
                CREATE EVENT TRIGGER socle_drop ON sql_drop EXECUTE FUNCTION socle_system.notify_catalog();
            END IF;
        END $$;
        """,
        cancellation);

    private static IEnumerable<(int Version, string Sql)> Scripts() =>
        from name in Assembly.GetExecutingAssembly().GetManifestResourceNames()
        where name.StartsWith(Folder, StringComparison.Ordinal)
        orderby name
        select (int.Parse(name.AsSpan(Folder.Length, 4)), Read(name));

    private static string Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
