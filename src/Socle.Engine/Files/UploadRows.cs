using Npgsql;
using NpgsqlTypes;

namespace Socle.Files;

/// <summary>What the database knows of uploads: those that go on, and by their files those that are finished.</summary>
internal static class UploadRows
{
    public static async Task Add(NpgsqlDataSource database, Upload upload, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("INSERT INTO socle_system.uploads (id, name, size, metadata, uploaded_by, uploader, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)");
        command.Parameters.Add(new() { Value = upload.Id });
        command.Parameters.Add(new() { Value = upload.Name });
        command.Parameters.Add(new() { Value = upload.Size });
        command.Parameters.Add(Text(upload.Metadata));
        command.Parameters.Add(new() { Value = (object?)upload.Owner.UserId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(Text(upload.Owner.Name));
        command.Parameters.Add(new() { Value = upload.ExpiresAt });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public static async Task<Upload?> Find(NpgsqlDataSource database, Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT u.name, u.size, u.metadata, u.uploaded_by, u.uploader, u.expires_at, false FROM socle_system.uploads u WHERE u.id = $1 AND u.expires_at > now()
            UNION ALL
            SELECT f.name, f.size, NULL, f.uploaded_by, f.uploader, f.created_at, true FROM socle_system.files f WHERE f.id = $1
            """);
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new Upload(
                id,
                reader.GetString(0),
                reader.GetInt64(1),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                (reader.IsDBNull(3) ? null : reader.GetGuid(3), reader.IsDBNull(4) ? null : reader.GetString(4)),
                reader.GetFieldValue<DateTimeOffset>(5),
                IsFinished: reader.GetBoolean(6))
            : null;
    }

    public static async Task Remove(NpgsqlDataSource database, Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("DELETE FROM socle_system.uploads WHERE id = $1");
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
