using System.Text.Json;

namespace Socle.Bench;

/// <summary>
/// Compares two answers. Gives null when equal, or the first difference. The order of an object's keys does not
/// matter, nor how an instant is written; <paramref name="changing"/> names fields that may differ.
/// </summary>
internal sealed class AnswerCheck(params string[] changing)
{
    public string? FindDifference(JsonElement expected, JsonElement actual, string path)
    {
        if (expected.ValueKind != actual.ValueKind)
            return Differs(path, expected, actual);
        return expected.ValueKind switch
        {
            JsonValueKind.Object => FindInObject(expected, actual, path),
            JsonValueKind.Array => FindInArray(expected, actual, path),
            JsonValueKind.String when SameInstant(expected.GetString()!, actual.GetString()!) => null,
            _ => JsonElement.DeepEquals(expected, actual) ? null : Differs(path, expected, actual),
        };
    }

    /// <summary>For peers, whose envelopes and names differ: the same records in the same order.</summary>
    public static string? FindDifferenceInIds(JsonElement expected, JsonElement actual, string[] changing)
    {
        if (changing.Contains("id"))
            return null;
        var (one, other) = (Ids(expected), Ids(actual));
        return one.SequenceEqual(other) ? null : $"other records: {string.Join(' ', other.Take(3))} … instead of {string.Join(' ', one.Take(3))} …";
    }

    private static List<string?> Ids(JsonElement answer)
    {
        var data = answer.GetProperty("data");
        return [.. (data.ValueKind == JsonValueKind.Array ? data.EnumerateArray().ToArray() : [data]).Select(row => row.GetProperty("id").GetString())];
    }

    private string? FindInObject(JsonElement expected, JsonElement actual, string path)
    {
        foreach (var surplus in actual.EnumerateObject().Where(property => !expected.TryGetProperty(property.Name, out _)))
            return $"{path}.{surplus.Name} is not expected";
        foreach (var property in expected.EnumerateObject())
        {
            if (!actual.TryGetProperty(property.Name, out var value))
                return $"{path}.{property.Name} is missing";
            if (!changing.Contains(property.Name) && FindDifference(property.Value, value, $"{path}.{property.Name}") is { } difference)
                return difference;
        }

        return null;
    }

    private string? FindInArray(JsonElement expected, JsonElement actual, string path)
    {
        if (expected.GetArrayLength() != actual.GetArrayLength())
            return $"{path} has {actual.GetArrayLength()} elements instead of {expected.GetArrayLength()}";
        return expected.EnumerateArray().Zip(actual.EnumerateArray())
            .Select((pair, i) => FindDifference(pair.First, pair.Second, $"{path}[{i}]"))
            .FirstOrDefault(difference => difference is not null);
    }

    private static bool SameInstant(string expected, string actual) =>
        expected.Length > 18 && expected[10] == 'T' &&
        DateTimeOffset.TryParse(expected, out var one) && DateTimeOffset.TryParse(actual, out var other) && one == other;

    private static string Differs(string path, JsonElement expected, JsonElement actual) =>
        $"{path} is {actual.GetRawText()} instead of {expected.GetRawText()}";
}
