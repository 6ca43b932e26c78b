using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Socle.Blueprints;

/// <summary>Names and values as YAML that reads back as the same, on one line.</summary>
internal static partial class YamlText
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly HashSet<string> Words = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];

    /// <summary>A name as a key or a plain value.</summary>
    public static string Key(string name) => Plain().IsMatch(name) && !Words.Contains(name.ToLowerInvariant()) ? name : JsonSerializer.Serialize(name, Quoting);

    /// <summary>A name in a comment: it may hold a line break.</summary>
    public static string Comment(string name) => Plain().IsMatch(name) ? name : JsonSerializer.Serialize(name, Quoting);

    public static string Value(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject { Count: 0 } => "{}",
        JsonObject members => $"{{ {string.Join(", ", members.Select(member => $"{Key(member.Key)}: {Value(member.Value)}"))} }}",
        JsonArray items => $"[{string.Join(", ", items.Select(Value))}]",
        _ when node.GetValueKind() == JsonValueKind.String => Key(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Plain();
}
