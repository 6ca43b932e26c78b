using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Socle.Kernel;

namespace Socle.Postgres;

/// <summary>The libpq parameters that Socle understands, each with what it means to Npgsql.</summary>
internal static class LibpqParameters
{
    /// <summary>Where Debian, Fedora and their families put the socket of a PostgreSQL that is not named.</summary>
    private const string UsualSocketFolder = "/var/run/postgresql";

    /// <summary>Each setter answers what its value must be, or null when it took the value.</summary>
    private static readonly Dictionary<string, Func<NpgsqlConnectionStringBuilder, string, string?>> Setters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = Text((to, value) => to.Host = value),
        ["port"] = Number(1, 65535, (to, value) => to.Port = value),
        ["dbname"] = Text((to, value) => to.Database = value),
        ["user"] = Text((to, value) => to.Username = value),
        ["password"] = Text((to, value) => to.Password = value),
        ["passfile"] = Text((to, value) => to.Passfile = value),
        ["application_name"] = Text((to, value) => to.ApplicationName = value),
        ["fallback_application_name"] = Text((to, value) => to.ApplicationName ??= value),
        ["options"] = Text((to, value) => to.Options = value),
        ["connect_timeout"] = Number(0, 1024, (to, value) => to.Timeout = value),
        ["client_encoding"] = Word((_, _) => { }, ("utf8", 0), ("utf-8", 0), ("auto", 0)),
        ["keepalives"] = Word((to, value) => to.TcpKeepAlive = value, ("1", true), ("0", false)),
        ["keepalives_idle"] = Number(0, 86400, (to, value) => to.TcpKeepAliveTime = value),
        ["keepalives_interval"] = Number(0, 86400, (to, value) => to.TcpKeepAliveInterval = value),
        ["sslmode"] = Word(
            (to, value) => to.SslMode = value,
            ("disable", SslMode.Disable), ("allow", SslMode.Allow), ("prefer", SslMode.Prefer),
            ("require", SslMode.Require), ("verify-ca", SslMode.VerifyCA), ("verify-full", SslMode.VerifyFull)),
        ["sslnegotiation"] = Word((to, value) => to.SslNegotiation = value, ("postgres", SslNegotiation.Postgres), ("direct", SslNegotiation.Direct)),
        // libpq's word for the certificates of the system, which Npgsql uses when no file is named.
        ["sslrootcert"] = Text((to, value) => to.RootCertificate = value == "system" ? null : value),
        ["sslcert"] = Text((to, value) => to.SslCertificate = value),
        ["sslkey"] = Text((to, value) => to.SslKey = value),
        ["sslpassword"] = Text((to, value) => to.SslPassword = value),
        ["channel_binding"] = Word(
            (to, value) => to.ChannelBinding = value,
            ("disable", ChannelBinding.Disable), ("prefer", ChannelBinding.Prefer), ("require", ChannelBinding.Require)),
        ["gssencmode"] = Word(
            (to, value) => to.GssEncryptionMode = value,
            ("disable", GssEncryptionMode.Disable), ("prefer", GssEncryptionMode.Prefer), ("require", GssEncryptionMode.Require)),
        ["krbsrvname"] = Text((to, value) => to.KerberosServiceName = value),
    };

    public static Result<NpgsqlConnectionStringBuilder> Apply(ImmutableArray<LibpqParameter> parameters)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        var faults = new List<Fault>();
        foreach (var (name, value) in parameters)
        {
            if (!Setters.TryGetValue(name, out var set))
                faults.Add(Unknown(name));
            else if (set(builder, value) is { } expected)
                faults.Add(Invalid(name.ToLowerInvariant(), expected));
        }

        if (string.IsNullOrEmpty(builder.Host))
            builder.Host = UsualSocketFolder;
        else if (CheckHost(builder.Host) is { } fault)
            faults.Add(fault);
        return faults.Count > 0 ? faults : builder;
    }

    public static Fault? CheckHost(string host)
    {
        if (host.Contains(',', StringComparison.Ordinal))
            return DatabaseUrl.Refuse("names several servers: name one", "nomme plusieurs serveurs : n'en nommez qu'un");
        return !host.StartsWith('/') && host.Any(c => char.IsWhiteSpace(c) || "=;/@".Contains(c, StringComparison.Ordinal))
            ? DatabaseUrl.Unencoded()
            : null;
    }

    /// <summary>Names what was probably meant, never what was written: that may be a piece of an unquoted password.</summary>
    private static Fault Unknown(string name)
    {
        var known = string.Join(", ", Setters.Keys);
        return Suggestion.Find(name, Setters.Keys) is { } meant
            ? DatabaseUrl.Refuse($"has an unknown parameter: did you mean {meant}", $"a un paramètre inconnu : vouliez-vous dire {meant}")
            : DatabaseUrl.Refuse($"has an unknown parameter; known are {known}", $"a un paramètre inconnu ; sont connus {known}");
    }

    private static Fault Invalid(string name, string expected) => name == "port"
        ? DatabaseUrl.Refuse(
            "has a port that is not a number from 1 to 65535; if the password holds : / ? # @ % or &, percent-encode it (@ is %40, / is %2F)",
            "a un port qui n'est pas un nombre de 1 à 65535 ; si le mot de passe contient : / ? # @ % ou &, encodez-le (@ s'écrit %40, / s'écrit %2F)")
        : DatabaseUrl.Refuse($"has a bad {name}: give {expected}", $"a un {name} incorrect : donnez {expected}");

    private static Func<NpgsqlConnectionStringBuilder, string, string?> Text(Action<NpgsqlConnectionStringBuilder, string> set) => (to, value) =>
    {
        set(to, value);
        return null;
    };

    private static Func<NpgsqlConnectionStringBuilder, string, string?> Number(int least, int most, Action<NpgsqlConnectionStringBuilder, int> set) => (to, value) =>
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            return $"{least}..{most}";
        set(to, number);
        return null;
    };

    private static Func<NpgsqlConnectionStringBuilder, string, string?> Word<T>(Action<NpgsqlConnectionStringBuilder, T> set, params (string Word, T Value)[] words) => (to, value) =>
    {
        foreach (var (word, meaning) in words)
        {
            if (!word.Equals(value, StringComparison.OrdinalIgnoreCase))
                continue;
            set(to, meaning);
            return null;
        }

        return string.Join(" | ", words.Select(pair => pair.Word));
    };
}
