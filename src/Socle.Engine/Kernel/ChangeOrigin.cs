namespace Socle.Kernel;

/// <summary>Where the changes of one transaction come from: the history keeps it with each of them.</summary>
/// <param name="Id">The change set's id, UUID version 7. Each transaction has its own.</param>
/// <param name="Source">The door: <c>api</c>, <c>batch</c>, <c>import</c>, <c>undo</c>, ….</param>
/// <param name="Actor">Who asked, where that is known.</param>
/// <param name="RequestId">The request that asked, as the log names it.</param>
/// <param name="Undoes">The change set that this one takes back.</param>
public sealed record ChangeOrigin(Guid Id, string Source, string? Actor = null, string? RequestId = null, Guid? Undoes = null)
{
    public static ChangeOrigin New(string source, string? requestId = null) => new(Guid.CreateVersion7(), source, RequestId: requestId);
}
