using System.Data;
using Npgsql;
using Socle.Postgres;

namespace Socle.Schema;

/// <summary>A transaction that changes the schema. One at a time: another server's is waited for, and its work is then seen.</summary>
internal static class SchemaTransaction
{
    /// <summary>How long a step waits for a busy table. Everybody else queues behind it meanwhile.</summary>
    private const string LockTimeout = "10s";

    public static async Task<NpgsqlTransaction> Begin(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        await Execute(
            connection,
            $"""
            SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, DMY';
            SELECT pg_advisory_xact_lock({SystemSchema.Lock});
            SET LOCAL lock_timeout = '{LockTimeout}'
            """,
            cancellation);
        return transaction;
    }

    /// <summary>Names and numbers of fields as they are now, whoever renamed what.</summary>
    public static Task Refresh(NpgsqlConnection connection, CancellationToken cancellation) =>
        Execute(connection, "SELECT socle_system.follow_tables(), socle_system.refresh_fields(), socle_system.refresh_rules()", cancellation);

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
