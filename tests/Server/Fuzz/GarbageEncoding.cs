namespace Socle.Tests.Server.Fuzz;

internal static class GarbageEncoding
{
    /// <summary>Like <see cref="Uri.EscapeDataString(string)"/>, but half characters stay the nonsense that they are.</summary>
    public static string Encode(string text) => string.Concat(text.Select((c, i) =>
        !char.IsSurrogate(c) ? Uri.EscapeDataString(c.ToString())
        : char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? Uri.EscapeDataString(text.AsSpan(i, 2))
        : char.IsLowSurrogate(c) && i > 0 && char.IsHighSurrogate(text[i - 1]) ? ""
        : "%ED%A0%80"));
}
