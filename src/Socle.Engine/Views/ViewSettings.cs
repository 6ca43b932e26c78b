using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Socle.Views;

/// <summary>What a kind of view asks besides its query: which fields play which part.</summary>
public sealed record ViewSettings(ImmutableArray<ViewSetting> Items)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ViewSettings None { get; } = new([]);

    public IEnumerable<string> FieldNames => Items.SelectMany(item => item.Fields).Select(named => named.Name).Distinct();

    /// <summary>As it is kept.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
            Write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var item in Items)
        {
            json.WritePropertyName(item.Rule.Name);
            if (item.Rule.Shape == SettingShape.Field)
            {
                json.WriteStringValue(item.Fields[0].Name);
                continue;
            }

            json.WriteStartArray();
            foreach (var field in item.Fields)
                Write(json, item.Rule.Shape, field);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SettingShape shape, SettingField field)
    {
        if (shape == SettingShape.Fields)
        {
            json.WriteStringValue(field.Name);
            return;
        }

        json.WriteStartObject();
        json.WriteString("field"u8, field.Name);
        if (field.Width is { } width)
            json.WriteNumber("width"u8, width);
        json.WriteEndObject();
    }
}

public sealed record ViewSetting(SettingRule Rule, ImmutableArray<SettingField> Fields);

/// <param name="Name">As it was written.</param>
/// <param name="Width">In pixels, for a column that has one.</param>
public readonly record struct SettingField(string Name, int? Width = null);
