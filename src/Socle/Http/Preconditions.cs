using System.Collections.Immutable;
using Socle.Kernel;
using Socle.Records;

namespace Socle.Http;

/// <summary>
/// Conditional requests (RFC 9110, 13). If-Match is judged by the statement that writes; for a read both headers are
/// judged by its answer. A write whose condition cannot be judged is refused, for the caller counts on it.
/// </summary>
public static class Preconditions
{
    public static Result<ImmutableArray<uint>?> ReadVersions(RecordAction action, string? id, IHeaderDictionary headers)
    {
        if ((headers.IfMatch.Count == 0 && headers.IfNoneMatch.Count == 0) || action is RecordAction.List or RecordAction.Get)
            return (ImmutableArray<uint>?)null;
        if (headers.IfNoneMatch.Count > 0)
            return ForReadingOnly;
        if (id is null)
            return ForOneRecordOnly;
        return EntityTags.TryReadVersions(headers.IfMatch, out var versions) ? versions : Unreadable;
    }

    /// <summary>Tells the tag, and whether the answer goes out: not when the caller has it already, nor when it wants another one.</summary>
    public static async ValueTask<bool> Hold(HttpContext context, string tag)
    {
        var response = context.Response;
        response.Headers.ETag = tag;
        var headers = context.Request.Headers;
        if ((headers.IfMatch.Count == 0 && headers.IfNoneMatch.Count == 0) || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
            return true;
        if (headers.IfMatch.Count > 0 && !EntityTags.Names(headers.IfMatch, tag))
        {
            await FaultAnswers.Write(context, Stale);
            return false;
        }

        if (!EntityTags.Names(headers.IfNoneMatch, tag))
            return true;
        response.StatusCode = StatusCodes.Status304NotModified;
        response.Headers.ContentType = default;
        return false;
    }

    private static Fault ForReadingOnly { get; } = new(
        FaultCode.InvalidRequest,
        "If-None-Match is for reading. To write a record only while it is as you read it, send its ETag in If-Match.",
        "If-None-Match sert à la lecture. Pour n'écrire un enregistrement que s'il est tel que vous l'avez lu, envoyez son ETag dans If-Match.",
        "If-None-Match");

    private static Fault ForOneRecordOnly { get; } = new(
        FaultCode.InvalidRequest,
        "If-Match is for PUT, PATCH and DELETE of one record by its id. Leave it out, or write the records one by one: /api/batch does so in one transaction.",
        "If-Match sert à PUT, PATCH et DELETE d'un enregistrement par son id. Ne l'envoyez pas, ou écrivez les enregistrements un à un : /api/batch le fait en une transaction.",
        "If-Match");

    private static Fault Unreadable { get; } = new(
        FaultCode.InvalidRequest,
        "If-Match must be the ETag of the record as it was answered, with its double quotes; several separated by commas; or * for any.",
        "If-Match doit être l'ETag de l'enregistrement tel qu'il a été donné, avec ses guillemets ; plusieurs séparés par des virgules ; ou * pour tous.",
        "If-Match");

    private static Fault Stale { get; } = new(
        FaultCode.StaleRecord,
        "The record is no longer the one that If-Match names. Read it without that header.",
        "L'enregistrement n'est plus celui que nomme If-Match. Lisez-le sans cet en-tête.",
        "If-Match");
}
