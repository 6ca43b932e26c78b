using Socle.Imports.Reading;
using Socle.Imports.Writing;

namespace Socle.Imports;

/// <summary>The rows' way from the file to the table: while PostgreSQL takes one chunk, the next is read.</summary>
internal sealed class ImportRun(RowReader source, RowConverter converter, ChunkWriter writer, Rejects rejects, byte separator)
{
    private Chunk _reading = new();
    private Chunk _writing = new();

    public ChunkWriter Writer => writer;

    public long Rows { get; private set; }

    public async Task Run(Action<ImportProgress>? progress, CancellationToken cancellation)
    {
        var written = Task.CompletedTask;
        try
        {
            var isAtEnd = false;
            while (!isAtEnd)
            {
                isAtEnd = !Fill();
                await written;
                Settle(progress);
                (_reading, _writing) = (_writing, _reading);
                var chunk = _writing;
                cancellation.ThrowIfCancellationRequested();
                written = chunk.IsEmpty ? Task.CompletedTask : Task.Run(() => writer.Write(chunk, cancellation), cancellation);
            }
        }
        finally
        {
            // The connection is not to be left while somebody uses it.
            await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await written;
        Settle(progress);
    }

    private void Settle(Action<ImportProgress>? progress)
    {
        rejects.Add(_writing, source);
        _writing.Clear();
        progress?.Invoke(new ImportProgress(Rows, source.Progress));
    }

    /// <returns>False at the end of the file.</returns>
    private bool Fill()
    {
        while (source.Next())
        {
            Rows++;
            var start = _reading.Copy.Length;
            if (converter.Convert(source, _reading.Count, _reading.Copy) is { } fault)
                _reading.Reject(source, fault, separator);
            else
                _reading.Add(source, start, separator);
            if (_reading.IsFull)
                return true;
        }

        return false;
    }
}
