using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Socle.Http;

/// <summary>
/// Who may say for whom they ask: from the proxies of TRUSTED_PROXIES, and from nobody else, X-Forwarded-For, -Proto and
/// -Host are believed, up to the right-most address that is no such proxy.
/// </summary>
public static class TrustedProxies
{
    public static ForwardedHeadersOptions Describe(DoorOptions options)
    {
        var headers = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            // As many proxies as there are: the walk ends at the first that is not listed.
            ForwardLimit = null,
        };
        headers.KnownProxies.Clear();
        headers.KnownIPNetworks.Clear();
        foreach (var proxy in options.TrustedProxies)
            headers.KnownIPNetworks.Add(Find(proxy) ?? throw new InvalidOperationException($"{proxy} was not checked"));
        return headers;
    }

    /// <summary>An address, or a network such as 10.0.0.0/8; null for any other text, and for the network that is the whole world.</summary>
    public static IPNetwork? Find(string text)
    {
        if (text.Contains('/'))
            return IPNetwork.TryParse(text, out var network) && network.PrefixLength > 0 && IsBase(text, network) ? network : null;
        if (!IPAddress.TryParse(text, out var address) || !IsWhole(text))
            return null;
        return new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
    }

    /// <summary>Who writes 10.0.0.5/8 means either one address or a network, and we do not guess which.</summary>
    private static bool IsBase(string text, IPNetwork network) => text.StartsWith($"{network.BaseAddress}/", StringComparison.OrdinalIgnoreCase);

    /// <summary>The parser takes 10.1 for 10.0.0.1, which nobody means.</summary>
    private static bool IsWhole(string text) => text.Contains(':') || text.Count(c => c == '.') == 3;
}
