using Socle.Kernel;

namespace Socle.Cochin;

/// <summary>An SQLite file that was looked at and is Cochin's. Refuses any other.</summary>
public sealed class CochinSource : IDisposable
{
    private CochinSource(SqliteFile file, CochinDatabase database) => (File, Database) = (file, database);

    internal SqliteFile File { get; }

    internal CochinDatabase Database { get; }

    public static async Task<Result<CochinSource>> Open(string path, CancellationToken cancellation)
    {
        SqliteFile? file = null;
        try
        {
            var opened = await SqliteFile.Open(path, cancellation);
            if (opened.IsFault)
                return opened.Faults;
            file = opened.Value;
            var database = await new CochinReader(file, cancellation).Read();
            if (database.IsFault)
                return database.Faults;
            var source = new CochinSource(file, database.Value);
            file = null;
            return source;
        }
        catch (UnreadableSqliteException exception)
        {
            return exception.Fault;
        }
        finally
        {
            file?.Dispose();
        }
    }

    public void Dispose() => File.Dispose();
}
