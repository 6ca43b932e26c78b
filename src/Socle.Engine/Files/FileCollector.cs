using Npgsql;

namespace Socle.Files;

/// <summary>What a collection took away.</summary>
/// <param name="Files">Files that no record points to.</param>
/// <param name="Uploads">Uploads that were never finished.</param>
/// <param name="Orphans">Content that no row knows.</param>
public sealed record Collected(int Files, int Uploads, int Orphans);

/// <summary>
/// Takes away what nobody needs: files that no record has pointed to for the time given, nor any version or deleted record that can be put
/// back; uploads of yesterday that were never finished; content that a crash left without a row. The database has the last word on each.
/// </summary>
public sealed class FileCollector(NpgsqlDataSource database, FileStore store)
{
    /// <param name="keptFor">How long a file stays that nothing points to; zero is for ever.</param>
    /// <param name="cancellation">The server stops.</param>
    public async Task<Collected> Run(TimeSpan keptFor, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var files = 0;
        foreach (var id in await ListDue(connection, keptFor, cancellation))
        {
            if (await store.Remove(connection, id, cancellation))
                files++;
        }

        var uploads = await RemoveUploads(connection, cancellation);
        return new Collected(files, uploads, await RemoveOrphans(connection, cancellation));
    }

    private static async Task<List<Guid>> ListDue(NpgsqlConnection connection, TimeSpan keptFor, CancellationToken cancellation)
    {
        await using (var note = new NpgsqlCommand("SELECT socle_system.note_unused_files()", connection))
            await note.ExecuteNonQueryAsync(cancellation);
        var due = new List<Guid>();
        if (keptFor == TimeSpan.Zero)
            return due;
        await using var command = new NpgsqlCommand("SELECT socle_system.files_due($1)", connection) { Parameters = { new() { Value = keptFor } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            due.Add(reader.GetGuid(0));
        return due;
    }

    private async Task<int> RemoveUploads(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using (var command = new NpgsqlCommand("DELETE FROM socle_system.uploads WHERE expires_at < now()", connection))
            await command.ExecuteNonQueryAsync(cancellation);
        var known = new HashSet<Guid>();
        await using (var command = new NpgsqlCommand("SELECT id FROM socle_system.uploads", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                known.Add(reader.GetGuid(0));
        }

        var gone = store.Folder.ListPartials(DateTime.UtcNow - Uploads.Lifetime).Where(id => !known.Contains(id)).ToList();
        gone.ForEach(store.Folder.RemovePartial);
        return gone.Count;
    }

    private async Task<int> RemoveOrphans(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var orphans = new List<string>();
        foreach (var some in store.Folder.ListContent(DateTime.UtcNow - Uploads.Lifetime).Chunk(1000))
        {
            await using var command = new NpgsqlCommand("SELECT s FROM unnest($1) s WHERE NOT EXISTS (SELECT FROM socle_system.files f WHERE f.sha256 = s)", connection) { Parameters = { new() { Value = some } } };
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                orphans.Add(reader.GetString(0));
        }

        foreach (var sha256 in orphans)
            await store.RemoveContent(connection, sha256, cancellation);
        return orphans.Count;
    }
}
