using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Npgsql;
using Socle.Kernel;

namespace Socle.Postgres;

/// <summary>
/// Reads <c>DATABASE_URL</c>. Takes a <c>postgres://</c> or <c>postgresql+driver://</c> address, libpq's
/// <c>host=… user=…</c> or Npgsql's <c>Host=…;Username=…</c>. Gives Npgsql's connection settings.
/// Refuses what it does not understand, without ever repeating a part of the text: any part may be the password.
/// </summary>
public static partial class DatabaseUrl
{
    public static Result<NpgsqlConnectionStringBuilder> Read(string text)
    {
        text = text.Trim();
        if (text.Length == 0)
            return Refuse(
                "is empty: write postgresql://user:password@host:5432/database, or unset it to use the private PostgreSQL",
                "est vide : écrivez postgresql://utilisateur:motdepasse@hote:5432/base, ou retirez-la pour utiliser le PostgreSQL privé");

        if (text.Contains('\0', StringComparison.Ordinal))
            return Unencoded();

        if (Scheme().Match(text) is { Success: true } scheme)
        {
            return PostgresScheme().IsMatch(scheme.Value)
                ? Connect(ReadAddress(text[scheme.Length..]))
                : Refuse("does not begin with postgresql:// or postgres://", "ne commence pas par postgresql:// ou postgres://");
        }

        return ReadNpgsql(text) ?? Connect(LibpqText.Read(text));
    }

    internal static Fault Refuse(string english, string french) => new(
        FaultCode.InvalidConfiguration,
        $"DATABASE_URL {english}.",
        $"DATABASE_URL {french}.",
        "DATABASE_URL");

    private static Result<NpgsqlConnectionStringBuilder> Connect(Result<ImmutableArray<LibpqParameter>> parameters) =>
        parameters.IsFault ? parameters.Faults : LibpqParameters.Apply(parameters.Value);

    /// <summary>Null when the text is not in Npgsql's form; libpq's is tried then.</summary>
    private static Result<NpgsqlConnectionStringBuilder>? ReadNpgsql(string text)
    {
        if (!text.Contains(';', StringComparison.Ordinal))
            return null;
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            if (string.IsNullOrEmpty(builder.Host))
                return null;
            return LibpqParameters.CheckHost(builder.Host) is { } fault ? fault : builder;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or InvalidCastException)
        {
            return null;
        }
    }

    /// <summary><c>user:password@host:port/database?name=value&amp;name=value</c>; every part may be missing.</summary>
    private static Result<ImmutableArray<LibpqParameter>> ReadAddress(string address)
    {
        var (beforeQuery, query) = SplitAt(address, '?');
        var (authority, database) = SplitAt(beforeQuery, '/');
        if (authority.Count(c => c == '@') > 1 || (query ?? "").Contains('@', StringComparison.Ordinal))
            return Unencoded();
        if (BadEscape().IsMatch(address))
            return Refuse("holds a % that no two hexadecimal digits follow: write % as %25", "contient un % que deux chiffres hexadécimaux ne suivent pas : écrivez % sous la forme %25");

        var at = authority.IndexOf('@', StringComparison.Ordinal);
        var (user, password) = at < 0 ? ("", null) : SplitAt(authority[..at], ':');
        var (host, port) = SplitHost(authority[(at + 1)..]);

        var parameters = ImmutableArray.CreateBuilder<LibpqParameter>();
        Add("user", user);
        Add("password", password);
        Add("host", host);
        Add("port", port);
        Add("dbname", database);
        foreach (var pair in (query ?? "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!pair.Contains('=', StringComparison.Ordinal))
                return Refuse("has a parameter without a value after its ?: write name=value", "a un paramètre sans valeur après son ? : écrivez nom=valeur");
            var (name, value) = SplitAt(pair, '=');
            parameters.Add(new(Uri.UnescapeDataString(name), Uri.UnescapeDataString(value!)));
        }

        return parameters.ToImmutable();

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                parameters.Add(new(name, Uri.UnescapeDataString(value)));
        }
    }

    internal static Fault Unencoded() => Refuse(
        "cannot be read: if the user name or the password holds : / ? # @ % or &, percent-encode it (@ is %40, / is %2F)",
        "est illisible : si l'utilisateur ou le mot de passe contient : / ? # @ % ou &, encodez-le (@ s'écrit %40, / s'écrit %2F)");

    /// <summary>An IPv6 address stands in brackets, so that its colons are not taken for the port's.</summary>
    private static (string Host, string? Port) SplitHost(string text)
    {
        var close = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        if (close < 0)
            return SplitAt(text, ':');
        return (text[1..close], close + 1 < text.Length ? text[(close + 1)..].TrimStart(':') : null);
    }

    private static (string Before, string? After) SplitAt(string text, char separator)
    {
        var index = text.IndexOf(separator, StringComparison.Ordinal);
        return index < 0 ? (text, null) : (text[..index], text[(index + 1)..]);
    }

    [GeneratedRegex(@"^[a-z][a-z0-9+.\-:]*://", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"^postgres(ql)?(\+[a-z0-9_]+)?://$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PostgresScheme();

    [GeneratedRegex("%(?![0-9a-f]{2})|%00", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex BadEscape();
}
