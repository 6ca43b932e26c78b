using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.OpenApi;

/// <summary><c>GET /api/openapi.json</c>: the API as it is now, described as OpenAPI 3.1 in the caller's language; 503 while there is no catalog.</summary>
public static class OpenApiApi
{
    public const string Path = "/api/openapi.json";

    public static void MapOpenApi(this WebApplication app, Text? title)
    {
        var descriptions = new DescriptionCache(title);
        app.MapMethods(Path, ["GET", "HEAD"], (HttpContext context, ServerState state, LiveCatalog catalog) =>
            state.IsReady ? Answer(context, descriptions, catalog.Current.For(RequestReader.CallerOf(context.Request))) : FaultAnswers.Write(context, ServerState.NotReady));
    }

    private static async Task Answer(HttpContext context, DescriptionCache descriptions, CatalogSnapshot catalog)
    {
        var language = Languages.Of(context.Request);
        var description = await descriptions.Get(catalog, language);
        var response = context.Response;
        response.Headers.ETag = description.Tag;
        response.Headers.Vary = "Accept-Language, Authorization, Cookie";
        response.Headers.CacheControl = "no-cache";
        response.Headers.ContentLanguage = Languages.TagOf(language);
        if (context.Request.Headers.IfNoneMatch.Contains(description.Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = description.Json.Length;
        await response.BodyWriter.WriteAsync(description.Json, context.RequestAborted);
    }
}
