using System.Runtime.InteropServices;
using System.Text.Json;
using Socle.Catalog;
using Socle.History;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.History;

/// <summary>Writes what the history gives in the envelope, under the names of the API.</summary>
internal static class HistoryAnswers
{
    public static Task Write(this HistoryCall call, Action<Utf8JsonWriter> writeData, Action<Utf8JsonWriter>? writeMeta = null, Guid? change = null)
    {
        if (change is { } id)
            call.Context.Response.Headers["Change-Id"] = id.ToString();
        return EnvelopeAnswers.Write(call.Context, writeData, writeMeta: writeMeta);
    }

    public static Task WriteList<T>(this HistoryCall call, IReadOnlyCollection<T> items, Action<Utf8JsonWriter, T> write, int limit, long offset, long? total = null) => call.Write(
        json =>
        {
            json.WriteStartArray();
            foreach (var item in items)
            {
                json.WriteStartObject();
                write(json, item);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        },
        json => WritePage(json, limit, offset, total));

    public static void WritePage(Utf8JsonWriter json, int limit, long offset, long? total = null)
    {
        json.WriteNumber("limit"u8, limit);
        json.WriteNumber("offset"u8, offset);
        if (total is { } all)
            json.WriteNumber("total"u8, all);
    }

    public static void WriteSource(Utf8JsonWriter json, ChangeSource change)
    {
        json.WriteString("changeId"u8, change.Id);
        if (change.At is { } at)
            json.WriteString("at"u8, at);
        else
            json.WriteNull("at"u8);
        json.WriteString("source"u8, change.Source);
        json.WriteString("actor"u8, change.Actor);
        json.WriteString("requestId"u8, change.RequestId);
        json.WriteString("address"u8, change.Address);
    }

    /// <summary>A record from its image: the columns' names become those of the API, the values stay letter by letter.</summary>
    public static void WriteRecord(Utf8JsonWriter json, string name, string? image, TableSnapshot? table)
    {
        json.WritePropertyName(name);
        WriteRecord(json, image, table);
    }

    public static void WriteRecord(Utf8JsonWriter json, string? image, TableSnapshot? table)
    {
        if (image is null)
        {
            json.WriteNullValue();
            return;
        }

        using var document = JsonDocument.Parse(image);
        json.WriteStartObject();
        foreach (var member in document.RootElement.EnumerateObject().Where(member => !IsHidden(table, member.Name)))
        {
            json.WritePropertyName(NameOf(table, member.Name));
            WriteValue(json, member.Value);
        }

        json.WriteEndObject();
    }

    /// <summary>The fields that differ: <c>{"city": {"from": "Dole", "to": "Lons"}}</c>.</summary>
    public static void WriteChanges(Utf8JsonWriter json, string? before, string? after, TableSnapshot? table)
    {
        using var from = JsonDocument.Parse(before ?? "{}");
        using var to = JsonDocument.Parse(after ?? "{}");
        json.WriteStartObject("changes"u8);
        foreach (var name in from.RootElement.EnumerateObject().Concat(to.RootElement.EnumerateObject()).Select(member => member.Name).Distinct().Where(name => !IsHidden(table, name)))
        {
            var isOld = from.RootElement.TryGetProperty(name, out var old);
            var isNew = to.RootElement.TryGetProperty(name, out var present);
            if (IsNull(isOld, old) && IsNull(isNew, present))
                continue;
            if (isOld && isNew && JsonMarshal.GetRawUtf8Value(old).SequenceEqual(JsonMarshal.GetRawUtf8Value(present)))
                continue;
            json.WriteStartObject(NameOf(table, name));
            json.WritePropertyName("from"u8);
            WriteValue(json, isOld ? old : null);
            json.WritePropertyName("to"u8);
            WriteValue(json, isNew ? present : null);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>A column that a migration moved aside is out of sight, and so is one that the role may not read, whether it is still there or not.</summary>
    private static bool IsHidden(TableSnapshot? table, string column) =>
        column.StartsWith("socle_aside_", StringComparison.Ordinal) || table?.Rights.AllowsField(PolicyAction.Read, column) == false;

    private static bool IsNull(bool isThere, JsonElement value) => !isThere || value.ValueKind == JsonValueKind.Null;

    private static void WriteValue(Utf8JsonWriter json, JsonElement? value)
    {
        if (value is { } some)
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(some), skipInputValidation: true);
        else
            json.WriteNullValue();
    }

    private static string NameOf(TableSnapshot? table, string column) => table?.FindField(column)?.ApiName ?? ApiNames.ToCamelCase(column);
}
