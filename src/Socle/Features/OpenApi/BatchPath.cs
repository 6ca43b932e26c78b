using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Socle.Features.OpenApi;

/// <summary>Many operations as one transaction.</summary>
internal static class BatchPath
{
    public const string Operation = "BatchOperation";
    public const string Result = "BatchResult";
    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    public static void AddTo(ApiDraft draft, string tag)
    {
        draft.Add(Operation, Sent(draft));
        draft.Add(Result, Answered(draft));
        var operations = TableSchemas.List(draft.Schema(Operation));
        var wrapped = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "operations" },
            Properties = new Dictionary<string, IOpenApiSchema> { ["operations"] = operations },
            AdditionalPropertiesAllowed = false,
        };
        var item = new OpenApiPathItem();
        item.AddOperation(HttpMethod.Post, new OpenApiOperation
        {
            OperationId = "runBatch",
            Summary = draft.Say("Many operations as one transaction: in their order, all or none", "Plusieurs opérations en une transaction : dans leur ordre, toutes ou aucune"),
            Tags = new HashSet<OpenApiTagReference> { draft.Tag(tag) },
            Parameters = [draft.Parameter(ListParameters.IdempotencyKey)],
            RequestBody = TablePaths.Body(new OpenApiSchema { AnyOf = [wrapped, operations] }),
            Responses = Faults.Responses(
                draft,
                [(StatusCodes.Status200OK, new OpenApiResponse
                {
                    Description = draft.Say("What each operation answers, in their order. Refused, a batch has done nothing; the message and the fields name the operation.", "Ce que répond chaque opération, dans leur ordre. Refusé, un lot n'a rien fait ; le message et les champs nomment l'opération."),
                    Content = ApiDraft.Json(TableSchemas.Envelope(TableSchemas.List(draft.Schema(Result)))),
                })],
                409, 412, 413, 415, 422),
        });
        draft.Document.Paths.Add("/api/batch", item);
    }

    private static OpenApiSchema Sent(ApiDraft draft) => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "method", "path" },
        AdditionalPropertiesAllowed = false,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["method"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Methods.Select(method => JsonValue.Create(method))] },
            ["path"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = draft.Say("The address of a list or a record, with its query.", "L'adresse d'une liste ou d'un enregistrement, avec sa requête."), Examples = [JsonValue.Create("/api/clients?select=id")] },
            ["headers"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema> { ["If-Match"] = ApiDraft.Text(), ["Prefer"] = ApiDraft.Text() },
            },
            ["body"] = new OpenApiSchema { Description = draft.Say("What the request would have as its body.", "Ce que la requête aurait comme corps.") },
        },
    };

    private static OpenApiSchema Answered(ApiDraft draft) => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "status", "body" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Enum = [JsonValue.Create(200), JsonValue.Create(201)] },
            ["body"] = new OpenApiSchema { Description = draft.Say("The record or the records.", "L'enregistrement ou les enregistrements.") },
            ["etag"] = ApiDraft.Text(),
            ["meta"] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = draft.Say("For lists: limit, offset and the total that was asked for.", "Pour les listes : limit, offset et le total demandé.") },
        },
    };
}
