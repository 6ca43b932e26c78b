using Socle.Kernel;
using Socle.Records;

namespace Socle.Features.Batch;

/// <summary>One request of a batch.</summary>
/// <param name="Place">Where it stands in the body: <c>operations[3]</c>.</param>
/// <param name="Method">Its method, for people.</param>
internal sealed record Operation(string Place, string Method, RecordRequest Request)
{
    public bool IsWrite => Request.Action is not (RecordAction.List or RecordAction.Get);

    /// <summary>A fault of this operation as one of the batch.</summary>
    public Fault Name(Fault fault) => Name(fault, Place, $"{Method} {Request.Table}");

    public static Fault Name(Fault fault, string place, string what)
    {
        var path = fault.Field switch
        {
            null => place,
            ['[', ..] field => place + field,
            var field => $"{place}.{field}",
        };
        var (english, french) = fault.Message;
        return fault with { Field = path, Message = new Text($"{place} ({what}): {english}", $"{place} ({what}) : {french}") };
    }
}
