using System.Security.Cryptography;
using System.Text;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Entry;

/// <summary>The style of the pages, embedded in the program, and the headers that let the browser load and send nothing else.</summary>
internal static class EntryFiles
{
    public static string Style { get; } = Read();

    private static readonly string ContentPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void SetHeaders(HttpResponse response, Language language)
    {
        response.ContentType = "text/html; charset=utf-8";
        var headers = response.Headers;
        headers.ContentLanguage = Languages.TagOf(language);
        headers.ContentSecurityPolicy = ContentPolicy;
        // Links in the address bar hold tokens; and without any referrer the browser would not say where a form comes from.
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        headers.Vary = "Accept-Language";
    }

    private static string Read()
    {
        using var stream = typeof(EntryFiles).Assembly.GetManifestResourceStream("entry/entry.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
