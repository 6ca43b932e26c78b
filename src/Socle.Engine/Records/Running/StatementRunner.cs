using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Socle.Postgres;
using Socle.Records.Statements;

namespace Socle.Records.Running;

/// <summary>Sends statements to PostgreSQL, several in one round trip where a total is wanted.</summary>
/// <param name="database">Connections that are nobody's in particular.</param>
/// <param name="roles">Those that are a role's own; null where there are none.</param>
internal sealed class StatementRunner(NpgsqlDataSource database, RoleConnections? roles)
{
    /// <summary>PostgreSQL's code for a prepared statement whose table has changed.</summary>
    public const string CachedPlanChanged = "0A000";

    /// <param name="rows">The statement whose rows are wanted.</param>
    /// <param name="counts">Statements that count what the rows are a page of.</param>
    /// <param name="settings">As whom. Where changes come from, the statement that makes them tells itself.</param>
    public async Task<RowStream> Run(Statement rows, IReadOnlyList<Statement> counts, TransactionSettings settings, CancellationToken cancellation)
    {
        var own = settings.Role is { } role ? roles?.Find(role) : null;
        NpgsqlBatchCommand? Told() => own is not null ? (rows.TellsWho ? null : settings.ToUserCommand()) : settings.IsEmpty ? null : settings.ToCommand();
        var source = own ?? database;
        var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            return await Run(connection, rows, counts, settings, Told(), isOwned: true, cancellation);
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException && MayRepeat(exception, connection, canRepeat: !rows.IsWrite))
        {
            // The table changed under a prepared statement, or the server restarted under a pooled connection: once more, afresh.
            await Release(connection, exception);
            connection = await source.OpenConnectionAsync(cancellation);
            try
            {
                // What another connection of the pool has prepared is as old.
                if (exception is PostgresException)
                    connection.UnprepareAll();
                return await Run(connection, rows, counts, settings, Told(), isOwned: true, cancellation);
            }
            catch (Exception again)
            {
                await Release(connection, again);
                throw;
            }
        }
        catch (Exception exception)
        {
            await Release(connection, exception);
            throw;
        }
    }

    /// <summary>The same as a part of an open transaction, which has told its settings itself. A failure ends that transaction.</summary>
    public static async Task<RowStream> Run(RecordTransaction transaction, Statement rows, IReadOnlyList<Statement> counts, CancellationToken cancellation)
    {
        try
        {
            return await Run(transaction.Connection, rows, counts, transaction.Settings, told: null, isOwned: false, cancellation);
        }
        catch (Exception exception)
        {
            transaction.Fail(exception);
            throw;
        }
    }

    private static ValueTask Release(NpgsqlConnection connection, Exception exception)
    {
        Forget(connection, exception);
        return connection.DisposeAsync();
    }

    /// <summary>
    /// To be called outside of a transaction, before the connection goes back to its pool. When PostgreSQL refuses an operand, Npgsql keeps the statement as prepared
    /// but without its columns, and the next request of the same form would break on it: then all
    /// are prepared anew. A table's constraint is broken only later, when nothing is half prepared any more.
    /// </summary>
    public static void Forget(NpgsqlConnection connection, Exception exception)
    {
        if (connection.State == System.Data.ConnectionState.Open && exception is not PostgresException { TableName: not null })
            connection.UnprepareAll();
    }

    /// <summary>A statement that left nothing behind can run again; one whose connection broke only if it changes nothing.</summary>
    private static bool MayRepeat(Exception exception, NpgsqlConnection connection, bool canRepeat) =>
        exception is PostgresException { SqlState: CachedPlanChanged or PostgresErrorCodes.DeadlockDetected }
        || (canRepeat && exception is not PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } && connection.State != System.Data.ConnectionState.Open);

    /// <param name="told">What goes in front of them. A part of a transaction comes after it, and a role's own connection knows the role.</param>
    private static async Task<RowStream> Run(NpgsqlConnection connection, Statement rows, IReadOnlyList<Statement> counts, TransactionSettings settings, NpgsqlBatchCommand? told, bool isOwned, CancellationToken cancellation)
    {
        if (counts.Count == 0 && told is null)
        {
            await using var command = new NpgsqlCommand(settings.Mark(rows.Sql), connection);
            Bind(command.Parameters, rows);
            return await Open(new RowStream(connection, await command.ExecuteReaderAsync(cancellation), isOwned, cancellation));
        }

        // One round trip, and one transaction.
        await using var batch = new NpgsqlBatch(connection);
        if (told is not null)
            batch.BatchCommands.Add(told);
        foreach (var statement in counts.Append(rows))
        {
            var command = new NpgsqlBatchCommand(settings.Mark(statement.Sql));
            Bind(command.Parameters, statement);
            batch.BatchCommands.Add(command);
        }

        var reader = await batch.ExecuteReaderAsync(cancellation);
        try
        {
            if (told is not null)
                await reader.NextResultAsync(cancellation);
            long? total = null;
            foreach (var _ in counts)
            {
                var count = await ReadCount(reader, cancellation);
                // An estimate adds to a count only where that came to its end.
                total = total is not { } counted ? count : counted > RecordStore.ExactCountLimit ? Math.Max(counted, count) : counted;
                await reader.NextResultAsync(cancellation);
            }

            return await Open(new RowStream(connection, reader, isOwned, cancellation) { Total = total });
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    private static async Task<RowStream> Open(RowStream rows)
    {
        try
        {
            await rows.Peek();
            return rows;
        }
        catch
        {
            await rows.Close();
            throw;
        }
    }

    private static async Task<long> ReadCount(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        await reader.ReadAsync(cancellation);
        if (reader.GetDataTypeOID(0) == PgTypes.Int8)
            return reader.GetInt64(0);
        using var explain = JsonDocument.Parse(reader.GetString(0));
        return (long)explain.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
    }

    public static void Bind(NpgsqlParameterCollection parameters, Statement statement)
    {
        if (statement.Payload is not null)
            parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = statement.Payload, NpgsqlDbType = NpgsqlDbType.Json });
        foreach (var text in statement.Texts)
            parameters.Add(new NpgsqlParameter<string> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Unknown });
    }
}
