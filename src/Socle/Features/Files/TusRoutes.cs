using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Socle.Files;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Files;

/// <summary>
/// Uploads in parts by tus 1.0.0 (https://tus.io/protocols/resumable-upload) with creation, creation-with-upload, termination, expiration
/// and checksum. The file gets the upload's id: <c>/api/files/{id}</c> is there when the last part is.
/// </summary>
internal static class TusRoutes
{
    private const string Version = "1.0.0";
    private const string Part = "application/offset+octet-stream";
    private const int LongestMetadata = 4096;

    public static Task Describe(FileCall call)
    {
        var headers = Speak(call);
        call.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        headers["Tus-Version"] = Version;
        headers["Tus-Extension"] = "creation,creation-with-upload,termination,expiration,checksum";
        headers["Tus-Checksum-Algorithm"] = string.Join(',', PartChecksum.Algorithms);
        headers["Tus-Max-Size"] = Number(call.Get<FileStore>().Limits.MaxSize);
        return Task.CompletedTask;
    }

    public static async Task Begin(FileCall call)
    {
        if (!IsSpoken(call))
            return;
        var headers = call.Context.Request.Headers;
        if (call.UploadRefusal is { } refusal)
        {
            await call.Refuse(refusal);
            return;
        }

        if (!long.TryParse(headers["Upload-Length"], NumberStyles.None, CultureInfo.InvariantCulture, out var size) || headers["Upload-Metadata"].ToString().Length > LongestMetadata)
        {
            await call.Refuse(NoLength);
            return;
        }

        var metadata = headers["Upload-Metadata"] is [{ Length: > 0 } text] ? text : null;
        var begun = await call.Get<Uploads>().Begin(TusMetadata.FindName(metadata), size, metadata, call.Caller, call.Cancellation);
        if (!begun.IsFault && !begun.Value.IsFinished && call.Context.Request.ContentType == Part)
            begun = await Append(call, begun.Value.Id, 0);
        if (begun.IsFault)
        {
            await call.Refuse(begun.Faults);
            return;
        }

        call.Context.Response.StatusCode = StatusCodes.Status201Created;
        call.Context.Response.Headers.Location = $"/api/files/uploads/{begun.Value.Id}";
        Tell(call, begun.Value);
    }

    public static async Task Tell(FileCall call)
    {
        if (!IsSpoken(call))
            return;
        var upload = call.Id is { } id ? await call.Get<Uploads>().Get(id, call.Caller, call.Cancellation) : FileFaults.NoUpload;
        call.Context.Response.Headers.CacheControl = "no-store";
        if (upload.IsFault)
        {
            await call.Refuse(upload.Faults);
            return;
        }

        Tell(call, upload.Value);
        call.Context.Response.Headers["Upload-Length"] = Number(upload.Value.Size);
        if (upload.Value.Metadata is { } metadata)
            call.Context.Response.Headers["Upload-Metadata"] = metadata;
    }

    public static async Task Append(FileCall call)
    {
        if (!IsSpoken(call))
            return;
        var request = call.Context.Request;
        if (request.ContentType != Part)
        {
            await call.Refuse(WrongType);
            return;
        }

        if (call.Id is not { } id || !long.TryParse(request.Headers["Upload-Offset"], NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            await call.Refuse(NoOffset);
            return;
        }

        var appended = await Append(call, id, offset);
        if (appended.IsFault)
        {
            await call.Refuse(appended.Faults);
            return;
        }

        call.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        Tell(call, appended.Value);
    }

    public static async Task Cancel(FileCall call)
    {
        if (!IsSpoken(call))
            return;
        var cancelled = call.Id is { } id ? await call.Get<Uploads>().Cancel(id, call.Caller, call.Cancellation) : FileFaults.NoUpload;
        if (cancelled.IsFault)
            await call.Refuse(cancelled.Faults);
        else
            call.Context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>For clients behind something that lets no PATCH through.</summary>
    public static Task Override(FileCall call) => call.Context.Request.Headers["X-HTTP-Method-Override"].ToString().ToUpperInvariant() switch
    {
        "PATCH" => Append(call),
        "DELETE" => Cancel(call),
        "HEAD" => Tell(call),
        _ => FaultAnswers.WriteMethodNotAllowed(call.Context, "GET, HEAD, PATCH, DELETE, OPTIONS"),
    };

    private static async Task<Result<Upload>> Append(FileCall call, Guid id, long offset)
    {
        var checksum = TusMetadata.ReadChecksum(call.Context.Request.Headers["Upload-Checksum"]);
        if (checksum.IsFault)
            return checksum.Faults;
        call.Context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        return await call.Get<Uploads>().Append(id, offset, call.Context.Request.Body, checksum.Value, call.Caller, call.Cancellation);
    }

    private static void Tell(FileCall call, Upload upload)
    {
        var headers = call.Context.Response.Headers;
        headers["Upload-Offset"] = Number(upload.Offset);
        if (upload.IsFinished)
            headers.ContentLocation = $"/api/files/{upload.Id}";
        else
            headers["Upload-Expires"] = upload.ExpiresAt.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>A client of another version is told ours, and nothing is done.</summary>
    private static bool IsSpoken(FileCall call)
    {
        Speak(call);
        if (call.Context.Request.Headers["Tus-Resumable"] == Version)
            return true;
        call.Context.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
        call.Context.Response.Headers["Tus-Version"] = Version;
        return false;
    }

    /// <summary>Every answer says the version, also those that refuse.</summary>
    private static IHeaderDictionary Speak(FileCall call)
    {
        call.Context.Response.OnStarting(() =>
        {
            call.Context.Response.Headers["Tus-Resumable"] = Version;
            return Task.CompletedTask;
        });
        return call.Context.Response.Headers;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static Fault NoLength { get; } = new(
        FaultCode.InvalidRequest,
        "Upload-Length must say how many bytes the file has, and Upload-Metadata be shorter than 4096 signs.",
        "Upload-Length doit dire combien d'octets a le fichier, et Upload-Metadata faire moins de 4096 signes.",
        "Upload-Length");

    private static Fault NoOffset { get; } = new(
        FaultCode.InvalidRequest,
        "Upload-Offset must say at which byte this part begins. HEAD tells where the upload stands.",
        "Upload-Offset doit dire à quel octet commence cette partie. HEAD dit où en est l'envoi.",
        "Upload-Offset");

    private static Fault WrongType { get; } = new(
        FaultCode.UnsupportedMediaType,
        $"A part of an upload is sent with Content-Type: {Part}.",
        $"Une partie d'un envoi s'envoie avec Content-Type: {Part}.");
}
