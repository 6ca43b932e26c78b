using System.Security.Cryptography;
using System.Text;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Welcome;

/// <summary>The files beside the page, embedded in the program, and the headers that let the browser load nothing else.</summary>
internal static class WelcomeFiles
{
    public static string Style { get; } = Read("welcome.css");

    public static string Script { get; } = Read("welcome.js");

    private static readonly string Icon = Read("favicon.svg");

    /// <summary>Only this style and this script, by their hashes, and the icon.</summary>
    private static readonly string ContentPolicy =
        $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void SetHeaders(HttpResponse response, Language language)
    {
        response.ContentType = "text/html; charset=utf-8";
        var headers = response.Headers;
        headers.ContentLanguage = Languages.TagOf(language);
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.CacheControl = "no-cache";
        headers.Vary = "Accept, Accept-Language";
    }

    public static Task SendIcon(HttpContext context)
    {
        context.Response.ContentType = "image/svg+xml; charset=utf-8";
        context.Response.Headers.CacheControl = "public, max-age=86400";
        return context.Response.WriteAsync(Icon, context.RequestAborted);
    }

    public static Task SendRobots(HttpContext context)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("User-agent: *\nDisallow: /\n", context.RequestAborted);
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Read(string name)
    {
        using var stream = typeof(WelcomeFiles).Assembly.GetManifestResourceStream($"welcome/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
