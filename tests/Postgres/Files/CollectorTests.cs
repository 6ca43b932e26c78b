using Npgsql;
using Socle.Catalog;
using Socle.Files;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Tests.Postgres.Schema;

namespace Socle.Tests.Postgres.Files;

/// <summary>What nobody needs any more goes, and nothing else.</summary>
public sealed class CollectorTests(TestServer server) : SchemaScenario(server), IDisposable
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("socle-files-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task A_file_that_nothing_points_to_goes_after_its_time()
    {
        await using var database = Open();
        var store = await Prepare(database);
        var (unused, used) = (await Upload(database, store, "unused"), await Upload(database, store, "used"));
        await Execute($"INSERT INTO things (scan) VALUES ('{used.Id}')");

        Assert.Equal(0, (await Collect(database, store)).Files);
        await Age();
        Assert.Equal(1, (await Collect(database, store)).Files);
        Assert.False(File.Exists(store.Folder.PathOf(unused.Sha256)));
        Assert.True(File.Exists(store.Folder.PathOf(used.Sha256)));

        // From the moment on at which the record lets go of it.
        await Execute("ALTER TABLE things DISABLE TRIGGER USER; UPDATE things SET scan = NULL; ALTER TABLE things ENABLE TRIGGER USER");
        Assert.Equal(0, (await Collect(database, store)).Files);
        await Age();
        Assert.Equal(1, (await Collect(database, store)).Files);
    }

    [Fact]
    public async Task What_the_history_can_put_back_keeps_its_files()
    {
        await using var database = Open();
        var store = await Prepare(database);
        var (one, many) = (await Upload(database, store, "one"), await Upload(database, store, "many"));
        await Execute($"INSERT INTO things (scan, extras) VALUES ('{one.Id}', ARRAY['{many.Id}']::uuid[]); UPDATE things SET scan = NULL; DELETE FROM things");
        await Collect(database, store);
        await Age();
        Assert.Equal(0, (await Collect(database, store)).Files);

        await Execute("DELETE FROM socle_system.history; UPDATE socle_system.files SET looked_at = now() - interval '2 days'");
        Assert.Equal(2, (await Collect(database, store)).Files);
    }

    [Fact]
    public async Task Content_that_another_file_shares_stays()
    {
        await using var database = Open();
        var store = await Prepare(database);
        var (one, two) = (await Upload(database, store, "same"), await Upload(database, store, "same"));
        await Execute($"INSERT INTO things (extras) VALUES (ARRAY['{two.Id}']::uuid[])");
        await Age();
        Assert.Equal(1, (await Collect(database, store)).Files);
        Assert.Equal(one.Sha256, two.Sha256);
        Assert.True(File.Exists(store.Folder.PathOf(two.Sha256)));
    }

    [Theory]
    [InlineData("scan", "'{0}'")]
    [InlineData("extras", "ARRAY['{0}']::uuid[]")]
    public async Task A_file_that_is_attached_at_that_moment_stays(string field, string value)
    {
        await using var database = Open();
        var store = await Prepare(database);
        var file = await Upload(database, store, "wanted");
        await Age();
        await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var insert = new NpgsqlCommand($"INSERT INTO things ({field}) VALUES ({string.Format(null, value, file.Id)})", connection))
            await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var collecting = Collect(database, store);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.False(collecting.IsCompleted);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, (await collecting).Files);
        Assert.True(File.Exists(store.Folder.PathOf(file.Sha256)));
    }

    [Fact]
    public async Task What_a_crash_left_goes_after_a_day()
    {
        await using var database = Open();
        var store = await Prepare(database);
        var file = await Upload(database, store, "kept");
        var orphan = store.Folder.PathOf(new string('b', 64));
        Directory.CreateDirectory(Path.GetDirectoryName(orphan)!);
        await File.WriteAllTextAsync(orphan, "nobody", TestContext.Current.CancellationToken);
        var begun = await new Uploads(database, store).Begin("late", 10, null, Nobody, TestContext.Current.CancellationToken);
        var partial = store.Folder.PartialOf(begun.Value.Id);
        Assert.Equal(new Collected(0, 0, 0), await Collect(database, store));

        foreach (var path in new[] { orphan, partial, store.Folder.PathOf(file.Sha256) })
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow - TimeSpan.FromDays(2));
        await Execute("UPDATE socle_system.uploads SET expires_at = now()");
        Assert.Equal(new Collected(0, 1, 1), await Collect(database, store));
        Assert.False(File.Exists(orphan));
        Assert.False(File.Exists(partial));
        Assert.True(File.Exists(store.Folder.PathOf(file.Sha256)));
    }

    private static FileCaller Nobody { get; } = new(new TransactionSettings(null, null, ChangeOrigin.New("test")), null, null, IsAdministrator: true);

    private Database Open() => Socle.Postgres.Database.Open(new NpgsqlConnectionStringBuilder(Database.ConnectionString), TimeSpan.FromSeconds(30));

    private async Task<FileStore> Prepare(Database database)
    {
        await Apply(Things("fields:\n  title: text\n  scan: file\n  extras: files"));
        return new FileStore(database, new FileFolder(_data.FullName), new StorageLimits(1_000_000, 0));
    }

    private static async Task<StoredFile> Upload(Database database, FileStore store, string content)
    {
        var stored = await new DirectUploads(store).Receive(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)), "x", Nobody, TestContext.Current.CancellationToken);
        Assert.False(stored.IsFault);
        return stored.Value;
    }

    private static Task<Collected> Collect(Database database, FileStore store) => new FileCollector(database.Maintenance, store).Run(Keep, TestContext.Current.CancellationToken);

    /// <summary>A month goes by.</summary>
    private Task Age() => Execute("UPDATE socle_system.files SET unused_since = unused_since - interval '31 days', looked_at = looked_at - interval '31 days'");
}
