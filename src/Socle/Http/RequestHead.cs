using System.Collections.Immutable;
using System.Text.Json;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Records;

namespace Socle.Http;

/// <summary>What a request for records says before its body.</summary>
public readonly record struct RequestHead(RecordAction Action, RecordQuery Query, ConflictResolution Resolution, ImmutableArray<uint>? Versions)
{
    public bool IsRead => Action is RecordAction.List or RecordAction.Get;

    public bool HasBody => Action is RecordAction.Create or RecordAction.Replace or RecordAction.Patch;

    public RecordRequest ToRequest(RecordAddress address, Caller caller, JsonElement? body, ExportFormat? export, ChangeOrigin? origin) =>
        new(Action, address.Table, Query, caller, address.Id, body, Resolution, export, Versions, origin);
}
