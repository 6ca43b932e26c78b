using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Blueprints;

/// <summary>
/// Turns what YAML says into the JSON values that the API would take. The field decides, not the
/// look of the text: 0612345678 is a telephone number in a text field and a number in a number field.
/// </summary>
internal static partial class BlueprintValues
{
    public static JsonElement ToJson(YamlNode node, FieldType type)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            Write(writer, node, type);
        using var document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }

    /// <summary>Null when the value may be stored in the field, else the fault without its line.</summary>
    public static Fault? Check(JsonElement value, FieldBlueprint field, string path)
    {
        var shape = new FieldShape(ColumnType(field.Type.ColumnType(field.Settings)), field.Settings);
        return field.Type.Check(value, shape, path) ?? CheckDigits(value, field.Settings, path);
    }

    /// <summary>PostgreSQL rounds to the scale and then refuses what has too many digits before the point.</summary>
    private static Fault? CheckDigits(JsonElement value, FieldSettings settings, string path)
    {
        if (settings.Precision is not { } precision
            || !double.TryParse(value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || Math.Abs(Math.Round(number, Math.Min(settings.Scale ?? 0, 15))) < Math.Pow(10, precision - (settings.Scale ?? 0)))
        {
            return null;
        }

        var digits = precision - (settings.Scale ?? 0);
        return new Fault(
            FaultCode.InvalidBlueprint,
            $"'{path}' has room for {digits} digits before the point.",
            $"« {path} » a la place pour {digits} chiffres avant la virgule.",
            path);
    }

    internal static PgType ColumnType(string sql) => sql switch
    {
        "text" => new(PgTypes.Text, sql, PgKind.Text),
        "smallint" => new(PgTypes.Int2, sql, PgKind.Integer),
        "bigint" => new(PgTypes.Int8, sql, PgKind.Integer),
        "boolean" => new(PgTypes.Boolean, sql, PgKind.Boolean),
        "date" => new(PgTypes.Date, sql, PgKind.Date),
        "timestamp with time zone" => new(PgTypes.TimestampTz, sql, PgKind.TimestampTz),
        "interval" => new(PgTypes.Interval, sql, PgKind.Interval),
        "uuid" => new(PgTypes.Uuid, sql, PgKind.Uuid),
        "jsonb" => new(PgTypes.Jsonb, sql, PgKind.Jsonb),
        "uuid[]" => new(PgTypes.Unknown, sql, PgKind.Array, ColumnType("uuid")),
        "text[]" => new(PgTypes.Unknown, sql, PgKind.Array, ColumnType("text")),
        _ when sql.StartsWith("numeric", StringComparison.Ordinal) => new(PgTypes.Numeric, sql, PgKind.Numeric),
        _ => throw new InvalidOperationException($"A field type has the column type '{sql}', which blueprints do not know."),
    };

    private static void Write(Utf8JsonWriter writer, YamlNode node, FieldType type)
    {
        if (node.IsNull)
            writer.WriteNullValue();
        else if (node is YamlList list && type is TagsField)
            WriteList(writer, list, item => WriteText(writer, item));
        else if (type is JsonField || node is not YamlScalar)
            WriteJson(writer, node);
        else if (type is NumberField or DecimalField or BooleanField)
            WriteScalar(writer, (YamlScalar)node);
        else
            WriteText(writer, node);
    }

    /// <summary>Text as it is written, whatever it looks like.</summary>
    private static void WriteText(Utf8JsonWriter writer, YamlNode node)
    {
        if (node is YamlScalar scalar && !node.IsNull)
            writer.WriteStringValue(scalar.Text);
        else
            WriteJson(writer, node);
    }

    private static void WriteJson(Utf8JsonWriter writer, YamlNode node)
    {
        switch (node)
        {
            case YamlMap map:
                writer.WriteStartObject();
                foreach (var entry in map.Entries)
                {
                    writer.WritePropertyName(entry.Key);
                    WriteJson(writer, entry.Value);
                }

                writer.WriteEndObject();
                break;
            case YamlList list:
                WriteList(writer, list, item => WriteJson(writer, item));
                break;
            case YamlScalar scalar:
                WriteScalar(writer, scalar);
                break;
        }
    }

    private static void WriteList(Utf8JsonWriter writer, YamlList list, Action<YamlNode> write)
    {
        writer.WriteStartArray();
        foreach (var item in list.Items)
            write(item);
        writer.WriteEndArray();
    }

    /// <summary>YAML 1.2's JSON schema: plain null, true, false and JSON numbers are those; anything else is text.</summary>
    private static void WriteScalar(Utf8JsonWriter writer, YamlScalar scalar)
    {
        if (scalar.IsNull)
            writer.WriteNullValue();
        else if (scalar is { IsPlain: true, Text: "true" or "false" })
            writer.WriteBooleanValue(scalar.Text == "true");
        else if (scalar.IsPlain && JsonNumber().IsMatch(scalar.Text))
            writer.WriteRawValue(scalar.Text);
        else
            writer.WriteStringValue(scalar.Text);
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JsonNumber();
}
