using Npgsql;

namespace Socle.Postgres;

/// <summary>One statement with the values of $1, $2, …, on a connection of its own from the pool. A null has no type: its place in the text needs a cast.</summary>
public static class PooledStatements
{
    /// <returns>How many rows it touched.</returns>
    public static async Task<int> Execute(this NpgsqlDataSource pool, string sql, CancellationToken cancellation, params object?[] values)
    {
        await using var command = pool.CreateCommand(sql).With(values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public static async Task<List<T>> List<T>(this NpgsqlDataSource pool, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object?[] values)
    {
        await using var command = pool.CreateCommand(sql).With(values);
        return await command.List(read, cancellation);
    }

    /// <summary>The first row, or null.</summary>
    public static async Task<T?> Find<T>(this NpgsqlDataSource pool, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object?[] values)
        where T : class
    {
        await using var command = pool.CreateCommand(sql).With(values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? read(reader) : null;
    }

    public static async Task<List<T>> List<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }

    public static NpgsqlCommand With(this NpgsqlCommand command, params object?[] values)
    {
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    /// <summary>The column's value, or null.</summary>
    public static T? Optional<T>(this NpgsqlDataReader reader, int column)
        where T : class => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);

    public static T? OptionalValue<T>(this NpgsqlDataReader reader, int column)
        where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);
}
