using System.Net;
using Socle.Files;
using Socle.Kernel;

namespace Socle.Host;

/// <summary>What of the settings and of this machine is allowed, and rarely meant: in the log at each start, and what <c>socle doctor</c> says.</summary>
internal static class Warnings
{
    public static IEnumerable<Text> Find(ServerOptions options)
    {
        var isReached = !IPAddress.IsLoopback(options.Host);
        var address = $"http://{new IPEndPoint(options.Host, options.Port)}";
        if (isReached && options.Access.AnonymousRole is { } role)
        {
            yield return new(
                $"Whoever reaches {address} acts as {role} without signing in: unset ANONYMOUS_ROLE, or listen on 127.0.0.1 only.",
                $"Quiconque atteint {address} agit comme {role} sans se connecter : retirez ANONYMOUS_ROLE, ou n'écoutez que sur 127.0.0.1.");
        }

        if (isReached && options.Door.PublicUrl?.StartsWith("https:", StringComparison.Ordinal) != true)
        {
            yield return new(
                $"Passwords and records travel to {address} unencrypted: put a proxy with TLS before the server and its address into PUBLIC_URL (https://…), or listen on 127.0.0.1 only.",
                $"Mots de passe et enregistrements circulent en clair vers {address} : placez un proxy TLS devant le serveur et son adresse dans PUBLIC_URL (https://…), ou n'écoutez que sur 127.0.0.1.");
        }

        if (Previews.MissingPrograms is { Count: > 0 } missing)
        {
            var programs = string.Join(", ", missing);
            yield return new(
                $"Missing programs: {programs}. Without them files have no type or no previews; in Debian they come with file, util-linux, libvips-tools and poppler-utils.",
                $"Programmes absents : {programs}. Sans eux, les fichiers n'ont pas de type ou pas d'aperçu ; dans Debian, ils viennent avec file, util-linux, libvips-tools et poppler-utils.");
        }
    }
}
