using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Policies;

namespace Socle.Tests.Postgres.Policies;

/// <summary>A database of its own for each test, and the words of the scenarios.</summary>
public abstract class SecuredDatabase(TestServer server) : IAsyncLifetime
{
    protected TestServer Server => server;

    protected NpgsqlDataSource Database { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Database = await server.CreateDatabase();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Database.DisposeAsync();
    }

    /// <summary>Secures what there is, and asserts that nothing is left to do.</summary>
    protected async Task Secure()
    {
        Assert.True(await SecureOnce());
        Assert.False(await SecureOnce());
    }

    /// <returns>Whether anything was changed.</returns>
    protected async Task<bool> SecureOnce()
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        var secured = await Securing.Run(connection, await CatalogReader.Read(connection, SchemaChoice.Default, 1, Cancellation), Cancellation);
        Assert.False(secured.IsFault, secured.IsFault ? secured.Faults[0].Message.English : "");
        return secured.Value.HasChanged;
    }

    protected async Task Execute(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    protected async Task<T> Ask<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>The first column of what a role gets, as one line; what PostgreSQL says when it refuses. Nothing stays of what it writes.</summary>
    protected async Task<string> As(string role, string sql, Guid? user = null)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        try
        {
            await using var command = new NpgsqlCommand($"SELECT set_config('role', 'socle_{role}', true), set_config('socle.user_id', '{user}', true);\n{sql}", connection);
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            await reader.NextResultAsync(Cancellation);
            var rows = new List<string>();
            while (await reader.ReadAsync(Cancellation))
                rows.Add($"{reader.GetValue(0)}");
            return string.Join(' ', rows.Order());
        }
        catch (PostgresException exception)
        {
            return exception.MessageText;
        }
    }

    /// <summary>A new user, with the id that policies find.</summary>
    protected async Task<Guid> AddUser(string email, string role = "member") =>
        await Ask<Guid>($"INSERT INTO socle_system.users (email, name, role, security_stamp) VALUES ('{email}', split_part('{email}', '@', 1), '{role}', 's') RETURNING id");
}
