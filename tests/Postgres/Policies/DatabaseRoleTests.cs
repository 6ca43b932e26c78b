using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Policies;
using Socle.Postgres;

namespace Socle.Tests.Postgres.Policies;

/// <summary>Servers that are no superuser of their PostgreSQL.</summary>
public sealed class DatabaseRoleTests(TestServer server) : SecuredDatabase(server)
{
    [Fact]
    public async Task A_user_who_may_make_roles_needs_nothing_else()
    {
        await using var own = await OwnedBy("maker_of_roles", "CREATEROLE");
        await Run(own, "INSERT INTO socle_system.roles (name, label_en, label_fr, default_actions) VALUES ('made_by_maker', 'm', 'm', '{read}'); CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        Assert.False((await Secure(own)).IsFault);
        Assert.False((await Secure(own)).Value.HasChanged);
        await Run(own, "BEGIN; SET LOCAL ROLE socle_made_by_maker; SELECT id FROM t; ROLLBACK");
        await Assert.ThrowsAsync<PostgresException>(() => Run(own, "BEGIN; SET LOCAL ROLE socle_made_by_maker; DELETE FROM t; ROLLBACK"));
    }

    [Fact]
    public async Task A_user_who_may_not_is_told_what_to_ask_for()
    {
        await using var own = await OwnedBy("no_maker", "NOCREATEROLE");
        await Run(own, "INSERT INTO socle_system.roles (name, label_en, label_fr) VALUES ('nobody_made', 'm', 'm')");
        var fault = Assert.Single((await Secure(own)).Faults);
        Assert.Equal(FaultCode.InvalidConfiguration, fault.Code);
        Assert.Contains("ALTER ROLE \"no_maker\" CREATEROLE", fault.Message.English, StringComparison.Ordinal);
        Assert.Contains("ALTER ROLE \"no_maker\" CREATEROLE", fault.Message.French, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_is_above_policies_is_refused()
    {
        await Execute("INSERT INTO socle_system.roles (name, label_en, label_fr) VALUES ('above', 'a', 'a'); CREATE ROLE socle_above BYPASSRLS");
        var fault = Assert.Single((await Secure(Database)).Faults);
        Assert.Contains("'socle_above'", fault.Message.English, StringComparison.Ordinal);
        await Execute("ALTER ROLE socle_above NOBYPASSRLS");
        Assert.False((await Secure(Database)).IsFault);
    }

    [Fact]
    public async Task Databases_of_one_cluster_may_make_the_same_roles_at_once()
    {
        var databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Server.CreateDatabase()));
        var faults = await Task.WhenAll(databases.Select(async database =>
        {
            await Run(database, "INSERT INTO socle_system.roles (name, label_en, label_fr) SELECT 'shared_' || i, 's', 's' FROM generate_series(1, 10) i");
            await using var connection = await database.OpenConnectionAsync(Cancellation);
            return await DatabaseRoles.Ensure(connection, [], Cancellation);
        }));
        Assert.All(faults, Assert.Null);
        Assert.Equal(10L, await Ask<long>("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'socle_shared_%'"));
        foreach (var database in databases)
            await database.DisposeAsync();
    }

    /// <summary>The test's database as its new owner sees it.</summary>
    private async Task<NpgsqlDataSource> OwnedBy(string user, string attributes)
    {
        await Execute($"""
            CREATE ROLE {user} LOGIN {attributes};
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO {user}', current_database()); END $$;
            DROP EVENT TRIGGER IF EXISTS socle_ddl_end; DROP EVENT TRIGGER IF EXISTS socle_drop;
            DROP SCHEMA socle_system CASCADE; DROP SCHEMA socle_aside CASCADE;
            """);
        var own = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Username = user }.ConnectionString);
        await SystemSchema.Apply(own, Cancellation);
        return own;
    }

    private static async Task<Result<Secured>> Secure(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync(Cancellation);
        return await Securing.Run(connection, await CatalogReader.Read(connection, SchemaChoice.Default, 1, Cancellation), Cancellation);
    }

    private static async Task Run(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
