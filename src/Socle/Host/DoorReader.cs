using System.Collections.Immutable;
using Socle.Http;

namespace Socle.Host;

/// <summary>The settings of the door → <see cref="DoorOptions"/>. Refuses what would let in fewer or more than was meant.</summary>
internal static class DoorReader
{
    private const string Origin = "an origin such as https://app.example.com: scheme, host and port, with no path and no slash at the end";
    private const string Origine = "une origine comme https://app.exemple.fr : schéma, hôte et port, sans chemin ni barre à la fin";

    public static DoorOptions Read(SettingReader reader)
    {
        var hosts = ReadHosts(reader);
        return new DoorOptions(
            ReadPublicUrl(reader, hosts),
            [.. ReadCors(reader, "CORS_ORIGINS").Union(ReadCors(reader, "CORS_ALLOWED_ORIGINS"))],
            hosts,
            ReadOrigins(reader, "CSRF_TRUSTED_ORIGINS"),
            ReadProxies(reader));
    }

    private static string? ReadPublicUrl(SettingReader reader, ImmutableArray<string> hosts)
    {
        if (reader.Text("PUBLIC_URL") is not { } text)
            return null;
        if (Origins.Find(text.EndsWith('/') ? text[..^1] : text) is not { } origin)
        {
            reader.Refuse("PUBLIC_URL", text, "the address that people open, such as https://erp.example.com, with no path", "l'adresse que les gens ouvrent, comme https://erp.exemple.fr, sans chemin");
            return null;
        }

        var host = new Uri(origin).Host;
        if (!hosts.IsEmpty && !HostString.MatchesAny(host, [.. hosts]))
            reader.Refuse("PUBLIC_URL", text, "under a name of ALLOWED_HOSTS, or this server would not answer there", "sous un nom d'ALLOWED_HOSTS, sinon ce serveur n'y répondrait pas");
        return origin;
    }

    private static ImmutableArray<string> ReadCors(SettingReader reader, string name)
    {
        var texts = reader.Names(name);
        if (texts is ["*"])
            return texts;
        if (!texts.Contains("*"))
            return ReadOrigins(reader, name);
        reader.Refuse(name, string.Join(',', texts), "either * alone, for pages without the cookie, or named origins", "soit * seul, pour des pages sans le cookie, soit des origines nommées");
        return [];
    }

    private static ImmutableArray<string> ReadOrigins(SettingReader reader, string name)
    {
        var texts = reader.Names(name);
        foreach (var text in texts.Where(text => Origins.Find(text) is null))
            reader.Refuse(name, text, Origin, Origine);
        return [.. texts.Select(Origins.Find).OfType<string>().Distinct()];
    }

    private static ImmutableArray<string> ReadHosts(SettingReader reader)
    {
        var texts = reader.Names("ALLOWED_HOSTS");
        foreach (var text in texts.Where(text => !IsHost(text)))
            reader.Refuse("ALLOWED_HOSTS", text, "a host name without scheme, port or path, such as erp.example.com, *.example.com or 10.0.0.5", "un nom d'hôte sans schéma, port ni chemin, comme erp.exemple.fr, *.exemple.fr ou 10.0.0.5");
        // Any host is what is answered without the setting.
        return texts.Contains("*") ? [] : [.. texts.Select(text => text.Contains(':') && !text.StartsWith('[') ? $"[{text}]" : text)];
    }

    private static bool IsHost(string text) =>
        text == "*" || Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) != UriHostNameType.Unknown;

    private static ImmutableArray<string> ReadProxies(SettingReader reader)
    {
        var texts = reader.Names("TRUSTED_PROXIES");
        foreach (var text in texts.Where(text => TrustedProxies.Find(text) is null))
            reader.Refuse("TRUSTED_PROXIES", text, "the address or the network of a proxy, such as 127.0.0.1 or 10.0.0.0/8, not the whole world", "l'adresse ou le réseau d'un proxy, comme 127.0.0.1 ou 10.0.0.0/8, et non le monde entier");
        return [.. texts.Where(text => TrustedProxies.Find(text) is not null)];
    }
}
