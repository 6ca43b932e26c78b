using Socle.Imports.Reading;
using Socle.Kernel;

namespace Socle.Imports.Writing;

/// <summary>The rejected rows: all of them as a file like the one they came from, with the reason beside each; the first of them as values.</summary>
internal sealed class Rejects(Stream? file, byte separator, Language language)
{
    private const int MostShown = 100;

    private readonly List<RejectedRow> _shown = [];
    private readonly ByteText _text = new(4096);

    public long Count { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<RejectedRow> Shown => _shown;

    public void Add(Chunk chunk, RowReader source)
    {
        if (chunk.Rejected.Count == 0)
            return;
        chunk.Sort();
        if (Count == 0)
            WriteHeader(source);
        foreach (var row in chunk.Rejected)
        {
            if (_shown.Count < MostShown)
                _shown.Add(row);
            Count++;
            if (file is null)
                continue;
            _text.Add(chunk.Record(row));
            _text.Add(separator);
            _text.AddCsvCell(System.Text.Encoding.UTF8.GetBytes(Reason(row)), separator);
            End();
        }
    }

    private string Reason(RejectedRow row) => language == Language.French ? $"ligne {row.Line} : {row.Fault.Message.French}" : $"line {row.Line}: {row.Fault.Message.English}";

    /// <summary>With the mark of UTF-8, which Excel needs.</summary>
    private void WriteHeader(RowReader source)
    {
        _text.Add("\uFEFF"u8);
        foreach (var name in source.Header)
        {
            _text.AddCsvCell(System.Text.Encoding.UTF8.GetBytes(name), separator);
            _text.Add(separator);
        }

        _text.Add(language == Language.French ? "motif du rejet"u8 : "reason for rejection"u8);
        End();
    }

    private void End()
    {
        _text.Add("\r\n"u8);
        file?.Write(_text.Span);
        _text.Clear();
    }
}
