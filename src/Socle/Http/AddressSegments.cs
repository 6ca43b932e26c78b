using Microsoft.AspNetCore.Http.Features;

namespace Socle.Http;

/// <summary>The parts of the path as sent, each decoded: the route's values leave an encoded slash as it is.</summary>
public static class AddressSegments
{
    public static string[] Read(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return [.. target.Split('?', 2)[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
    }
}
