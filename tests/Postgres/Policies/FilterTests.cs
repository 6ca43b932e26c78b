using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Policies;

namespace Socle.Tests.Postgres.Policies;

/// <summary>A filter in the query grammar decides which records a role sees, in the database itself.</summary>
public sealed class FilterTests(TestServer server) : SecuredDatabase(server), IAsyncLifetime
{
    private Guid _ana;
    private Guid _bob;

    public new async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _ana = await AddUser("ana@example.org");
        _bob = await AddUser("bob@example.org");
        await Execute($$"""
            CREATE TYPE mood AS ENUM ('glad', 'sad');
            CREATE TABLE companies (id int PRIMARY KEY, owner uuid);
            CREATE TABLE clients (id int PRIMARY KEY, company_id int REFERENCES companies, owner uuid, email text, code varchar(5), status text, mood mood, tags text[], data jsonb, parent_id int REFERENCES clients);
            CREATE TABLE contracts (id int PRIMARY KEY, client_id int REFERENCES clients, amount numeric);
            CREATE TABLE labels (id int PRIMARY KEY, name text);
            CREATE TABLE client_labels (client_id int REFERENCES clients, label_id int REFERENCES labels, PRIMARY KEY (client_id, label_id));
            INSERT INTO companies VALUES (1, '{{_ana}}'), (2, '{{_bob}}');
            INSERT INTO clients VALUES
                (1, 1, '{{_ana}}', 'ana@example.org', 'ana', 'active', 'glad', '{a,b}', jsonb_build_object('owner', '{{_ana}}'), NULL),
                (2, 1, '{{_bob}}', 'bob@example.org', 'bob', 'o''hara\', 'sad', '{b}', '{}', 1),
                (3, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
            INSERT INTO contracts VALUES (10, 1, 5), (20, 2, 50), (30, 3, 500);
            INSERT INTO labels VALUES (1, 'vip'), (2, 'old');
            INSERT INTO client_labels VALUES (1, 1), (2, 2);
            """);
        await Secure();
    }

    [Theory]
    [InlineData("clients", "owner=eq.{user.id}", "1")]
    [InlineData("clients", "owner=neq.{user.id}", "2")]
    [InlineData("clients", "owner=not.eq.{user.id}", "2")]
    [InlineData("clients", "owner=in.({user.id},00000000-0000-4000-8000-000000000000)", "1")]
    [InlineData("clients", "email=eq.{user.email}", "1")]
    [InlineData("clients", "code=eq.{user.name}", "1")]
    [InlineData("clients", "code=neq.{user.role}&status=is.null", "")]
    [InlineData("clients", "data->>owner=eq.{user.id}", "1")]
    [InlineData("clients", "status=eq.active", "1")]
    [InlineData("clients", "status=eq.o'hara\\", "2")]
    [InlineData("clients", "status=in.(active,\"o'hara\\\\\")", "1 2")]
    [InlineData("clients", "mood=in.(glad,sad)&id=gt.1", "2")]
    [InlineData("clients", "tags=cs.{a}", "1")]
    [InlineData("clients", "email=like.*@example.org", "1 2")]
    [InlineData("clients", "or=(id.eq.3,and(owner.eq.{user.id},status.eq.active))", "1 3")]
    [InlineData("clients", "not.or=(id.eq.3,id.eq.1)", "2")]
    [InlineData("clients", "companies.owner=eq.{user.id}", "1 2")]
    [InlineData("clients", "company_id.owner=eq.{user.id}", "1 2")]
    [InlineData("clients", "contracts.amount=gt.10", "2 3")]
    [InlineData("clients", "contracts.or=(amount.lt.10,amount.gt.100)", "1 3")]
    [InlineData("clients", "or=(owner.eq.{user.id},contracts.amount.gt.100)", "1 3")]
    [InlineData("clients", "or=(id.eq.2,contracts.not.or(amount.lt.100))", "2 3")]
    [InlineData("clients", "labels.name=eq.vip", "1")]
    [InlineData("contracts", "clients.owner=eq.{user.id}", "10")]
    [InlineData("contracts", "client_id.companies.owner=eq.{user.id}", "10 20")]
    [InlineData("contracts", "clients.and=(status.eq.active,companies.owner.eq.{user.id})", "10")]
    [InlineData("companies", "clients.contracts.amount=lt.10", "1")]
    public async Task A_role_sees_the_records_that_meet_its_filter(string table, string filter, string seen)
    {
        await Filter(table, filter);
        Assert.Equal(seen, await As("member", $"SELECT id FROM {table}", _ana));
        // The history asks the same of records that are gone.
        Assert.Equal(seen, await As("admin", $"SELECT id FROM json_populate_recordset(NULL::{table}, (SELECT json_agg(r) FROM {table} r)) AS \"{table}\" WHERE {await Condition(table)}", _ana));
    }

    [Fact]
    public async Task Each_caller_sees_their_own_and_nobody_sees_nothing()
    {
        await Filter("clients", "owner=eq.{user.id}");
        Assert.Equal("2", await As("member", "SELECT id FROM clients", _bob));
        Assert.Equal("", await As("member", "SELECT id FROM clients"));
        Assert.Equal("1 2 3", await As("viewer", "SELECT id FROM clients"));
    }

    [Fact]
    public async Task What_is_asked_of_the_caller_is_asked_once_and_served_by_an_index()
    {
        await Execute("CREATE INDEX ON clients (owner); INSERT INTO clients (id, owner) SELECT i, gen_random_uuid() FROM generate_series(100, 5000) i; ANALYZE clients");
        await Filter("clients", "owner=eq.{user.id}");
        var plan = await As("member", "EXPLAIN SELECT * FROM clients", _ana);
        Assert.Contains("InitPlan", plan, StringComparison.Ordinal);
        Assert.Contains("clients_owner_idx", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_or_changed_record_must_meet_the_filter_too()
    {
        await Filter("clients", "owner=eq.{user.id}", "create");
        await Filter("clients", "owner=eq.{user.id}", "update");
        Assert.Equal("9", await As("member", $"INSERT INTO clients (id, owner) VALUES (9, '{_ana}') RETURNING id", _ana));
        Assert.Contains("violates row-level security", await As("member", $"INSERT INTO clients (id, owner) VALUES (9, '{_bob}')", _ana), StringComparison.Ordinal);
        Assert.Contains("violates row-level security", await As("member", $"UPDATE clients SET owner = '{_bob}' WHERE id = 1", _ana), StringComparison.Ordinal);
        Assert.Equal("", await As("member", "UPDATE clients SET status = 'x' WHERE id = 2 RETURNING id", _ana));
    }

    [Theory]
    [InlineData("status=eq.x') OR true; --")]
    [InlineData("status=eq.\\'||true||\\'")]
    [InlineData("status=like.%27)%20OR%20(1=1)--")]
    [InlineData("status=in.(\"x','y'}') OR (true\",b)")]
    [InlineData("data->>\"owner' = '' OR true OR 'a\"=eq.1")]
    [InlineData("status=eq.$$;DROP TABLE clients;$$")]
    [InlineData("status=eq.E\\'a")]
    [InlineData("status=plfts(simple).x')) OR (('1'='1")]
    public async Task No_text_of_a_filter_becomes_SQL(string filter)
    {
        foreach (var conforming in new[] { "on", "off" })
        {
            await Execute($"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET standard_conforming_strings = {conforming}', current_database()); END $$");
            NpgsqlConnection.ClearPool(await Database.OpenConnectionAsync(Cancellation));
            await Execute("UPDATE socle_system.policies SET filter = NULL, condition = NULL");
            await SecureOnce();
            await Filter("clients", filter);
            Assert.Equal("", await As("member", "SELECT id FROM clients", _ana));
        }
    }

    [Fact]
    public async Task A_hostile_name_of_a_table_or_column_is_a_name()
    {
        await Execute("""
            CREATE TABLE "t0""x' --" (id int PRIMARY KEY, "a"".'b" text, t1 int);
            CREATE TABLE t1 (id int PRIMARY KEY, other int REFERENCES clients);
            INSERT INTO "t0""x' --" VALUES (1, 'y'), (2, 'z');
            INSERT INTO t1 VALUES (5, 1), (6, 2);
            """);
        await SecureOnce();
        await Filter("\"t0\"\"x' --\"", "\"a\\\".'b\"=eq.y");
        Assert.Equal("1", await As("member", "SELECT id FROM \"t0\"\"x' --\""));
        await Filter("t1", "other.status=eq.active");
        Assert.Equal("5", await As("member", "SELECT id FROM t1"));
    }

    [Fact]
    public async Task A_filter_that_no_longer_holds_shows_nothing()
    {
        await Filter("clients", "status=eq.active");
        await Execute("ALTER TABLE clients DROP COLUMN status CASCADE");
        Assert.Equal("", await As("member", "SELECT id FROM clients", _ana));
        await Secure();
        Assert.Equal("", await As("member", "SELECT id FROM clients", _ana));
        await Filter("clients", "mood=eq.angry");
        Assert.Equal("", await As("member", "SELECT id FROM clients", _ana));
        Assert.StartsWith("false", await Condition("clients"), StringComparison.Ordinal);
        await Filter("clients", "mood=eq.glad");
        Assert.Equal("1", await As("member", "SELECT id FROM clients", _ana));
    }

    [Fact]
    public async Task A_filter_sees_related_records_with_the_eyes_of_its_role()
    {
        await Filter("clients", "owner=eq.{user.id}");
        await Filter("contracts", "clients.status=not.is.null");
        Assert.Equal("10", await As("member", "SELECT id FROM contracts", _ana));
        Assert.Equal("20", await As("member", "SELECT id FROM contracts", _bob));
        await Execute("DELETE FROM socle_system.policies p USING socle_system.tables t WHERE t.id = p.table_id AND t.relation = 'clients'::regclass AND p.role = 'member'");
        await Secure();
        Assert.Equal("", await As("member", "SELECT id FROM contracts", _ana));
    }

    [Fact]
    public async Task Filters_in_a_circle_show_nothing()
    {
        await Filter("clients", "contracts.amount=gt.1");
        await Filter("contracts", "clients.id=gt.0");
        Assert.Equal("", await As("member", "SELECT id FROM contracts", _ana));
        Assert.Equal("", await As("member", "SELECT id FROM clients", _ana));
        await Filter("contracts", null);
        Assert.Equal("1 2 3", await As("member", "SELECT id FROM clients", _ana));
        await Filter("clients", "parent_id.id=eq.1");
        Assert.Equal("", await As("member", "SELECT id FROM clients", _ana));
    }

    /// <summary>Gives the role member a policy, and puts it into force.</summary>
    private async Task Filter(string table, string? filter, string action = "read")
    {
        await using var command = Database.CreateCommand("UPDATE socle_system.policies p SET filter = $1, condition = CASE WHEN $1 IS NOT NULL THEN 'false' END FROM socle_system.tables t WHERE t.id = p.table_id AND t.relation = $2::regclass AND p.role = 'member' AND p.action = $3");
        command.Parameters.Add(new() { Value = (object?)filter ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = table });
        command.Parameters.Add(new() { Value = action });
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancellation));
        await SecureOnce();
        Assert.False(await SecureOnce());
    }

    private Task<string> Condition(string table) =>
        Ask<string>($"SELECT condition FROM socle_system.policies p JOIN socle_system.tables t ON t.id = p.table_id AND t.relation = '{table}'::regclass WHERE p.role = 'member' AND p.action = 'read'");
}
