using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Socle.Imports;
using Socle.Kernel;

namespace Socle.Features.Import;

/// <summary>Takes the request's body, a file or a form with one, and gives it to a stream piece by piece. Refuses media types that are no table.</summary>
internal static class ImportBody
{
    public const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    public const string NdJson = "application/x-ndjson";

    public static async Task<Result<ImportFormat>> Receive(HttpContext context, Stream file)
    {
        var request = context.Request;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return WrongType;
        if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return await ReceiveForm(context, type, file);
        if (FormatOf(type) is not { } format)
            return WrongType;
        await request.Body.CopyToAsync(file, context.RequestAborted);
        return format;
    }

    private static async Task<Result<ImportFormat>> ReceiveForm(HttpContext context, MediaTypeHeaderValue type, Stream file)
    {
        if (HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
            return WrongType;
        var reader = new MultipartReader(boundary, context.Request.Body);
        try
        {
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.IsFileDisposition())
                    continue;
                var name = (disposition.FileNameStar.Value ?? disposition.FileName.Value ?? "").Trim('"');
                // Browsers name the types of files as the machine knows them, or not at all: the name's end tells more.
                var format = ByName(name) ?? (MediaTypeHeaderValue.TryParse(section.ContentType, out var sent) ? FormatOf(sent) : null);
                if (format is null)
                    return WrongType;
                await section.Body.CopyToAsync(file, context.RequestAborted);
                return format.Value;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException || (exception is IOException and not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested))
        {
            return BrokenForm;
        }

        return BrokenForm;
    }

    private static ImportFormat? FormatOf(MediaTypeHeaderValue type) => type.MediaType.Value?.ToLowerInvariant() switch
    {
        "text/csv" or "text/tab-separated-values" or "text/plain" => ImportFormat.Csv,
        Xlsx => ImportFormat.Xlsx,
        "application/json" or NdJson or "application/jsonl" => ImportFormat.Json,
        _ => null,
    };

    private static ImportFormat? ByName(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".csv" or ".tsv" or ".txt" => ImportFormat.Csv,
        ".xlsx" or ".xlsm" => ImportFormat.Xlsx,
        ".json" or ".ndjson" or ".jsonl" => ImportFormat.Json,
        _ => null,
    };

    private static Fault WrongType { get; } = new(
        FaultCode.UnsupportedMediaType,
        $"The body must be a file: send it with Content-Type: text/csv, {Xlsx}, application/json or {NdJson}, or in a form (multipart/form-data).",
        $"Le corps doit être un fichier : envoyez-le avec Content-Type: text/csv, {Xlsx}, application/json ou {NdJson}, ou dans un formulaire (multipart/form-data).");

    private static Fault BrokenForm { get; } = new(
        FaultCode.InvalidRequest,
        "The form holds no file, or is cut off.",
        "Le formulaire ne contient pas de fichier, ou il est tronqué.");
}
