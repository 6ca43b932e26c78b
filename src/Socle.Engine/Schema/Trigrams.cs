using Npgsql;

namespace Socle.Schema;

/// <summary>Whether the extension pg_trgm, which search indexes need, is there or may be made. It is a trusted one: whoever may create in the database may create it.</summary>
/// <param name="Schema">Where it is, or would be; null when it is not to be had.</param>
internal sealed record Trigrams(string? Schema, bool IsInstalled)
{
    public const string Extension = "pg_trgm";

    public static async Task<Trigrams> Read(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT (SELECT n.nspname::text FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = '{Extension}'),
                   EXISTS (SELECT FROM pg_available_extension_versions v
                           WHERE v.name = '{Extension}'
                             AND (NOT v.superuser OR v.trusted OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)))
                   AND has_database_privilege(current_database(), 'CREATE') AND has_schema_privilege('socle_system', 'CREATE')
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        if (!reader.IsDBNull(0))
            return new Trigrams(reader.GetString(0), IsInstalled: true);
        return new Trigrams(reader.GetBoolean(1) ? "socle_system" : null, IsInstalled: false);
    }
}
