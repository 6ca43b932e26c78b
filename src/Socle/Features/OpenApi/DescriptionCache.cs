using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.OpenApi;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Features.OpenApi;

/// <summary>The descriptions of a snapshot, once for each language; a role's own snapshot has its own.</summary>
internal sealed class DescriptionCache(Text? title)
{
    private readonly ConditionalWeakTable<CatalogSnapshot, ConcurrentDictionary<Language, Description>> _bySnapshot = [];

    public async ValueTask<Description> Get(CatalogSnapshot catalog, Language language)
    {
        var byLanguage = _bySnapshot.GetOrCreateValue(catalog);
        if (byLanguage.TryGetValue(language, out var known))
            return known;
        var document = ApiDescription.Write(catalog, language, title);
        using var json = new MemoryStream();
        await document.SerializeAsync(json, OpenApiSpecVersion.OpenApi3_1, OpenApiConstants.Json, new OpenApiJsonWriterSettings { Terse = true });
        var made = new Description(json.ToArray());
        byLanguage[language] = made;
        return made;
    }
}

internal sealed record Description(byte[] Json)
{
    /// <summary>The entity tag: the same text has the same one, across restarts too.</summary>
    public string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Json).AsSpan(0, 12))}\"";
}
