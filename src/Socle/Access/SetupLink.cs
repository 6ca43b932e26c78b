using System.Net;
using Socle.Http;

namespace Socle.Access;

/// <summary>The link by which somebody at the server's terminal becomes the first administrator. A new one at each start; none when there is an administrator.</summary>
public sealed class SetupLink(UserStore users, AccountLinks links)
{
    public async Task<Uri?> Make(DoorOptions door, IPAddress host, int port, CancellationToken cancellation)
    {
        if (await users.HasActiveAdmin(cancellation))
            return null;
        return LinkMail.LinkTo(AddressOf(door, host, port), LinkPurpose.Setup, await links.Make(LinkPurpose.Setup, user: null, cancellation));
    }

    /// <summary>Where somebody at the server's terminal reaches it.</summary>
    public static Uri AddressOf(DoorOptions door, IPAddress host, int port)
    {
        // An address to listen on at every interface is none to go to.
        var place = host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : host;
        return new Uri(door.PublicUrl ?? $"http://{new IPEndPoint(place, port)}");
    }
}
