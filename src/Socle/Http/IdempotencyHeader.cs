using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Socle.Kernel;
using Socle.Records.Running;

namespace Socle.Http;

/// <summary>
/// The Idempotency-Key header of a write: up to 255 visible signs, whatever they are. With it goes a hash of the request,
/// so that a key is never taken for another wish.
/// </summary>
public static class IdempotencyHeader
{
    public const string Name = "Idempotency-Key";
    public const string Repeated = "Idempotency-Replayed";
    private const int LongestKey = 255;

    public static bool IsThere(HttpRequest request) => request.Headers.ContainsKey(Name);

    /// <summary>For bodies that are JSON. Two texts of the same JSON are two requests.</summary>
    public static Result<IdempotencyKey?> Read(HttpRequest request, JsonElement? body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (body is { } json)
            hash.AppendData(JsonMarshal.GetRawUtf8Value(json));
        return Read(request, hash);
    }

    /// <param name="request">The request with the header; without it there is no key.</param>
    /// <param name="hash">SHA-256, which has been given the body; the rest of the request is added here.</param>
    public static Result<IdempotencyKey?> Read(HttpRequest request, IncrementalHash hash)
    {
        var sent = request.Headers[Name];
        if (sent.Count == 0)
            return (IdempotencyKey?)null;
        if (sent.Count > 1 || sent[0] is not { Length: > 0 and <= LongestKey } key || !key.All(c => c is > ' ' and <= '~'))
            return Unreadable;
        hash.AppendData(Encoding.UTF8.GetBytes($"\0{request.Method}\0{request.Path}\0{request.QueryString}\0{request.Headers["Prefer"]}\0{request.Headers.IfMatch}"));
        var caller = RequestReader.CallerOf(request);
        return new IdempotencyKey(caller.UserId?.ToString() ?? caller.Name ?? caller.Role ?? "", key, hash.GetHashAndReset());
    }

    private static Fault Unreadable { get; } = new(
        FaultCode.InvalidRequest,
        $"Idempotency-Key must be there once, with 1 to {LongestKey} visible ASCII signs, such as a new UUID for each new request.",
        $"Idempotency-Key doit figurer une fois, avec 1 à {LongestKey} signes ASCII visibles, par exemple un nouvel UUID pour chaque nouvelle requête.",
        Name);
}
