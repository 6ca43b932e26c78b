using Microsoft.OpenApi;
using Socle.Catalog;

namespace Socle.Features.OpenApi;

/// <summary>The doors of files: up in one request or by tus, down whole or as a picture.</summary>
internal static class FilePaths
{
    public const string Stored = "StoredFile";

    private static readonly string[] PathParts = ["id", "name"];

    public static void AddTo(ApiDraft draft, CatalogSnapshot catalog)
    {
        draft.Add(Stored, HistorySchemas.Object(
            ("id", ApiDraft.Text("uuid")), ("name", ApiDraft.Text()), ("size", HistorySchemas.Number()), ("contentType", ApiDraft.Text()), ("sha256", ApiDraft.Text()), ("createdAt", AccountSchemas.Moment(isNullable: false)), ("url", ApiDraft.Text())));
        var tag = "stored_files";
        while (catalog.FindTable(tag) is not null)
            tag += "_";
        draft.Document.Tags!.Add(new OpenApiTag { Name = tag, Description = draft.Say("Files that records point to", "Les fichiers auxquels se réfèrent les enregistrements") });
        var file = TableSchemas.Envelope(draft.Schema(Stored));
        var answer = ApiDraft.Json(file);

        Add(draft, tag, "/api/files", HttpMethod.Get, "listFiles", draft.Say("All files, the newest first; for administrators", "Tous les fichiers, le plus récent d'abord ; pour les administrateurs"), 200, ApiDraft.Json(TableSchemas.Envelope(TableSchemas.List(draft.Schema(Stored)), draft.Schema(TableSchemas.Page))), [Query("q"), draft.Parameter(ListParameters.Limit), draft.Parameter(ListParameters.Offset)], 416);
        var store = Add(draft, tag, "/api/files", HttpMethod.Post, "uploadFile", draft.Say("Store a file, or several in a form", "Enregistrer un fichier, ou plusieurs dans un formulaire"), 201, ApiDraft.Json(new OpenApiSchema { AnyOf = [file, TableSchemas.Envelope(TableSchemas.List(draft.Schema(Stored)))] }), [Query("name")], 409, 413, 507);
        store.RequestBody = Body("*/*", "multipart/form-data");
        Add(draft, tag, "/api/files/{id}", HttpMethod.Get, "downloadFile", draft.Say("The content, in ranges too", "Le contenu, par intervalles aussi"), 200, Binary, [Query("download"), Header("Range")], 416);
        Add(draft, tag, "/api/files/{id}", HttpMethod.Delete, "deleteFile", draft.Say("Remove a file that no record points to", "Supprimer un fichier auquel aucun enregistrement ne se réfère"), 200, answer, [], 409);
        Add(draft, tag, "/api/files/{id}/{name}", HttpMethod.Get, "downloadFileByName", draft.Say("The same, with a name to save it under", "De même, avec un nom pour l'enregistrer"), 200, Binary, [Query("download"), Header("Range")], 416);
        Add(draft, tag, "/api/files/{id}/info", HttpMethod.Get, "getFile", draft.Say("What is known of a file", "Ce qu'on sait d'un fichier"), 200, answer, []);
        Add(draft, tag, "/api/files/{id}/thumbnail", HttpMethod.Get, "getThumbnail", draft.Say("A small picture of a picture or of a PDF's first page", "Une petite image d'une image ou de la première page d'un PDF"), 200, Binary, [Number("size")], 415, 422, 429);
        Add(draft, tag, "/api/files/{id}/preview", HttpMethod.Get, "getPreview", draft.Say("A large picture of a picture or of one page of a PDF", "Une grande image d'une image ou d'une page d'un PDF"), 200, Binary, [Number("page")], 415, 422, 429);
        AddUploads(draft, tag);
    }

    /// <summary>tus 1.0.0; clients of it know the rest.</summary>
    private static void AddUploads(ApiDraft draft, string tag)
    {
        const string Path = "/api/files/uploads";
        var version = Header("Tus-Resumable");
        var begin = Add(draft, tag, Path, HttpMethod.Post, "beginUpload", draft.Say("Begin an upload in parts (tus 1.0.0)", "Commencer un envoi en plusieurs parties (tus 1.0.0)"), 201, null, [version, Header("Upload-Length"), Header("Upload-Metadata")], 409, 413, 507);
        begin.RequestBody = Body("application/offset+octet-stream");
        Add(draft, tag, $"{Path}/{{id}}", HttpMethod.Head, "askUpload", draft.Say("How far an upload is", "Où en est un envoi"), 200, null, [version], 409, 507);
        var append = Add(draft, tag, $"{Path}/{{id}}", HttpMethod.Patch, "continueUpload", draft.Say("The next part; the last one makes it the file of the same id", "La partie suivante ; la dernière en fait le fichier du même id"), 204, null, [version, Header("Upload-Offset"), Header("Upload-Checksum")], 409, 413, 415, 460, 507);
        append.RequestBody = Body("application/offset+octet-stream");
        Add(draft, tag, $"{Path}/{{id}}", HttpMethod.Delete, "cancelUpload", draft.Say("Throw away what has arrived", "Jeter ce qui est arrivé"), 204, null, [version]);
    }

    private static OpenApiOperation Add(ApiDraft draft, string tag, string path, HttpMethod method, string id, string summary, int status, IDictionary<string, IOpenApiMediaType>? content, IOpenApiParameter[] parameters, params int[] faults)
    {
        if (!draft.Document.Paths.TryGetValue(path, out var item))
        {
            item = new OpenApiPathItem
            {
                Parameters = [.. PathParts.Where(name => path.Contains($"{{{name}}}", StringComparison.Ordinal)).Select(name => new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Schema = ApiDraft.Text(name == "id" ? "uuid" : null) })],
            };
            draft.Document.Paths.Add(path, item);
        }

        var operation = new OpenApiOperation
        {
            OperationId = id,
            Summary = summary,
            Tags = new HashSet<OpenApiTagReference> { draft.Tag(tag) },
            Parameters = [.. parameters],
            Responses = Faults.Responses(draft, [(status, new OpenApiResponse { Description = summary, Content = content })], faults),
        };
        ((OpenApiPathItem)item).AddOperation(method, operation);
        return operation;
    }

    private static Dictionary<string, IOpenApiMediaType> Binary => new() { ["*/*"] = new OpenApiMediaType { Schema = new OpenApiSchema() } };

    private static OpenApiRequestBody Body(params string[] types) => new() { Content = types.ToDictionary(type => type, IOpenApiMediaType (_) => new OpenApiMediaType { Schema = new OpenApiSchema() }) };

    private static OpenApiParameter Query(string name) => new() { Name = name, In = ParameterLocation.Query, Schema = ApiDraft.Text() };

    private static OpenApiParameter Number(string name) => new() { Name = name, In = ParameterLocation.Query, Schema = HistorySchemas.Number() };

    private static OpenApiParameter Header(string name) => new() { Name = name, In = ParameterLocation.Header, Schema = ApiDraft.Text() };
}
