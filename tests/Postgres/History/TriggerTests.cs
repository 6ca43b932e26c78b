using Npgsql;
using Socle.History;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Tests.Postgres.History;

/// <summary>What is done in psql is kept, however it is done.</summary>
public sealed class TriggerTests(TestServer server) : IAsyncLifetime
{
    private NpgsqlDataSource _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabase();
        await Run("CREATE TABLE t (id int PRIMARY KEY, v text UNIQUE)");
        await Run("SELECT socle_system.keep_history('t')");
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Each_kind_of_statement_is_kept_by_row()
    {
        await Expect("INSERT INTO t VALUES (1, 'a'), (2, 'b')", "I1 I2");
        await Expect("UPDATE t SET v = v || '!'", "U1{\"id\":1,\"v\":\"a\"} U2{\"id\":2,\"v\":\"b\"}");
        await Expect("UPDATE t SET v = v", "");
        await Expect("UPDATE t SET v = 'x' WHERE id = 9", "");
        await Expect("INSERT INTO t VALUES (1, 'c'), (3, 'c') ON CONFLICT (id) DO UPDATE SET v = excluded.v || 'x'", "I3 U1{\"id\":1,\"v\":\"a!\"}");
        await Expect("INSERT INTO t VALUES (1, 'c') ON CONFLICT DO NOTHING", "");
        await Expect("MERGE INTO t USING (VALUES (2), (4)) s (id) ON s.id = t.id WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (s.id, NULL)", "D2{\"id\":2,\"v\":\"b!\"} I4");
        await Expect("WITH gone AS (DELETE FROM t WHERE id = 4 RETURNING id) INSERT INTO t SELECT id + 1, NULL FROM gone", "D4{\"id\":4,\"v\":null} I5");
        await Expect("UPDATE t SET id = 50 WHERE id = 5", "D5{\"id\":5,\"v\":null} I50");
        await Expect("DELETE FROM t WHERE id = 3", "D3{\"id\":3,\"v\":\"c\"}");
        await Expect("TRUNCATE t", "D1{\"id\":1,\"v\":\"cx\"} D50{\"id\":50,\"v\":null}");
        await using var connection = await _database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using (var copy = await connection.BeginTextImportAsync("COPY t FROM STDIN", TestContext.Current.CancellationToken))
            await copy.WriteAsync("7\tcopied\n");
        Assert.Equal("I7", await Last());
    }

    [Fact]
    public async Task Keys_that_move_up_or_change_places_are_followed()
    {
        await Run("INSERT INTO t VALUES (1, 'a')");
        await Expect("UPDATE t SET id = id + 1", "D1{\"id\":1,\"v\":\"a\"} I2");
        await Run("CREATE TABLE places (place int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v text); SELECT socle_system.keep_history('places')");
        await Run("INSERT INTO places VALUES (1, 'a'), (2, 'b')");
        await Expect("UPDATE places SET place = 3 - place", "U1{\"place\":1,\"v\":\"a\"} U2{\"place\":2,\"v\":\"b\"}");
    }

    [Fact]
    public async Task No_search_path_and_no_time_zone_of_a_session_reaches_the_history()
    {
        await Run("CREATE TABLE moments (id int PRIMARY KEY, at timestamptz); SELECT socle_system.keep_history('moments'); INSERT INTO moments VALUES (1, '2026-07-01 12:00:00+00')");
        await Run("CREATE SCHEMA evil; CREATE FUNCTION evil.row_to_json(record) RETURNS json LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
        await Expect(
            "SET search_path = evil, public, pg_catalog; SET timezone = 'Pacific/Kiritimati'; UPDATE moments SET at = NULL",
            "U1{\"id\":1,\"at\":\"2026-07-01T12:00:00+00:00\"}");
        Assert.Equal("Pacific/Kiritimati", await Ask<string>("BEGIN; SET timezone = 'Pacific/Kiritimati'; UPDATE moments SET at = now(); SELECT current_setting('timezone')"));
    }

    [Fact]
    public async Task A_transaction_is_one_change_set_and_what_is_rolled_back_never_was()
    {
        await Run("BEGIN; INSERT INTO t VALUES (1, 'a'); SAVEPOINT s; INSERT INTO t VALUES (2, 'b'); ROLLBACK TO s; UPDATE t SET v = 'c'; COMMIT");
        Assert.Equal("I1 U1{\"id\":1,\"v\":\"a\"}", await Last());
        await Run("BEGIN; SAVEPOINT s; INSERT INTO t VALUES (2, 'b'); ROLLBACK TO s; INSERT INTO t VALUES (3, 'b'); COMMIT");
        Assert.Equal("I3", await Last());
        await Run("BEGIN; DELETE FROM t; ROLLBACK");
        Assert.Equal("I3", await Last());
        Assert.Equal(2L, await Ask<long>("SELECT count(*) FROM socle_system.changes"));
        Assert.Equal(0L, await Ask<long>("SELECT count(*) FROM socle_system.history h WHERE NOT EXISTS (SELECT FROM socle_system.changes c WHERE c.id = h.change_id)"));
    }

    [Fact]
    public async Task Who_asks_is_told_by_the_server_or_by_the_connection()
    {
        await Run("INSERT INTO t VALUES (1, 'a')");
        Assert.Equal("sql postgres", await Ask<string>("SELECT source || ' ' || actor FROM socle_system.changes"));
        await using (var connection = await _database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await ChangeSettings.Set(connection, ChangeOrigin.New("import", "r-1") with { Actor = "é\"'" }, TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand("UPDATE t SET v = 'b'; DELETE FROM t", connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal("import é\"' r-1", await Ask<string>("SELECT source || ' ' || actor || ' ' || request_id FROM socle_system.changes ORDER BY id DESC LIMIT 1"));
        Assert.Equal("U1{\"id\":1,\"v\":\"a\"} D1{\"id\":1,\"v\":\"b\"}", await Last());
    }

    [Fact]
    public async Task A_change_set_is_told_of_in_one_entry_and_in_the_next_when_that_is_forgotten()
    {
        const string Told = "SELECT string_agg(h.key || CASE WHEN h.origin IS NULL THEN '' ELSE ' ' || (h.origin ->> 'source') END, ', ' ORDER BY h.id) FROM socle_system.history h";
        await Run("BEGIN; INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c'); DELETE FROM t WHERE id = 2; COMMIT");
        Assert.Equal("1 sql, 2, 3, 2", await Ask<string>(Told));
        await Run("DELETE FROM t");
        Assert.Equal("1 sql, 2, 3, 2, 1 sql, 3", await Ask<string>(Told));
        var sets = await Ask<string>("SELECT string_agg(concat_ws(' ', id, xid, at, actor), ', ' ORDER BY id) FROM socle_system.changes");

        await Run("DELETE FROM socle_system.history WHERE key = '1'");
        Assert.Equal("2 sql, 3, 2, 3 sql", await Ask<string>(Told));
        Assert.Equal(sets, await Ask<string>("SELECT string_agg(concat_ws(' ', id, xid, at, actor), ', ' ORDER BY id) FROM socle_system.changes"));
        await Run("DELETE FROM socle_system.history WHERE key = '3'");
        Assert.Equal("2 sql, 2", await Ask<string>(Told));
        await Run("DELETE FROM socle_system.history");
        Assert.Equal(0L, await Ask<long>("SELECT count(*) FROM socle_system.changes"));
    }

    [Fact]
    public async Task An_update_that_changes_nothing_is_no_change()
    {
        await Run("INSERT INTO t VALUES (1, 'a')");
        await Expect("UPDATE t SET v = v", "");
        await Expect("SET timezone = 'Asia/Tokyo'; UPDATE t SET v = v; DELETE FROM t WHERE id = 7; INSERT INTO t SELECT 1, 'a' WHERE false; RESET ALL", "");
        await Expect("BEGIN; UPDATE t SET v = v; UPDATE t SET v = 'b'; COMMIT", "U1{\"id\":1,\"v\":\"a\"}");
    }

    [Fact]
    public async Task Partitions_are_kept_by_whatever_name_they_are_written()
    {
        await Run("CREATE TABLE p (id int, at date, v text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)");
        await Run("CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')");
        await Run("SELECT socle_system.keep_history('p')");
        await Run("CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')");
        await Expect("INSERT INTO p VALUES (1, '2024-05-01', 'a')", "I1,2024-05-01");
        await Expect("INSERT INTO p2 VALUES (2, '2025-05-01', 'b')", "I2,2025-05-01");
        await Expect("UPDATE p SET at = '2025-06-01' WHERE id = 1", "D1,2024-05-01{\"id\":1,\"at\":\"2024-05-01\",\"v\":\"a\"} I1,2025-06-01");
        await Expect("DELETE FROM p1", "");
        await Expect("TRUNCATE p", "D1,2025-06-01{\"id\":1,\"at\":\"2025-06-01\",\"v\":\"a\"} D2,2025-05-01{\"id\":2,\"at\":\"2025-05-01\",\"v\":\"b\"}");
        await Run("ALTER TABLE p DETACH PARTITION p2");
        await Expect("INSERT INTO p2 VALUES (3, '2025-05-01', 'b')", "");
    }

    [Fact]
    public async Task Cascades_are_kept_with_what_they_follow()
    {
        await Run("CREATE TABLE c (id int PRIMARY KEY, t_id int REFERENCES t ON DELETE CASCADE ON UPDATE CASCADE)");
        await Run("SELECT socle_system.keep_history('c')");
        await Run("INSERT INTO t VALUES (1, 'a'); INSERT INTO c VALUES (10, 1)");
        await Expect("UPDATE t SET id = 2", "D1{\"id\":1,\"v\":\"a\"} I2 U10{\"id\":10,\"t_id\":1}");
        await Expect("DELETE FROM t", "D10{\"id\":10,\"t_id\":2} D2{\"id\":2,\"v\":\"a\"}");
    }

    [Fact]
    public async Task Keys_are_written_the_same_whatever_the_session_says()
    {
        await Run("CREATE TABLE \"we\"\"ird ?\" (\"o\" timestamptz, \"n'\" text, \"change\" int, PRIMARY KEY (\"o\", \"n'\"))");
        await Run("SELECT socle_system.keep_history('\"we\"\"ird ?\"')");
        await Expect("SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'German'; INSERT INTO \"we\"\"ird ?\" VALUES ('2024-01-01 00:00+00', 'a,b\"\\', 1); RESET ALL", "I2024-01-01 00:00:00+00,\"a,b\\\"\\\\\"");
        Assert.Equal(["2024-01-01 00:00:00+00", "a,b\"\\"], await Ask<string[]>("SELECT socle_system.key_values(key) FROM socle_system.history ORDER BY id DESC LIMIT 1"));
        Assert.Equal(["", "a,", "", "b"], await Ask<string[]>("SELECT socle_system.key_values(',\"a,\",,b')"));
    }

    [Fact]
    public async Task Another_role_writes_and_alters_without_reaching_the_history()
    {
        await Run("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk; GRANT ALL ON SCHEMA public TO clerk; ALTER TABLE t OWNER TO clerk");
        await Expect("SET ROLE clerk; INSERT INTO t VALUES (1, 'a'); RESET ROLE", "I1");
        await Run("SET ROLE clerk; ALTER TABLE t RENAME id TO no; RESET ROLE");
        await Expect("SET ROLE clerk; UPDATE t SET v = 'b'; RESET ROLE", "U1{\"no\":1,\"v\":\"a\"}");
        await Assert.ThrowsAsync<PostgresException>(() => Run("SET ROLE clerk; SELECT * FROM socle_system.history"));
        await Run("RESET ROLE; DROP OWNED BY clerk; DROP ROLE clerk");
    }

    [Fact]
    public async Task A_table_may_stop_and_lose_its_key()
    {
        await Run("SELECT socle_system.stop_history('t')");
        await Expect("INSERT INTO t VALUES (1, 'a')", "");
        await Run("SELECT socle_system.keep_history('t')");
        await Expect("DELETE FROM t", "D1{\"id\":1,\"v\":\"a\"}");
        await Run("ALTER TABLE t DROP CONSTRAINT t_pkey");
        await Expect("INSERT INTO t VALUES (1, 'b'), (1, 'c')", "");
        Assert.False(await Ask<bool>("SELECT has_history FROM socle_system.tables WHERE relation = 't'::regclass"));
    }

    [Fact]
    public async Task What_is_too_old_is_forgotten_and_the_trash_keeps_what_it_should()
    {
        await Run("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        await Run("UPDATE t SET v = v || '2'");
        await Run("DELETE FROM t WHERE id = 2");
        await Run("UPDATE socle_system.changes SET at = at - interval '40 days'");
        await Run("UPDATE t SET v = 'new' WHERE id = 1");
        await Run("DELETE FROM t WHERE id = 3");
        Assert.Equal(0, await HistoryPurge.Run(_database, TimeSpan.FromDays(365), TimeSpan.FromDays(365), TestContext.Current.CancellationToken));
        Assert.Equal(0, await HistoryPurge.Run(_database, TimeSpan.Zero, TimeSpan.Zero, TestContext.Current.CancellationToken));
        await HistoryPurge.Run(_database, TimeSpan.FromDays(365), TimeSpan.FromDays(30), TestContext.Current.CancellationToken);
        Assert.Equal("I1 I3 U1 U3 U1 D3", await Ask<string>("SELECT string_agg(operation::text || key, ' ' ORDER BY id) FROM socle_system.history"));
        await HistoryPurge.Run(_database, TimeSpan.FromDays(30), TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Equal("U1 D3", await Ask<string>("SELECT string_agg(operation::text || key, ' ' ORDER BY id) FROM socle_system.history"));
        Assert.Equal(2L, await Ask<long>("SELECT count(*) FROM socle_system.changes"));
    }

    private async Task Expect(string sql, string entries)
    {
        var before = await Ask<long>("SELECT count(*) FROM socle_system.changes");
        await Run(sql);
        var isNew = await Ask<long>("SELECT count(*) FROM socle_system.changes") > before;
        Assert.Equal((sql, string.Join(' ', entries.Split(' ').Order(StringComparer.Ordinal))), (sql, isNew ? string.Join(' ', (await Last()).Split(' ').Order(StringComparer.Ordinal)) : ""));
    }

    /// <summary>The entries of the newest change set.</summary>
    private Task<string> Last() => Ask<string>("SELECT string_agg(operation::text || key || coalesce(before::text, ''), ' ' ORDER BY h.id) FROM socle_system.history h WHERE change_id = (SELECT change_id FROM socle_system.history ORDER BY id DESC LIMIT 1)");

    private async Task Run(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private async Task<T> Ask<T>(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
