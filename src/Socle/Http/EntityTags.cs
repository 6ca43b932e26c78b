using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Socle.Http;

/// <summary>
/// The ETag of a record: <c>"{version}-{hash of the answer}"</c>, without the version where a table tells none. The
/// whole tag says whether an answer is still the same; a write asks for the version alone, so that a tag of
/// any answer will do, whatever it showed of the record.
/// </summary>
public static class EntityTags
{
    public static string Make(uint? version, ReadOnlySpan<byte> body) => version is { } number
        ? string.Create(CultureInfo.InvariantCulture, $"\"{number:x}-{Hash(body):x16}\"")
        : string.Create(CultureInfo.InvariantCulture, $"\"{Hash(body):x16}\"");

    /// <summary>Whether a header names the tag, or anything with <c>*</c>. A tag's weakness does not matter (RFC 9110, 13.1.2).</summary>
    public static bool Names(StringValues header, string tag)
    {
        if (header.Count == 1 && header[0] == tag)
            return true;
        return EntityTagHeaderValue.TryParseList(header, out var tags)
            && tags.Any(candidate => candidate.Tag == "*" || candidate.Tag == tag);
    }

    /// <summary>The versions that an If-Match names; null when it takes any, an empty result when it cannot be read. Weak tags name none (RFC 9110, 13.1.1).</summary>
    public static bool TryReadVersions(StringValues header, out ImmutableArray<uint>? versions)
    {
        versions = null;
        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags) || tags.Count == 0)
            return false;
        if (tags.Any(tag => tag.Tag == "*"))
            return tags.Count == 1;
        versions = [.. tags.Where(tag => !tag.IsWeak).Select(FindVersion).OfType<uint>()];
        return true;
    }

    private static uint? FindVersion(EntityTagHeaderValue tag)
    {
        var text = tag.Tag.AsSpan().Trim('"');
        var dash = text.IndexOf('-');
        return dash > 0 && uint.TryParse(text[..dash], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var version) ? version : null;
    }

    /// <summary>The same on every server and after every start, unlike the platform's own; not for secrets.</summary>
    private static ulong Hash(ReadOnlySpan<byte> body)
    {
        var hash = (ulong)body.Length;
        for (; body.Length >= sizeof(ulong); body = body[sizeof(ulong)..])
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(body));
        foreach (var last in body)
            hash = Mix(hash, last);
        return hash;
    }

    private static ulong Mix(ulong hash, ulong word)
    {
        // Both halves of the product of odd constants: every bit of the word reaches every bit of the hash.
        var high = Math.BigMul(hash ^ word ^ 0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93, out var low);
        return high ^ low;
    }
}
