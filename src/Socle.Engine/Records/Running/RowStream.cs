using System.Buffers;
using Npgsql;
using Socle.Kernel;

namespace Socle.Records.Running;

/// <summary>The rows of a running statement, one at a time. Disposing it ends the statement and frees its connection.</summary>
public sealed class RowStream : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlDataReader _reader;
    private readonly bool _isOwned;
    private readonly CancellationToken _cancellation;
    private byte[] _value = ArrayPool<byte>.Shared.Rent(4096);
    private uint[]? _oids;
    private bool? _peeked;

    /// <param name="connection">Where the statement runs.</param>
    /// <param name="reader">The running statement.</param>
    /// <param name="isOwned">Whether the connection goes with the rows; it does not where a transaction goes on.</param>
    /// <param name="cancellation">Ends the wait for rows.</param>
    internal RowStream(NpgsqlConnection connection, NpgsqlDataReader reader, bool isOwned, CancellationToken cancellation)
    {
        _connection = connection;
        _reader = reader;
        _isOwned = isOwned;
        _cancellation = cancellation;
    }

    /// <summary>What a failure among the rows means to the caller; null when it is no expected one.</summary>
    internal Func<Exception, Fault?> FindFault { get; set; } = _ => null;

    /// <summary>How many rows there are without limit and offset, where the request counts them.</summary>
    public long? Total { get; internal init; }

    public ValueTask<bool> Next()
    {
        if (_peeked is { } peeked)
        {
            _peeked = null;
            return new(peeked);
        }

        // Most rows are there already: no state machine for them.
        var step = _reader.ReadAsync(_cancellation);
        return step.IsCompletedSuccessfully ? new(step.Result) : new(Named(step));
    }

    /// <summary>
    /// Waits until the statement has ended and its changes are committed: only then may a write be acknowledged.
    /// What PostgreSQL judges at the end of a transaction (deferred constraints) fails here.
    /// </summary>
    public async ValueTask Finish()
    {
        while (await Named(_reader.NextResultAsync(_cancellation)))
        {
        }
    }

    private async Task<bool> Named(Task<bool> step)
    {
        try
        {
            return await step;
        }
        catch (Exception exception) when (FindFault(exception) is { } fault)
        {
            throw new RowsFailedException(fault, exception);
        }
    }

    /// <summary>Whether there is a next row, which the following <see cref="Next"/> then gives. A statement that fails does so here, before anything is answered.</summary>
    public async ValueTask<bool> Peek() => _peeked ??= await _reader.ReadAsync(_cancellation);

    public uint Oid(int column) => (_oids ??= ReadOids())[column];

    /// <summary>The column's bytes as PostgreSQL sent them, valid until the next call; false when it is null.</summary>
    public bool Read(int column, out ReadOnlySpan<byte> value)
    {
        if (_reader.IsDBNull(column))
        {
            value = default;
            return false;
        }

        var length = (int)_reader.GetBytes(column, 0, _value, 0, _value.Length);
        if (length == _value.Length)
            length = ReadLong(column);
        value = _value.AsSpan(0, length);
        return true;
    }

    /// <summary>The version of the row (its xmin), which stands behind its outputs, <paramref name="fromEnd"/> columns before the end.</summary>
    public uint ReadVersion(int fromEnd) => _reader.GetFieldValue<uint>(_reader.FieldCount - fromEnd);

    /// <summary>The last column, which is the engine's own where a statement has one; null, as over no rows, is false.</summary>
    public bool ReadLastBoolean() => !_reader.IsDBNull(_reader.FieldCount - 1) && _reader.GetBoolean(_reader.FieldCount - 1);

    public async ValueTask DisposeAsync()
    {
        await Close();
        if (_isOwned)
            await _connection.DisposeAsync();
    }

    /// <summary>Goes on to the rows of the next statement of a batch; false when there is none.</summary>
    internal Task<bool> NextStatement()
    {
        (_oids, _peeked) = (null, null);
        return _reader.NextResultAsync(_cancellation);
    }

    /// <summary>Ends the statement, and leaves the connection.</summary>
    internal ValueTask Close()
    {
        ArrayPool<byte>.Shared.Return(_value);
        return _reader.DisposeAsync();
    }

    /// <summary>A value that filled the buffer may be longer than it.</summary>
    private int ReadLong(int column)
    {
        var length = (int)_reader.GetBytes(column, 0, null, 0, 0);
        if (length > _value.Length)
        {
            ArrayPool<byte>.Shared.Return(_value);
            _value = ArrayPool<byte>.Shared.Rent(length);
        }

        return (int)_reader.GetBytes(column, 0, _value, 0, length);
    }

    private uint[] ReadOids()
    {
        var oids = new uint[_reader.FieldCount];
        for (var i = 0; i < oids.Length; i++)
            oids[i] = _reader.GetDataTypeOID(i);
        return oids;
    }
}
