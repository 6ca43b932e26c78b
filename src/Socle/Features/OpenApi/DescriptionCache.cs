using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.OpenApi;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Features.OpenApi;

/// <summary>The description of the newest snapshot that was asked for, once for each language.</summary>
internal sealed class DescriptionCache(Text? title)
{
    private readonly ConcurrentDictionary<Language, Description> _byLanguage = new();

    public async ValueTask<Description> Get(CatalogSnapshot catalog, Language language)
    {
        if (_byLanguage.TryGetValue(language, out var known) && known.Version == catalog.Version)
            return known;
        var document = ApiDescription.Write(catalog, language, title);
        using var json = new MemoryStream();
        await document.SerializeAsync(json, OpenApiSpecVersion.OpenApi3_1, OpenApiConstants.Json, new OpenApiJsonWriterSettings { Terse = true });
        var made = new Description(catalog.Version, json.ToArray());
        _byLanguage[language] = made;
        return made;
    }
}

/// <param name="Version">The snapshot's.</param>
internal sealed record Description(long Version, byte[] Json)
{
    /// <summary>The entity tag: the same text has the same one, across restarts too.</summary>
    public string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Json).AsSpan(0, 12))}\"";
}
