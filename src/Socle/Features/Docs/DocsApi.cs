using Socle.Http;

namespace Socle.Features.Docs;

/// <summary><c>GET /docs/{page}.md</c>: the guides of this very version, as plain text. No other file can be reached.</summary>
public static class DocsApi
{
    private const string Prefix = "docs/";

    public static void MapDocs(this WebApplication app)
    {
        var assembly = typeof(DocsApi).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            app.MapMethods($"/{name}", ["GET", "HEAD"], async context =>
            {
                await using var guide = assembly.GetManifestResourceStream(name)!;
                // Browsers show plain text; some would download Markdown.
                context.Response.ContentType = "text/plain; charset=utf-8";
                context.Response.Headers.CacheControl = "no-cache";
                context.Response.ContentLength = guide.Length;
                await guide.CopyToAsync(context.Response.Body, context.RequestAborted);
            }).LetIn(GateKind.Everybody);
        }
    }
}
