using Microsoft.Extensions.Primitives;
using Socle.Kernel;

namespace Socle.Http;

/// <summary>
/// Answers only requests for the host names of ALLOWED_HOSTS, so that no page under another name that leads here (DNS
/// rebinding) is served. There is no exception: a health check by IP address needs that address in the list.
/// </summary>
public sealed class HostCheck(RequestDelegate next, DoorOptions options)
{
    private readonly List<StringSegment> _hosts = [.. options.AllowedHosts.Select(host => new StringSegment(host))];

    public Task InvokeAsync(HttpContext context)
    {
        var host = context.Request.Host;
        return host.HasValue && HostString.MatchesAny(host.Host, _hosts) ? next(context) : FaultAnswers.Write(context, Unknown);
    }

    private static Fault Unknown { get; } = new(
        FaultCode.InvalidRequest,
        "This server does not answer under the host name that the request gives. Use a name of ALLOWED_HOSTS, or add this one.",
        "Ce serveur ne répond pas sous le nom d'hôte que donne la requête. Utilisez un nom d'ALLOWED_HOSTS, ou ajoutez celui-ci.");
}
