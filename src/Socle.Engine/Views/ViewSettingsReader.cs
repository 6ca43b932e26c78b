using System.Collections.Immutable;
using System.Text.Json;
using Socle.Kernel;

namespace Socle.Views;

/// <summary>Takes the settings of a view as JSON, gives them by the rules of its kind. Refuses settings that the kind does not know, and values of another shape, all at once.</summary>
public static class ViewSettingsReader
{
    private const int MostFields = 1000;
    private const int WidestColumn = 5000;

    public static Result<ViewSettings> Read(ViewKind kind, JsonElement? json)
    {
        var rules = SettingRule.All[kind];
        if (json is not { ValueKind: not JsonValueKind.Null } given)
            return ViewSettings.None;
        if (given.ValueKind != JsonValueKind.Object)
            return new Fault(FaultCode.InvalidValue, "'settings' must be a JSON object.", "« settings » doit être un objet JSON.", "settings");
        var faults = new List<Fault>();
        var items = ImmutableArray.CreateBuilder<ViewSetting>();
        foreach (var member in given.EnumerateObject())
        {
            if (rules.FirstOrDefault(rule => rule.Name == member.Name) is not { } rule)
                faults.Add(ViewFaults.UnknownSetting(kind, member.Name));
            else if (member.Value.ValueKind == JsonValueKind.Null)
                continue;
            else if (Read(rule, member.Value) is { } fields)
                items.Add(new ViewSetting(rule, fields));
            else
                faults.Add(ViewFaults.WrongShape(rule));
        }

        return faults.Count > 0 ? faults : new ViewSettings(items.ToImmutable());
    }

    /// <summary>What the database keeps, which was read once.</summary>
    internal static ViewSettings ReadStored(ViewKind kind, string json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(kind, document.RootElement) is { IsFault: false, Value: var settings } ? settings : ViewSettings.None;
    }

    private static ImmutableArray<SettingField>? Read(SettingRule rule, JsonElement value)
    {
        if (rule.Shape == SettingShape.Field)
            return Name(value) is { } name ? [new SettingField(name)] : null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > MostFields)
            return null;
        var fields = value.EnumerateArray().Select(item => rule.Shape == SettingShape.Columns ? Column(item) : Name(item) is { } name ? new SettingField(name) : null).ToList();
        return fields.Contains(null) ? null : [.. fields.OfType<SettingField>()];
    }

    private static SettingField? Column(JsonElement value)
    {
        if (Name(value) is { } alone)
            return new SettingField(alone);
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("field", out var field) || Name(field) is not { } name)
            return null;
        if (value.EnumerateObject().Any(member => member.Name is not ("field" or "width")))
            return null;
        if (!value.TryGetProperty("width", out var width) || width.ValueKind == JsonValueKind.Null)
            return new SettingField(name);
        return width.ValueKind == JsonValueKind.Number && width.TryGetInt32(out var pixels) && pixels is > 0 and <= WidestColumn ? new SettingField(name, pixels) : null;
    }

    private static string? Name(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= 300 } name && !name.Contains('\0', StringComparison.Ordinal) ? name : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }
}
