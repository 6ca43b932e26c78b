using System.Security.Cryptography;

namespace Socle.Http;

/// <summary>The name of one request in answers and logs: the caller's own X-Request-Id where it is a plain one, else a new one.</summary>
public static class RequestIds
{
    private const int LongestId = 64;
    private static readonly object Key = new();
    private static readonly string Run = RandomNumberGenerator.GetHexString(6, lowercase: true);
    private static long _last;

    public static string Of(HttpContext context)
    {
        if (context.Items.TryGetValue(Key, out var known))
            return (string)known!;
        var id = Find(context.Request.Headers["X-Request-Id"]) ?? $"{Run}-{Interlocked.Increment(ref _last)}";
        context.Items[Key] = id;
        return id;
    }

    private static string? Find(string? sent) =>
        sent is { Length: > 0 and <= LongestId } && sent.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? sent : null;
}
