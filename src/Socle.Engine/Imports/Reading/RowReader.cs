using Socle.Kernel;

namespace Socle.Imports.Reading;

/// <summary>What a cell holds, as far as its file tells.</summary>
public enum CellKind
{
    /// <summary>Nothing.</summary>
    Empty,

    /// <summary>Text as somebody typed it: it may be a number or a date in the writing of any country.</summary>
    Text,

    /// <summary>Text of no characters, which the file tells apart from nothing.</summary>
    EmptyText,

    /// <summary>A number with a decimal point.</summary>
    Number,

    /// <summary>A number that is shown a hundred times as large, with a percent sign.</summary>
    Percent,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A day (2026-12-31), a moment without offset (2026-12-31T14:05:09) or a time (14:05:09).</summary>
    Date,

    /// <summary>A JSON array or object.</summary>
    Json,

    /// <summary>What a spreadsheet shows instead of a value: #N/A.</summary>
    Error,
}

/// <summary>One value of one row, valid until the next is asked for.</summary>
public readonly ref struct Cell(CellKind kind, ReadOnlySpan<byte> text)
{
    public CellKind Kind { get; } = kind;

    /// <summary>UTF-8; without surrounding quotes.</summary>
    public ReadOnlySpan<byte> Text { get; } = text;
}

/// <summary>
/// Reads a file row by row, in memory that does not grow with the file. The header is read when the reader is opened.
/// What makes the rest of the file unreadable is thrown as <see cref="UnreadableFileException"/>; what is wrong with one row is its <see cref="Problem"/>.
/// </summary>
public abstract class RowReader : IDisposable
{
    /// <summary>The columns' names as the file has them.</summary>
    public abstract IReadOnlyList<string> Header { get; }

    /// <summary>The line, or the row of a sheet, on which the present row begins, from 1.</summary>
    public abstract long Line { get; }

    /// <summary>How much of the file was read, from 0 to 1.</summary>
    public abstract double Progress { get; }

    /// <summary>What is wrong with the shape of the present row; null when nothing is.</summary>
    public abstract Text? Problem { get; }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end.</returns>
    public abstract bool Next();

    /// <summary>The present row's cell in a column.</summary>
    public abstract Cell Cell(int column);

    /// <summary>Writes the present row as a CSV record, without its line end.</summary>
    public abstract void WriteRecord(ByteText to, byte separator);

    public abstract void Dispose();
}

/// <summary>A file that cannot be read on: the import ends.</summary>
public sealed class UnreadableFileException(Fault fault) : Exception(fault.Message.English)
{
    public Fault Fault { get; } = fault;
}
