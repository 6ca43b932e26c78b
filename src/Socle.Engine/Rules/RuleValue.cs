using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Socle.Rules;

/// <summary>
/// Values as rules compare them. Takes JSON values and operands as they are written, gives text, <see cref="RuleNumber"/>, bool, days or
/// microseconds, arrays of text, or JSON; null for nothing, and for what is no value of the field.
/// </summary>
public static class RuleValue
{
    public static object? Read(RuleField field, JsonElement value) => (field.Kind, value.ValueKind) switch
    {
        (_, JsonValueKind.Null or JsonValueKind.Undefined) => null,
        (RuleKind.Json or RuleKind.Other, _) => value,
        (RuleKind.List, JsonValueKind.Array) => value.EnumerateArray().All(member => member.ValueKind is JsonValueKind.String or JsonValueKind.Null)
            ? value.EnumerateArray().Select(member => member.GetString()?.ToLowerInvariant()).ToImmutableArray()
            : null,
        (RuleKind.Tags, JsonValueKind.Array) => value.EnumerateArray().All(member => member.ValueKind is JsonValueKind.String or JsonValueKind.Null)
            ? value.EnumerateArray().Select(member => member.GetString()).ToImmutableArray()
            : null,
        (RuleKind.Tags or RuleKind.List, _) => null,
        (RuleKind.Boolean, JsonValueKind.True or JsonValueKind.False) => value.GetBoolean(),
        (_, JsonValueKind.String) => ReadText(field, value.GetString()!),
        // As rules may have it; JavaScript writes longer ones otherwise.
        (RuleKind.Text, JsonValueKind.Number) => value.GetRawText() is { Length: <= 15 } digits && digits.TrimStart('-').All(char.IsAsciiDigit) ? digits : null,
        (RuleKind.Integer or RuleKind.Number, JsonValueKind.Number) => ReadText(field, value.GetRawText()),
        _ => null,
    };

    public static object? ReadText(RuleField field, string text) => field.Kind switch
    {
        RuleKind.Text => text,
        RuleKind.Integer => RuleNumber.Read(text) is { IsWhole: true } number && number.Unscaled >= long.MinValue && number.Unscaled <= long.MaxValue ? number : null,
        RuleKind.Number => RuleNumber.Read(text) is { } number ? field.Scale is { } scale ? number.Round(scale) : number : null,
        RuleKind.Boolean => text switch { "true" => true, "false" => false, _ => null },
        RuleKind.Date => RuleMoments.ReadDay(text),
        RuleKind.Moment => RuleMoments.ReadMoment(text),
        RuleKind.Uuid => Guid.TryParseExact(text, text.Length == 32 ? "N" : "D", out var id) ? id.ToString("D") : null,
        _ => null,
    };

    /// <summary>Below, at or above zero; both are values of the same kind, and neither is null.</summary>
    public static int Compare(object one, object other) => (one, other) switch
    {
        (string a, string b) => CompareText(a, b),
        (RuleNumber a, RuleNumber b) => RuleNumber.Compare(a, b),
        (bool a, bool b) => a.CompareTo(b),
        (Int128 a, Int128 b) => a.CompareTo(b),
        (ImmutableArray<string?> a, ImmutableArray<string?> b) => a.SequenceEqual(b) ? 0 : 1,
        (JsonElement a, JsonElement b) => AreSame(a, b) ? 0 : 1,
        _ => throw new InvalidOperationException($"{one.GetType().Name} does not compare with {other.GetType().Name}."),
    };

    public static bool AreEqual(object? one, object? other) =>
        one is null || other is null ? one is null && other is null : Compare(one, other) == 0;

    /// <summary>Whether a required field has this value in vain: nothing, empty text, an empty list.</summary>
    public static bool IsMissing(object? value) => value is null or "" or ImmutableArray<string?> { Length: 0 };

    /// <summary>By code points, as PostgreSQL compares under COLLATE "C"; UTF-16 alone would put what lies beyond U+FFFF before U+E000.</summary>
    private static int CompareText(string one, string other)
    {
        var length = Math.Min(one.Length, other.Length);
        for (var i = 0; i < length; i++)
        {
            var (a, b) = (one[i], other[i]);
            if (a == b)
                continue;
            return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
        }

        return one.Length.CompareTo(other.Length);
    }

    /// <summary>As jsonb: numbers by their value, objects whatever the order of their members.</summary>
    private static bool AreSame(JsonElement one, JsonElement other)
    {
        if (one.ValueKind != other.ValueKind)
            return false;
        return one.ValueKind switch
        {
            JsonValueKind.Number => RuleNumber.Read(one.GetRawText()) is { } a && RuleNumber.Read(other.GetRawText()) is { } b && RuleNumber.Compare(a, b) == 0,
            JsonValueKind.String => one.GetString() == other.GetString(),
            JsonValueKind.Array => one.GetArrayLength() == other.GetArrayLength() && one.EnumerateArray().Zip(other.EnumerateArray()).All(pair => AreSame(pair.First, pair.Second)),
            JsonValueKind.Object => Members(one) is var mine && Members(other) is var its && mine.Count == its.Count && mine.All(member => its.TryGetValue(member.Key, out var same) && AreSame(member.Value, same)),
            _ => true,
        };
    }

    private static Dictionary<string, JsonElement> Members(JsonElement element)
    {
        var members = new Dictionary<string, JsonElement>();
        foreach (var property in element.EnumerateObject())
            members[property.Name] = property.Value;
        return members;
    }

    /// <summary>A value as PostgreSQL's text of its type.</summary>
    public static string Write(RuleField field, object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        Int128 number => field.Kind == RuleKind.Date ? RuleMoments.WriteDay(number) : RuleMoments.WriteMoment(number),
        ImmutableArray<string?> tags => Postgres.Sql.ArrayText(tags),
        JsonElement json => json.GetRawText(),
        _ => value.ToString()!,
    };

    /// <summary>A value as JSON.</summary>
    public static void WriteJson(Utf8JsonWriter json, RuleField field, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case RuleNumber { Special: 0 } number:
                json.WriteRawValue(Encoding.UTF8.GetBytes(number.ToString()));
                break;
            case ImmutableArray<string?> tags:
                json.WriteStartArray();
                foreach (var tag in tags)
                    json.WriteStringValue(tag);
                json.WriteEndArray();
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            default:
                json.WriteStringValue(Write(field, value));
                break;
        }
    }
}
