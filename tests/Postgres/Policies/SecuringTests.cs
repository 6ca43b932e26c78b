namespace Socle.Tests.Postgres.Policies;

/// <summary>What PostgreSQL lets each role do, before any door is asked.</summary>
public sealed class SecuringTests(TestServer server) : SecuredDatabase(server)
{
    [Fact]
    public async Task Each_built_in_role_may_do_to_a_new_table_what_it_does_by_default()
    {
        await Execute("CREATE TABLE t (id serial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, v text); INSERT INTO t (v) VALUES ('a'), ('b')");
        await Secure();
        foreach (var role in new[] { "admin", "manager", "member", "viewer" })
        {
            Assert.Equal("a b", await As(role, "SELECT v FROM t"));
            Assert.Equal(role == "viewer" ? Denied("t") : "3", await As(role, "INSERT INTO t (v) VALUES ('c') RETURNING id"));
            Assert.Equal(role == "viewer" ? Denied("t") : "x", await As(role, "UPDATE t SET v = 'x' WHERE id = 1 RETURNING v"));
            Assert.Equal(role is "viewer" or "member" ? Denied("t") : "1", await As(role, "DELETE FROM t WHERE id = 1 RETURNING id"));
            Assert.Equal(Denied("t"), await As(role, "TRUNCATE t"));
            await Execute("SELECT setval('t_id_seq', 2)");
        }
    }

    [Fact]
    public async Task Without_a_policy_a_role_sees_nothing()
    {
        await Execute("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        await Secure();
        await Execute("DELETE FROM socle_system.policies WHERE role = 'viewer'");
        await Secure();
        Assert.Equal(Denied("t"), await As("viewer", "SELECT id FROM t"));
        Assert.Equal("1", await As("member", "SELECT id FROM t"));
        await Execute("DELETE FROM socle_system.roles WHERE name = 'member'");
        await Secure();
        Assert.Equal(Denied("t"), await As("member", "SELECT id FROM t"));
    }

    [Fact]
    public async Task A_row_policy_that_somebody_dropped_or_changed_shows_nothing_and_is_made_again()
    {
        await Execute("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        await Secure();
        await Execute("DROP POLICY socle_viewer_read ON t");
        Assert.Equal("", await As("viewer", "SELECT id FROM t"));
        await Secure();
        Assert.Equal("1", await As("viewer", "SELECT id FROM t"));

        await Execute("ALTER POLICY socle_viewer_read ON t USING (id > 1); ALTER POLICY socle_member_read ON t TO PUBLIC");
        await Secure();
        Assert.Equal("1", await As("viewer", "SELECT id FROM t"));
        await Execute("ALTER TABLE t DISABLE ROW LEVEL SECURITY; GRANT DELETE ON t TO socle_viewer");
        await Secure();
        Assert.True(await Ask<bool>("SELECT relrowsecurity FROM pg_class WHERE relname = 't'"));
        Assert.Equal(Denied("t"), await As("viewer", "DELETE FROM t"));
    }

    [Fact]
    public async Task What_somebody_else_made_stays()
    {
        await Execute("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2); CREATE POLICY only_one ON t AS RESTRICTIVE USING (id = 1)");
        await Execute("DO $$ BEGIN CREATE ROLE reporting; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT SELECT ON t TO reporting");
        await Secure();
        Assert.Equal("1", await As("viewer", "SELECT id FROM t"));
        Assert.True(await Ask<bool>("SELECT has_table_privilege('reporting', 't', 'SELECT')"));
    }

    [Fact]
    public async Task Fields_that_a_policy_does_not_name_are_closed_in_the_database_too()
    {
        await Execute("CREATE TABLE t (id int PRIMARY KEY, v text, secret text); INSERT INTO t VALUES (1, 'a', 's')");
        await Secure();
        await Execute("UPDATE socle_system.policies SET fields = '{v}' WHERE role = 'member'");
        await Secure();
        Assert.Equal("a", await As("member", "SELECT v FROM t WHERE id = 1"));
        Assert.NotEqual(Denied("t"), await As("member", "SELECT xmin FROM t"));
        Assert.Equal(Denied("t"), await As("member", "SELECT secret FROM t"));
        Assert.Equal(Denied("t"), await As("member", "SELECT * FROM t"));
        Assert.Equal("x", await As("member", "UPDATE t SET v = 'x' RETURNING v"));
        Assert.Equal(Denied("t"), await As("member", "UPDATE t SET secret = 'x'"));
        await Execute("UPDATE socle_system.policies SET fields = NULL WHERE role = 'member'");
        await Secure();
        Assert.Equal("s", await As("member", "SELECT secret FROM t"));
    }

    [Fact]
    public async Task A_view_shows_what_its_tables_show_to_whoever_asks()
    {
        await Execute("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1); CREATE VIEW v AS SELECT id FROM t");
        await Execute("CREATE SCHEMA hidden; CREATE TABLE hidden.h (id int); CREATE VIEW w AS SELECT h.id FROM hidden.h; INSERT INTO hidden.h VALUES (7)");
        await Secure();
        Assert.Equal("1", await As("viewer", "SELECT id FROM v"));
        Assert.Equal(Denied("w", "view"), await As("viewer", "SELECT id FROM w"));
        Assert.Equal("7", await As("admin", "SELECT id FROM w"));
        await Execute("DELETE FROM socle_system.policies p USING socle_system.tables t WHERE t.id = p.table_id AND t.relation = 't'::regclass AND p.role = 'viewer'");
        await Secure();
        Assert.Equal(Denied("t"), await As("viewer", "SELECT id FROM v"));
    }

    [Fact]
    public async Task A_materialized_view_is_seen_wholly_or_not_at_all()
    {
        await Execute("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1); CREATE MATERIALIZED VIEW m AS SELECT id FROM t");
        await Secure();
        Assert.Equal("1", await As("viewer", "SELECT id FROM m"));
        await Execute("UPDATE socle_system.policies p SET filter = 'id=eq.1', condition = 'id = 1' FROM socle_system.tables t WHERE t.id = p.table_id AND t.relation = 'm'::regclass AND p.role = 'viewer'");
        await Secure();
        Assert.Equal(Denied("m", "materialized view"), await As("viewer", "SELECT id FROM m"));
    }

    [Fact]
    public async Task Partitions_are_reached_through_their_parent_only()
    {
        await Execute("CREATE TABLE p (id int, y int) PARTITION BY LIST (y); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); INSERT INTO p VALUES (5, 1)");
        await Secure();
        Assert.Equal("5", await As("viewer", "SELECT id FROM p"));
        Assert.Equal(Denied("p1"), await As("viewer", "SELECT id FROM p1"));
        Assert.Equal("6", await As("member", "INSERT INTO p VALUES (6, 1) RETURNING id"));
    }

    [Fact]
    public async Task Triggers_history_defaults_and_indexes_work_for_a_role_that_writes()
    {
        await Execute("""
            CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, k uuid DEFAULT socle_system.uuid_v7(), v text, updated_at timestamptz);
            CREATE INDEX ON t (socle_system.fold(v));
            CREATE TRIGGER u BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION socle_system.set_updated_at();
            CREATE TABLE c (id int PRIMARY KEY, t int REFERENCES t);
            SELECT socle_system.keep_history('t');
            """);
        await Secure();
        Assert.Equal("1", await As("member", "INSERT INTO t (v) VALUES ('é') RETURNING id"));
        Assert.Equal("3", await As("member", "INSERT INTO t (id, v) VALUES (nextval('t_id_seq') + 1, 'é') RETURNING id"));
        Assert.Equal("True", await As("member", "INSERT INTO t (v) VALUES ('é'); UPDATE t SET v = 'f' RETURNING updated_at IS NOT NULL"));
        Assert.Contains("violates foreign key constraint", await As("member", "INSERT INTO c VALUES (1, 99)"), StringComparison.Ordinal);
        Assert.Equal(Denied("history"), await As("member", "SELECT count(*) FROM socle_system.history"));
        Assert.Equal(Denied("users"), await As("member", "SELECT password_hash FROM socle_system.users"));
    }

    [Fact]
    public async Task Two_servers_may_secure_one_database_at_once()
    {
        await Execute("CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (id serial PRIMARY KEY); INSERT INTO socle_system.roles (name, label_en, label_fr) VALUES ('sales_of_two', 's', 's')");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SecureOnce()));
        Assert.False(await SecureOnce());
        Assert.Equal("1", await As("member", "INSERT INTO a DEFAULT VALUES RETURNING id"));
        Assert.Equal(Denied("a"), await As("sales_of_two", "SELECT id FROM a"));
    }

    private static string Denied(string relation, string kind = "table") => $"permission denied for {kind} {relation}";
}
