using Microsoft.OpenApi;
using Socle.Catalog;

namespace Socle.Features.OpenApi;

/// <summary>The doors that are not tables.</summary>
internal static class ServerPaths
{
    public const string Health = "Health";
    private const string Jwks = "/.well-known/jwks.json";

    public static void AddTo(ApiDraft draft, CatalogSnapshot catalog)
    {
        var tag = "server";
        while (catalog.FindTable(tag) is not null)
            tag += "_";
        draft.Document.Tags!.Add(new OpenApiTag { Name = tag, Description = draft.Say("The server itself", "Le serveur lui-même") });
        draft.Add(Health, HealthAnswer(draft));
        Add(draft, tag, "/health", "getHealth", draft.Say("Whether the server can answer", "Si le serveur peut répondre"), draft.Schema(Health));
        Add(draft, tag, Jwks, "getKeys", draft.Say("The public keys of access tokens, as a JWK Set", "Les clés publiques des jetons d'accès, en JWK Set"), KeySet());
        EventPaths.AddTo(draft, tag);
        Add(draft, tag, OpenApiApi.Path, "getOpenApi", draft.Say("This description", "Cette description"), new OpenApiSchema { Type = JsonSchemaType.Object });
        BatchPath.AddTo(draft, tag);
        ChoicePath.AddTo(draft, tag);
    }

    private static void Add(ApiDraft draft, string tag, string path, string operation, string summary, IOpenApiSchema answer)
    {
        var item = new OpenApiPathItem();
        item.AddOperation(HttpMethod.Get, new OpenApiOperation
        {
            OperationId = operation,
            Summary = summary,
            Tags = new HashSet<OpenApiTagReference> { draft.Tag(tag) },
            Responses = new OpenApiResponses
            {
                ["200"] = new OpenApiResponse { Description = summary, Content = ApiDraft.Json(answer) },
                ["503"] = Faults.Response(draft, StatusCodes.Status503ServiceUnavailable),
            },
        });
        draft.Document.Paths.Add(path, item);
    }

    private static OpenApiSchema KeySet() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "keys" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["keys"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Object } },
        },
    };

    private static OpenApiSchema HealthAnswer(ApiDraft draft) => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "success", "data" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["success"] = ApiDraft.Constant(true),
            ["data"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "status", "database", "tables", "version" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["status"] = ApiDraft.Text(),
                    ["database"] = ApiDraft.Text(),
                    ["tables"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = draft.Say("How many tables are served.", "Combien de tables sont servies.") },
                    ["version"] = ApiDraft.Text(),
                },
            },
        },
    };
}
