using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Policies;

/// <summary>
/// Makes PostgreSQL enforce what roles and policies say: row-level security on every served table, and to each role's
/// PostgreSQL role only the rights that a policy gives. Takes a database with the system schema; runs no statement when all is
/// as wanted, as it runs at each change of the catalog. Refuses when the server's user may not make roles.
/// </summary>
public static class Securing
{
    private const string LockTimeout = "10s";
    private const int InvokersSince = 15;

    /// <returns>Whether anything was changed, so that the catalog is to be read again.</returns>
    public static async Task<Result<bool>> Run(NpgsqlConnection connection, CatalogSnapshot snapshot, CancellationToken cancellation)
    {
        if (!snapshot.HasSystemSchema || await IsReadOnly(connection, cancellation))
            return false;
        if (await DatabaseRoles.Ensure(connection, [], cancellation) is { } fault)
            return fault;
        if (await Plan(connection, snapshot, cancellation) is { Count: 0 })
            return false;
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Execute(connection, $"SET LOCAL lock_timeout = '{LockTimeout}'; SELECT pg_advisory_xact_lock({SystemSchema.Lock})", cancellation);
        await RunWithin(connection, snapshot, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>The same inside a transaction that changes the schema, and so holds its lock.</summary>
    public static async Task RunWithin(NpgsqlConnection connection, CatalogSnapshot snapshot, CancellationToken cancellation)
    {
        // New tables are taken in first; what their policies then ask is a second plan.
        for (var i = 0; i < 2; i++)
        {
            var statements = await Plan(connection, snapshot, cancellation);
            if (statements.Count == 0)
                return;
            await Execute(connection, string.Join(";\n", statements), cancellation);
        }
    }

    private static async Task<List<string>> Plan(NpgsqlConnection connection, CatalogSnapshot snapshot, CancellationToken cancellation)
    {
        var state = await AccessStateReader.Read(connection, snapshot, cancellation);
        var strangers = state.Relations.Where(relation => !relation.IsAdmitted).ToList();
        if (strangers.Count > 0)
            return [$"SELECT socle_system.admit_tables(ARRAY[{string.Join(", ", strangers.Select(relation => relation.Oid))}]::oid[]::regclass[])"];
        var rules = state.Rules(snapshot).ToList();
        var compiled = PolicyCompiler.Compile(snapshot, rules.Select(item => item.Rule));
        var policies = rules.Select(item => new GivenPolicy(item.Row, compiled[item.Rule.Key].Condition));
        return [.. AccessChanges.Between(snapshot, state, policies, connection.PostgreSqlVersion.Major >= InvokersSince)];
    }

    private static async Task<bool> IsReadOnly(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
