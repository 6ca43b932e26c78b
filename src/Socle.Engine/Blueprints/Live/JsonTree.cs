using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;

namespace Socle.Blueprints.Live;

/// <summary>Takes JSON, gives the tree that a blueprint's readers read: what they check and say is then the same. Its nodes have no lines.</summary>
internal static class JsonTree
{
    private const int DeepestNesting = 32;

    public static YamlNode Read(JsonNode? node) => node switch
    {
        null => new YamlScalar("null", IsPlain: true, 0),
        JsonObject members => new YamlMap([.. members.Select(member => new YamlEntry(member.Key, Read(member.Value), 0))], 0),
        JsonArray items => new YamlList([.. items.Select(Read)], 0),
        _ => node.GetValueKind() == JsonValueKind.String
            ? new YamlScalar(node.GetValue<string>(), IsPlain: false, 0)
            : new YamlScalar(node.ToJsonString(), IsPlain: true, 0),
    };

    /// <summary>What PostgreSQL cannot hold, and what is nested to choke a reader.</summary>
    public static Fault? Check(JsonElement value, int depth = 0) => value.ValueKind switch
    {
        _ when depth > DeepestNesting => new Fault(FaultCode.InvalidValue, $"Nested deeper than {DeepestNesting} levels.", $"Imbriqué sur plus de {DeepestNesting} niveaux."),
        JsonValueKind.Object => value.EnumerateObject().Select(member => (IsStorable(member.Name) ? null : Unstorable) ?? Check(member.Value, depth + 1)).FirstOrDefault(fault => fault is not null),
        JsonValueKind.Array => value.EnumerateArray().Select(item => Check(item, depth + 1)).FirstOrDefault(fault => fault is not null),
        JsonValueKind.String => IsText(value) ? null : Unstorable,
        _ => null,
    };

    private static bool IsText(JsonElement value)
    {
        try
        {
            return IsStorable(value.GetString()!);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return false;
        }
    }

    private static bool IsStorable(string text) => !text.Contains('\0');

    private static Fault Unstorable { get; } = new(
        FaultCode.InvalidValue,
        "The body holds a character that cannot be stored (U+0000 or half of a surrogate pair).",
        "Le corps contient un caractère qui ne peut pas être enregistré (U+0000 ou une moitié de paire de substitution).");
}
