using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Socle.Postgres;
using Socle.Records.Statements;

namespace Socle.Records.Running;

/// <summary>Sends statements to PostgreSQL, several in one round trip where a total is wanted.</summary>
internal sealed class StatementRunner(NpgsqlDataSource database)
{
    private const string CachedPlanChanged = "0A000";

    public async Task<RowStream> Run(Statement rows, IReadOnlyList<Statement> counts, bool canRepeat, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            return await Run(connection, rows, counts, cancellation);
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException && MayRepeat(exception, connection, canRepeat))
        {
            // The table changed under a prepared statement, or the server restarted under a pooled connection: once more, afresh.
            await Release(connection, exception);
            connection = await database.OpenConnectionAsync(cancellation);
            try
            {
                return await Run(connection, rows, counts, cancellation);
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

    /// <summary>
    /// Gives the connection back to its pool. When PostgreSQL refuses an operand, Npgsql keeps the statement as prepared
    /// but without its columns, and the next request of the same form would break on it: then all
    /// are prepared anew. A table's constraint is broken only later, when nothing is half prepared any more.
    /// </summary>
    private static ValueTask Release(NpgsqlConnection connection, Exception exception)
    {
        if (connection.State == System.Data.ConnectionState.Open && exception is not PostgresException { TableName: not null })
            connection.UnprepareAll();
        return connection.DisposeAsync();
    }

    /// <summary>A statement that never ran can run again; one whose connection broke only if it changes nothing.</summary>
    private static bool MayRepeat(Exception exception, NpgsqlConnection connection, bool canRepeat) =>
        exception is PostgresException { SqlState: CachedPlanChanged }
        || (canRepeat && exception is not PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } && connection.State != System.Data.ConnectionState.Open);

    private static async Task<RowStream> Run(NpgsqlConnection connection, Statement rows, IReadOnlyList<Statement> counts, CancellationToken cancellation)
    {
        if (counts.Count == 0)
        {
            await using var command = new NpgsqlCommand(rows.Sql, connection);
            Bind(command.Parameters, rows);
            return await Open(connection, await command.ExecuteReaderAsync(cancellation), total: null, cancellation);
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in counts.Append(rows))
        {
            var command = new NpgsqlBatchCommand(statement.Sql);
            Bind(command.Parameters, statement);
            batch.BatchCommands.Add(command);
        }

        var reader = await batch.ExecuteReaderAsync(cancellation);
        try
        {
            var total = 0L;
            foreach (var _ in counts)
            {
                total = Math.Max(total, await ReadCount(reader, cancellation));
                await reader.NextResultAsync(cancellation);
            }

            return await Open(connection, reader, total, cancellation);
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    private static async Task<RowStream> Open(NpgsqlConnection connection, NpgsqlDataReader reader, long? total, CancellationToken cancellation)
    {
        var rows = new RowStream(connection, reader, cancellation) { Total = total };
        try
        {
            await rows.Peek();
            return rows;
        }
        catch
        {
            await reader.DisposeAsync();
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
