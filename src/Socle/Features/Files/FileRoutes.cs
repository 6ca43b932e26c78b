using System.Text.Json;
using Socle.Files;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Files;

/// <summary>What is known of files: of one, for whom may read it; of all, for administrators. And the end of one.</summary>
internal static class FileRoutes
{
    private const int DefaultLimit = 100;
    private const int HighestLimit = 1000;

    public static async Task List(FileCall call)
    {
        if (!call.Caller.IsAdministrator)
        {
            await call.Refuse(Gate.Forbidden);
            return;
        }

        if (call.Number("limit", DefaultLimit) is not { } limit || call.Number("offset", 0) is not { } offset)
        {
            await call.Refuse(new Fault(FaultCode.InvalidRange, "limit and offset are whole numbers from 0.", "limit et offset sont des nombres entiers à partir de 0.", "limit"));
            return;
        }

        limit = Math.Min(limit, HighestLimit);
        var files = await call.Get<FileStore>().List(call.Text("q"), limit, offset, call.Cancellation);
        await EnvelopeAnswers.WriteList(call.Context, files, (json, file) => Write(json, file, isFull: true), limit, offset);
    }

    public static async Task Get(FileCall call)
    {
        if (await Find(call) is { } file)
            await Answer(call, file);
        else
            await call.Refuse(FileFaults.NotFound);
    }

    public static async Task Delete(FileCall call)
    {
        var deleted = call.Id is { } id ? await call.Get<FileStore>().Delete(id, call.Caller, call.Cancellation) : FileFaults.NotFound;
        if (deleted.IsFault)
            await call.Refuse(deleted.Faults);
        else
            await Answer(call, deleted.Value);
    }

    public static async Task<StoredFile?> Find(FileCall call) =>
        call.Id is { } id ? await call.Get<FileStore>().Find(id, call.Caller, call.Cancellation) : null;

    public static Task Answer(FileCall call, StoredFile file, int status = StatusCodes.Status200OK) =>
        EnvelopeAnswers.WriteObject(call.Context, json => Write(json, file), status);

    public static void Write(Utf8JsonWriter json, StoredFile file) => Write(json, file, isFull: false);

    private static void Write(Utf8JsonWriter json, StoredFile file, bool isFull)
    {
        json.WriteString("id"u8, file.Id);
        json.WriteString("name"u8, file.Name);
        json.WriteNumber("size"u8, file.Size);
        json.WriteString("contentType"u8, file.Type.Name);
        json.WriteString("sha256"u8, file.Sha256);
        json.WriteMoment("createdAt", file.CreatedAt);
        json.WriteString("url"u8, file.Url);
        if (isFull)
            json.WriteString("uploadedBy"u8, file.Uploader);
    }
}
