using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Socle.Kernel;

namespace Socle.Features.OpenApi;

/// <summary>A description while it is written: the document, its language, and references to its parts.</summary>
internal sealed class ApiDraft(Language language)
{
    public Language Language => language;

    public OpenApiDocument Document { get; } = new()
    {
        Paths = [],
        Components = new OpenApiComponents(),
        Tags = new HashSet<OpenApiTag>(),
    };

    public string Say(Text text) => text.In(language);

    public string Say(string english, string french) => Say(new Text(english, french));

    public void Add(string name, IOpenApiSchema schema) => Document.AddComponent(name, schema);

    public void Add(string name, IOpenApiParameter parameter) => Document.AddComponent(name, parameter);

    public void Add(string name, IOpenApiResponse response) => Document.AddComponent(name, response);

    public IOpenApiSchema Schema(string name) => new OpenApiSchemaReference(name, Document);

    public IOpenApiParameter Parameter(string name) => new OpenApiParameterReference(name, Document);

    public IOpenApiResponse Response(string name) => new OpenApiResponseReference(name, Document);

    public OpenApiTagReference Tag(string name) => new(name, Document);

    /// <summary>A JSON Schema as field types write them.</summary>
    public OpenApiSchema Read(JsonObject schema) =>
        new OpenApiJsonReader().ReadFragment<OpenApiSchema>(schema, OpenApiSpecVersion.OpenApi3_1, Document, out _)!;

    public static OpenApiSchema Text(string? format = null) => new() { Type = JsonSchemaType.String, Format = format };

    public static OpenApiSchema Constant(bool value) => new() { Type = JsonSchemaType.Boolean, Enum = [JsonValue.Create(value)] };

    public static Dictionary<string, IOpenApiMediaType> Json(IOpenApiSchema schema) => new() { ["application/json"] = new OpenApiMediaType { Schema = schema } };
}
