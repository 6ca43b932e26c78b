using System.Buffers;

namespace Socle.Http;

/// <summary>Origins (RFC 6454): scheme, host and port of a page, as browsers write them in Origin.</summary>
public static class Origins
{
    private static readonly SearchValues<char> Foreign = SearchValues.Create("/\\?#@%*");

    /// <summary>The origin as browsers write it; null for a text that is none, such as <c>null</c>, <c>*</c> or an address with a path.</summary>
    public static string? Find(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            return null;
        // What the parser adds, drops or decodes is not what was written: only the authority may stand there.
        var authority = text.IndexOf("://", StringComparison.Ordinal) is > 0 and var at ? text[(at + 3)..] : "";
        if (authority.Length == 0 || authority.AsSpan().ContainsAny(Foreign) || authority.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) || authority.EndsWith(':'))
            return null;
        return Write(uri);
    }

    /// <summary>The origin that the request was sent to, as far as the caller or a trusted proxy says.</summary>
    public static string? Of(HttpRequest request) => request.Host.HasValue ? Find($"{request.Scheme}://{request.Host.Value}") : null;

    private static string Write(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost.Trim('[', ']')}]" : uri.IdnHost;
        return (uri.IsDefaultPort ? $"{uri.Scheme}://{host}" : $"{uri.Scheme}://{host}:{uri.Port}").ToLowerInvariant();
    }
}
