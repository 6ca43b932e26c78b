using Microsoft.Net.Http.Headers;
using Socle.Files;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Files;

/// <summary>
/// Sends content: whole, in ranges, or not at all when the browser has it. What it is said to be was read from its bytes, and what it could
/// do in a page is taken from it: no script, no style, no window of another site, and only harmless types are shown instead of saved.
/// </summary>
internal static class DownloadRoutes
{
    private const int DefaultThumbnail = 256;

    public static async Task Send(FileCall call)
    {
        if (await FileRoutes.Find(call) is not { } file)
        {
            await call.Refuse(FileFaults.NotFound);
            return;
        }

        var isShown = file.Type.IsShown && call.Text("download") is null;
        await Send(call, file, call.Get<FileStore>().Folder.PathOf(file.Sha256), file.Type.Served, file.Sha256, isShown, file.Name);
    }

    public static async Task SendThumbnail(FileCall call)
    {
        if (call.Number("size", DefaultThumbnail) is not ({ } size and > 0))
        {
            await call.Refuse(new Fault(FaultCode.InvalidValue, $"size is a number of pixels, up to {Previews.Sizes[^1]}.", $"size est un nombre de pixels, jusqu'à {Previews.Sizes[^1]}.", "size"));
            return;
        }

        await SendPreview(call, Previews.Sizes.FirstOrDefault(made => made >= size, Previews.Sizes[^1]), 1);
    }

    public static async Task SendPreview(FileCall call)
    {
        if (call.Number("page", 1) is { } page)
            await SendPreview(call, Previews.LargeSize, page);
        else
            await call.Refuse(new Fault(FaultCode.InvalidValue, $"page is a number from 1 to {Previews.MostPages}.", $"page est un nombre de 1 à {Previews.MostPages}.", "page"));
    }

    private static async Task SendPreview(FileCall call, int size, int page)
    {
        if (await FileRoutes.Find(call) is not { } file)
        {
            await call.Refuse(FileFaults.NotFound);
            return;
        }

        var preview = await call.Get<Previews>().Get(file, size, page, call.Cancellation);
        if (preview.IsFault)
            await call.Refuse(preview.Faults);
        else
            await Send(call, file, preview.Value.Path, preview.Value.MediaType, $"{file.Sha256}.{preview.Value.Kind}", isShown: true, Path.ChangeExtension(file.Name, Path.GetExtension(preview.Value.Path)));
    }

    private static async Task Send(FileCall call, StoredFile file, string path, string mediaType, string tag, bool isShown, string name)
    {
        if (!File.Exists(path))
        {
            call.Get<ILoggerFactory>().CreateLogger("Socle.Files").LogError("The content {Sha256} of the file {File} is missing in the data folder", file.Sha256, file.Id);
            await call.Refuse(Missing);
            return;
        }

        SetHeaders(call.Context.Response.Headers, mediaType, isShown, name);
        await TypedResults.PhysicalFile(path, mediaType, null, file.CreatedAt, new EntityTagHeaderValue($"\"{tag}\""), enableRangeProcessing: true).ExecuteAsync(call.Context);
    }

    private static void SetHeaders(IHeaderDictionary headers, string mediaType, bool isShown, string name)
    {
        var disposition = new ContentDispositionHeaderValue(isShown ? "inline" : "attachment");
        disposition.SetHttpFileName(name);
        headers.ContentDisposition = disposition.ToString();
        // Chromium's viewer for PDF does not work in a sandbox; it is one of its own. All else has a browser's strictest.
        var isViewed = isShown && mediaType == "application/pdf";
        headers.ContentSecurityPolicy = $"default-src 'none'; {(isViewed ? "object-src 'self'; " : "media-src 'self'; img-src 'self'; ")}style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'{(isViewed ? "" : "; sandbox")}";
        headers.XFrameOptions = "SAMEORIGIN";
        headers.XContentTypeOptions = "nosniff";
        headers["X-Download-Options"] = "noopen";
        // Who may read it may change: the browser asks each time, and is told that it has it already.
        headers.CacheControl = "private, no-cache";
    }

    private static Fault Missing { get; } = new(
        FaultCode.Internal,
        "The server knows this file but does not find its content. Whoever runs the server must put the folder 'files' back from a backup.",
        "Le serveur connaît ce fichier mais n'en trouve pas le contenu. La personne qui gère le serveur doit restaurer le dossier « files » depuis une sauvegarde.");
}
