using Socle.Records.Running;

namespace Socle.Records.Export;

/// <summary>
/// A file of rows in the making. Takes the rows of an answer one at a time, gives bytes to the buffer that it was
/// made with, which its owner sends on and empties between rows: no file is ever whole in memory.
/// </summary>
public interface IRowWriter : IDisposable
{
    void Start();

    /// <summary>Writes the row that the stream stands on.</summary>
    void Write(RowStream rows);

    void Finish();
}
