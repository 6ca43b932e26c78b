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

/// <summary>The files that records leave in; an export has no limit but its own.</summary>
public enum ExportFormat
{
    Csv,
    Xlsx,
    Json,
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
/// <param name="Export">The file that is asked for; null for an answer in the envelope.</param>
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
    ExportFormat? Export = null,
    ImmutableArray<uint>? Versions = null,
    ChangeOrigin? Origin = null)
{
    public bool IsExport => Export is not null;
}
