using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Socle.Catalog;
using Socle.FieldTypes;

namespace Socle.Blueprints.Live;

/// <summary>
/// Takes a field, gives the keys by which a blueprint says it; what holds anyway is not said. Settings that a type adds come along by
/// their names: <c>maxSize</c> in the stored settings is <c>max_size</c> in a blueprint.
/// </summary>
internal static partial class FieldKeys
{
    public static JsonObject Of(FieldBlueprint field)
    {
        var keys = new JsonObject { ["type"] = field.Type.Name };
        if (field.Id is not null)
            keys["id"] = field.Id;
        if (field.Label is { } label)
            keys["label"] = TableKeys.Label(label);
        foreach (var (key, value) in Settings(field.Settings).Where(setting => !IsImplied(field.Type, setting.Key)))
            keys[key] = value;
        if (field.IsRequired && field.Type is not AutonumberField)
            keys["required"] = true;
        if (field.Uniqueness != Uniqueness.None && field.Type is not AutonumberField)
            keys["unique"] = field.Uniqueness == Uniqueness.Exact ? true : "ignore_case";
        if (field.Default is not null)
            keys["default"] = Default(field);
        if (field.IsIndexed is { } isIndexed)
            keys["index"] = isIndexed;
        if (field.Settings.Target is not null && field.OnDelete != FieldReader.UsualOnDelete(field.Settings.Target, field.IsRequired))
            keys["on_delete"] = ToSnakeCase(field.OnDelete.ToString());
        return keys;
    }

    /// <summary>What the type says by itself: that a user is one of the accounts, what its formula gives, which types are meant by the files it accepts.</summary>
    private static bool IsImplied(FieldType type, string key) => (type, key) is (UserField, "to") or (FormulaField, "result") or (_, "accepted_types");

    /// <summary><c>maxSize</c> → <c>max_size</c>.</summary>
    public static string ToSnakeCase(string name) => Capital().Replace(name, match => (match.Index > 0 ? "_" : "") + match.Value.ToLowerInvariant());

    private static IEnumerable<(string Key, JsonNode? Value)> Settings(FieldSettings settings)
    {
        var json = JsonSerializer.SerializeToNode(settings, FieldSettingsJson.Default.FieldSettings)!.AsObject();
        foreach (var (name, value) in json)
        {
            yield return name switch
            {
                "target" => ("to", value!.DeepClone()),
                "choices" when settings.Choices is { } choices => ("choices", new JsonArray([.. choices.Select(Choice)])),
                "choicesFrom" => ("choices", value!.DeepClone()),
                _ => (ToSnakeCase(name), value?.DeepClone()),
            };
        }
    }

    private static JsonNode Choice(Choice choice) => choice.Label.English == choice.Value && choice.Label.French == choice.Value
        ? choice.Value
        : new JsonObject { ["value"] = choice.Value, ["fr"] = choice.Label.French, ["en"] = choice.Label.English };

    private static JsonNode? Default(FieldBlueprint field) => field.Default switch
    {
        FieldDefault.Now => "now",
        FieldDefault.Today => "today",
        FieldDefault.NewUuid => "uuid",
        FieldDefault.Constant constant => Constant(constant.Text, field.Type.ColumnType(field.Settings)),
        _ => null,
    };

    /// <summary>PostgreSQL's text of a value as the JSON that stands for it.</summary>
    private static JsonNode? Constant(string text, string type)
    {
        if (type == "boolean" && text is "true" or "false" or "t" or "f")
            return text.StartsWith('t');
        if (type == "jsonb" || ((type == "bigint" || type.StartsWith("numeric", StringComparison.Ordinal)) && IsNumber(text)))
            return JsonNode.Parse(text);
        if (type.EndsWith("[]", StringComparison.Ordinal))
            return new JsonArray([.. Members(text).Select(member => (JsonNode?)member)]);
        return text;
    }

    private static bool IsNumber(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) && JsonNumber().IsMatch(text);

    /// <summary><c>{a,"b \"c\"",NULL}</c> → its members.</summary>
    private static IEnumerable<string?> Members(string text) =>
        Member().Matches(text).Select(match => match.Groups["quoted"] is { Success: true } quoted ? Escaped().Replace(quoted.Value, "${sign}") : match.Groups["bare"].Value is "NULL" ? null : match.Groups["bare"].Value);

    [GeneratedRegex("[A-Z]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Capital();

    [GeneratedRegex("""(?<=[{,])(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>[^{},"\\]+))(?=[,}])""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Member();

    [GeneratedRegex(@"\\(?<sign>.)", RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escaped();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JsonNumber();
}
