using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Socle.Files;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Files;

/// <summary>
/// <c>POST /api/files</c>: the body is a file, or a form with some. Streamed to disk; the server's limit on other bodies does not apply.
/// One file is answered as an object, several as a list: all of them are stored, or none.
/// </summary>
internal static class UploadRoutes
{
    private const int LongestBoundary = 200;

    public static async Task Receive(FileCall call)
    {
        // Also where nothing is stored: a body that the server would not read to its end cuts the answer off.
        call.Context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        var announced = call.Context.Request.ContentLength;
        if ((call.UploadRefusal ?? await call.Get<FileStore>().Refuse(announced, call.Cancellation)) is { } fault)
        {
            await call.Refuse(fault);
            return;
        }

        var isForm = MediaTypeHeaderValue.TryParse(call.Context.Request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);
        var stored = isForm ? await ReceiveForm(call, type!) : await ReceiveBody(call);
        if (stored.IsFault)
        {
            await call.Refuse(stored.Faults);
            return;
        }

        if (stored.Value.Count == 1)
        {
            call.Context.Response.Headers.Location = stored.Value[0].Url;
            await FileRoutes.Answer(call, stored.Value[0], StatusCodes.Status201Created);
            return;
        }

        call.Context.Response.StatusCode = StatusCodes.Status201Created;
        await EnvelopeAnswers.Write(
            call.Context,
            json =>
            {
                json.WriteStartArray();
                foreach (var file in stored.Value)
                {
                    json.WriteStartObject();
                    FileRoutes.Write(json, file);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            },
            StatusCodes.Status201Created);
    }

    private static async Task<Result<List<StoredFile>>> ReceiveBody(FileCall call)
    {
        var request = call.Context.Request;
        var name = call.Text("name");
        if (name is null && ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition))
            name = NameOf(disposition);
        var stored = await call.Get<DirectUploads>().Receive(request.Body, name, call.Caller, call.Cancellation);
        return stored.IsFault ? stored.Faults : new List<StoredFile> { stored.Value };
    }

    private static async Task<Result<List<StoredFile>>> ReceiveForm(FileCall call, MediaTypeHeaderValue type)
    {
        if (HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= LongestBoundary } boundary)
            return NoFile;
        var reader = new MultipartReader(boundary, call.Context.Request.Body);
        var stored = new List<StoredFile>();
        var fault = NoFile;
        try
        {
            while (await reader.ReadNextSectionAsync(call.Cancellation) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.IsFileDisposition())
                    continue;
                var file = await call.Get<DirectUploads>().Receive(section.Body, NameOf(disposition), call.Caller, call.Cancellation);
                if (file.IsFault)
                {
                    await Forget(call, stored);
                    return file.Faults;
                }

                stored.Add(file.Value);
            }

            return stored.Count > 0 ? stored : fault;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            await Forget(call, stored);
            return NoFile;
        }
    }

    private static async Task Forget(FileCall call, List<StoredFile> stored)
    {
        foreach (var file in stored)
            await call.Get<FileStore>().Delete(file.Id, call.Caller, CancellationToken.None);
    }

    private static string? NameOf(ContentDispositionHeaderValue disposition) =>
        disposition.FileNameStar.Value is { Length: > 0 } star ? star : HeaderUtilities.UnescapeAsQuotedString(disposition.FileName).Value;

    private static Fault NoFile { get; } = new(
        FaultCode.InvalidRequest,
        "The form holds no file, or is cut off.",
        "Le formulaire ne contient pas de fichier, ou il est tronqué.");
}
