using System.Collections.Immutable;
using Socle.Records.Planning;

namespace Socle.Records.Running;

/// <summary>What a request gives: rows on their way, and the shape in which they are answered.</summary>
/// <param name="IsMany">An array, even of one; otherwise one record, or none where an existing one was left alone.</param>
/// <param name="IsCreated">At least one record is new.</param>
/// <param name="Limit">The limit that holds, for lists.</param>
/// <param name="Offset">Where in the list it begins.</param>
/// <param name="Version">Which version of the one record this is, where its table tells.</param>
/// <param name="IsTagged">Whether it may be asked for again by what it is: a record that is there.</param>
public sealed record RecordAnswer(
    RowStream Rows,
    ImmutableArray<Output> Outputs,
    bool IsMany,
    bool IsCreated = false,
    long? Limit = null,
    long Offset = 0,
    uint? Version = null,
    bool IsTagged = false) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Rows.DisposeAsync();
}
