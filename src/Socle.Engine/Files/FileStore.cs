using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Files;

/// <summary>Who asks for files: as whom PostgreSQL judges what they may read, and how an upload remembers them.</summary>
/// <param name="Settings">The caller's role, account and name.</param>
/// <param name="UserId">The account, where there is one.</param>
/// <param name="Name">How the history names them.</param>
/// <param name="IsAdministrator">No policy binds them.</param>
public sealed record FileCaller(TransactionSettings Settings, Guid? UserId, string? Name, bool IsAdministrator)
{
    public static FileCaller From(Caller caller, CatalogSnapshot snapshot, ChangeOrigin origin) => new(
        new TransactionSettings(snapshot.Access.DatabaseRoleOf(caller), caller.UserId, origin),
        caller.UserId,
        caller.Name,
        caller.IsOperator || snapshot.Access.FindRole(caller.Role) is { IsAdmin: true });
}

/// <summary>
/// The files that there are. Content is on disk before its row is in the database, and leaves after it: a row never points to content
/// that is missing. What a caller may not read is not found: PostgreSQL decides by the records that point to it.
/// </summary>
public sealed class FileStore(Database database, FileFolder folder, StorageLimits limits)
{
    private const string Columns = "f.id, f.name, f.size, f.content_type, f.charset, f.sha256, f.created_at";

    public FileFolder Folder => folder;

    public StorageLimits Limits => limits;

    public async Task<StoredFile?> Find(Guid id, FileCaller caller, CancellationToken cancellation)
    {
        await using var connection = await database.Requests.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                caller.Settings.ToCommand(),
                new(caller.Settings.Mark($"SELECT {Columns} FROM socle_system.files f WHERE f.id = $1")) { Parameters = { new() { Value = id } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    /// <summary>For administrators: the newest first.</summary>
    public async Task<List<StoredFile>> List(string? search, int limit, long offset, CancellationToken cancellation)
    {
        await using var command = database.Maintenance.CreateCommand(
            $"""
            SELECT {Columns}, f.uploader FROM socle_system.files f
            WHERE $1::text IS NULL OR strpos(socle_system.fold(f.name), socle_system.fold($1)) > 0
            ORDER BY f.created_at DESC, f.id LIMIT $2 OFFSET $3
            """);
        command.Parameters.Add(new() { Value = (object?)search ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = offset });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var files = new List<StoredFile>();
        while (await reader.ReadAsync(cancellation))
            files.Add(Read(reader) with { Uploader = reader.IsDBNull(7) ? null : reader.GetString(7) });
        return files;
    }

    /// <summary>Whether there is room for so much more; null when there is.</summary>
    /// <param name="size">The bytes that will come; null when nobody knows.</param>
    /// <param name="cancellation">The caller left.</param>
    public async Task<Fault?> Refuse(long? size, CancellationToken cancellation)
    {
        if (size > limits.MaxSize)
            return FileFaults.TooLarge(limits.MaxSize);
        if (folder.FreeBytes - (size ?? 0) < StorageLimits.KeptFree)
            return FileFaults.DiskFull;
        if (limits.Quota == 0)
            return null;
        await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
        return await StorageQuota.IsExceeded(connection, limits.Quota, "", size ?? 0, except: null, cancellation) ? FileFaults.OverQuota(limits.Quota) : null;
    }

    /// <summary>An upload that is whole and flushed becomes a file.</summary>
    /// <param name="id">The upload's id, which the file gets.</param>
    /// <param name="known">What it is.</param>
    /// <param name="owner">Who uploaded it.</param>
    public async Task<Result<StoredFile>> Keep(Guid id, (string Name, long Size, ContentType Type, string Sha256) known, (Guid? UserId, string? Name) owner)
    {
        // Nothing of it ends with the request: content that is moved gets its row.
        await using var connection = await database.Maintenance.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await StorageLocks.Content(connection, known.Sha256);
        if (limits.Quota > 0)
        {
            await StorageLocks.Quota(connection);
            if (await StorageQuota.IsExceeded(connection, limits.Quota, known.Sha256, known.Size, id, CancellationToken.None))
                return FileFaults.OverQuota(limits.Quota);
        }

        folder.Keep(id, known.Sha256);
        await using var insert = new NpgsqlCommand(
            """
            WITH finished AS (DELETE FROM socle_system.uploads WHERE id = $1)
            INSERT INTO socle_system.files (id, name, size, content_type, charset, sha256, uploaded_by, uploader) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            RETURNING created_at
            """,
            connection)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = known.Name },
                new() { Value = known.Size },
                new() { Value = known.Type.Name },
                new() { Value = (object?)known.Type.Charset ?? DBNull.Value },
                new() { Value = known.Sha256 },
                new() { Value = (object?)owner.UserId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid },
                new() { Value = (object?)owner.Name ?? DBNull.Value },
            },
        };
        var at = (DateTime)(await insert.ExecuteScalarAsync())!;
        await transaction.CommitAsync();
        return new StoredFile(id, known.Name, known.Size, known.Type, known.Sha256, new DateTimeOffset(at));
    }

    /// <summary>Removes a file that no record points to, at once; it must be the caller's own, or they an administrator.</summary>
    public async Task<Result<StoredFile>> Delete(Guid id, FileCaller caller, CancellationToken cancellation)
    {
        if (await Find(id, caller, cancellation) is not { } file)
            return FileFaults.NotFound;
        await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
        if (!caller.IsAdministrator && !await IsOwn(connection, id, caller, cancellation))
            return FileFaults.NotFound;
        return await Remove(connection, file.Id, cancellation) ? file : FileFaults.StillUsed;
    }

    /// <summary>Takes the row away, then the content unless another row shares it.</summary>
    /// <returns>False when a record points to it.</returns>
    public async Task<bool> Remove(NpgsqlConnection connection, Guid id, CancellationToken cancellation)
    {
        try
        {
            await using var delete = new NpgsqlCommand("DELETE FROM socle_system.files WHERE id = $1 RETURNING sha256", connection) { Parameters = { new() { Value = id } } };
            if (await delete.ExecuteScalarAsync(cancellation) is string sha256)
                await RemoveContent(connection, sha256, cancellation);
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.RestrictViolation)
        {
            return false;
        }
    }

    /// <summary>Removes content that no row knows. Nobody stores the same at that moment.</summary>
    public async Task RemoveContent(NpgsqlConnection connection, string sha256, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await StorageLocks.Content(connection, sha256);
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM socle_system.files WHERE sha256 = $1)", connection) { Parameters = { new() { Value = sha256 } } };
        if (!(bool)(await command.ExecuteScalarAsync(cancellation))!)
            folder.Remove(sha256);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task<bool> IsOwn(NpgsqlConnection connection, Guid id, FileCaller caller, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM socle_system.files WHERE id = $1 AND uploaded_by IS NOT DISTINCT FROM $2 AND ($2 IS NOT NULL OR uploader IS NOT DISTINCT FROM $3))", connection)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = (object?)caller.UserId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid },
                new() { Value = (object?)caller.Name ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
            },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static StoredFile Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        row.GetInt64(2),
        new ContentType(row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4)),
        row.GetString(5),
        row.GetFieldValue<DateTimeOffset>(6));
}
