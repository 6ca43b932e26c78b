using Npgsql;
using Socle.Blueprints;
using Socle.Postgres;
using Socle.Schema;

namespace Socle.Tests.Postgres.Schema;

/// <summary>Databases that were there before Socle.</summary>
public sealed class AdoptionTests(TestServer server) : SchemaScenario(server)
{
    /// <summary>What an Alembic migration such as the seed's makes.</summary>
    private const string AlembicClients = """
        CREATE TABLE clients (
            id uuid NOT NULL, type varchar, name varchar(255), company_name varchar, first_name varchar, last_name varchar, siret varchar(14),
            email varchar, phone varchar, address varchar, city varchar, status varchar DEFAULT 'active', tags text[] DEFAULT '{}'::text[],
            last_service varchar, contacts jsonb, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(),
            PRIMARY KEY (id));
        CREATE UNIQUE INDEX ux_clients_email_lower ON clients (lower(email));
        CREATE INDEX idx_clients_status ON clients (status);
        INSERT INTO clients (id, name, email) SELECT gen_random_uuid(), 'Client ' || i, 'c' || i || '@example.com' FROM generate_series(1, 50) i;
        """;

    [Fact]
    public async Task The_clients_of_the_seeds_own_migration_are_taken_over_as_they_are()
    {
        await Execute(AlembicClients);
        var before = await List("SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM clients c");

        var done = await Apply(BlueprintLibrary.Find("washgo").Value, withSample: true);

        Assert.Equal(before, await List("SELECT md5(string_agg(c::text, ',' ORDER BY id)) FROM clients c"));
        Assert.DoesNotContain(done.Steps, step => step is CreateTable { Shape.Name: "clients" } || step.Verdict == Verdict.LosesValues);
        Assert.Equal("ix_clients_name|False ix_clients_search|False ux_clients_email_lower|True idx_clients_status|False".Split(' ').Order(), (await List(
            "SELECT relname || '|' || CASE WHEN indisunique THEN 'True' ELSE 'False' END FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indrelid = 'clients'::regclass AND NOT indisprimary")).Split('\n').Order());
    }

    [Fact]
    public async Task An_owner_who_is_no_superuser_can_do_everything()
    {
        await Execute("CREATE ROLE plain LOGIN");
        await Execute("CREATE DATABASE plain OWNER plain");
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Username = "plain", Database = "plain", Pooling = false });
        await SystemSchema.Apply(database, TestContext.Current.CancellationToken);
        var washgo = BlueprintLibrary.Find("washgo").Value;

        var done = await ApplyBlueprint.Apply(database, washgo, withSample: true, TestContext.Current.CancellationToken);
        var rest = await ApplyBlueprint.Plan(database, washgo, withSample: true, TestContext.Current.CancellationToken);

        Assert.Contains(done.Value.Steps, step => step is CreateExtension);
        Assert.True(rest.Value.IsEmpty);
        await Execute("DROP DATABASE plain");
        await Execute("DROP ROLE plain");
    }

    [Fact]
    public async Task A_locked_table_is_a_fault_and_not_a_wait_for_ever()
    {
        await Execute("CREATE TABLE things (id uuid PRIMARY KEY, name text)");
        await using var busy = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await busy.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("LOCK TABLE things IN ACCESS EXCLUSIVE MODE", busy))
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var fault = await Refused(Things("fields: { name: text }\nsample: [ { name: a } ]"), withSample: true);

        Assert.StartsWith("A table of the blueprint is locked", fault.Message.English, StringComparison.Ordinal);
    }
}
