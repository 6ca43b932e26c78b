using Microsoft.Net.Http.Headers;
using Socle.Kernel;

namespace Socle.Http;

/// <summary>The caller's language, from Accept-Language (RFC 9110 §12.5.4): French or English, English when neither is asked for.</summary>
public static class Languages
{
    /// <summary>The language's tag (BCP 47).</summary>
    public static string TagOf(Language language) => language == Language.French ? "fr" : "en";

    public static Language Of(HttpRequest request)
    {
        var header = request.Headers.AcceptLanguage;
        if (header.Count == 0 || !StringWithQualityHeaderValue.TryParseList(header, out var languages))
            return Language.English;
        foreach (var language in languages.Where(item => item.Quality is not 0).OrderByDescending(item => item.Quality ?? 1))
        {
            if (language.Value.StartsWith("fr", StringComparison.OrdinalIgnoreCase))
                return Language.French;
            if (language.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase))
                return Language.English;
        }

        return Language.English;
    }
}
