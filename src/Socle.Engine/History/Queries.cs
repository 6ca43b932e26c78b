using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Records.Planning;

namespace Socle.History;

/// <summary>Statements with positional parameters, in one line each.</summary>
internal static class Queries
{
    public static async Task<List<T>> Query<T>(this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object?[] values)
    {
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>How many rows it changed.</summary>
    public static async Task<int> Execute(this NpgsqlConnection connection, string sql, CancellationToken cancellation, params object?[] values)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Runs questions on a connection of their own; what PostgreSQL refuses is a fault in the table's terms.</summary>
    public static async Task<Result<T>> Ask<T>(this NpgsqlDataSource database, TableSnapshot? table, WriteKind? kind, Func<NpgsqlConnection, Task<Result<T>>> ask, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            try
            {
                return await ask(connection);
            }
            catch (PostgresException) when (connection.State == System.Data.ConnectionState.Open)
            {
                // Npgsql keeps a refused statement as half prepared, and the next one of its form would break on it.
                connection.UnprepareAll();
                throw;
            }
        }
        catch (Exception exception) when (HistoryFaults.Find(exception, table, kind) is { } fault)
        {
            return fault;
        }
    }

    public static string? FindText(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static Guid? FindGuid(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }
}
