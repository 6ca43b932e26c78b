using System.Collections.Immutable;
using System.Text.Json;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Records;

public enum RecordAction
{
    List,
    Get,
    Create,
    Replace,
    Patch,
    Delete,
}

/// <summary>What happens when a created record meets an existing one with the same key.</summary>
public enum ConflictResolution
{
    /// <summary>The request fails.</summary>
    Refuse,

    /// <summary>The existing record takes the sent values.</summary>
    Merge,

    /// <summary>The existing record stays, and is not answered.</summary>
    Ignore,
}

/// <summary>A wish, read from a request but not yet held against the schema.</summary>
/// <param name="Table">The table's name as the caller wrote it.</param>
/// <param name="Id">The record's id from the path; a composite key's values are separated by commas.</param>
/// <param name="Body">The JSON sent, for writes.</param>
/// <param name="Versions">A record is written only while it has one of these versions; null when any will do.</param>
/// <param name="Origin">Where the changes come from, for writes.</param>
public sealed record RecordRequest(
    RecordAction Action,
    string Table,
    RecordQuery Query,
    Caller Caller,
    string? Id = null,
    JsonElement? Body = null,
    ConflictResolution Resolution = ConflictResolution.Refuse,
    bool IsExport = false,
    ImmutableArray<uint>? Versions = null,
    ChangeOrigin? Origin = null);
