using System.Collections.Immutable;
using System.Text.Json;
using Socle.Http;
using Socle.Kernel;
using Socle.Records.Running;
using Socle.Views;

namespace Socle.Features.Dashboards;

/// <summary>Dashboards as they are answered.</summary>
internal static class DashboardJson
{
    private static readonly Text Overview = new("Overview", "Vue d'ensemble");

    public static void Write(Utf8JsonWriter json, DashboardEntry dashboard, bool mayChange)
    {
        json.WriteString("id"u8, dashboard.Id);
        json.WriteString("key"u8, dashboard.Key);
        json.WriteLabel("label"u8, dashboard.Label);
        json.WriteBoolean("shared"u8, dashboard.IsShared);
        if (dashboard.Position is { } position)
            json.WriteNumber("position"u8, position);
        else
            json.WriteNull("position"u8);
        json.WriteString("blueprint"u8, dashboard.Blueprint);
        json.WriteBoolean("mayChange"u8, mayChange);
        json.WriteMoment("createdAt", dashboard.CreatedAt);
        json.WriteMoment("updatedAt", dashboard.UpdatedAt);
    }

    /// <summary>What stands there before anybody made one.</summary>
    public static void WriteNone(Utf8JsonWriter json)
    {
        json.WriteNull("id"u8);
        json.WriteLabel("label"u8, Overview);
    }

    public static void WriteWidgets(Utf8JsonWriter json, ImmutableArray<WidgetEntry> widgets, Language language)
    {
        json.WriteStartArray("widgets"u8);
        foreach (var widget in widgets)
        {
            json.WriteStartObject();
            Write(json, widget);
            json.WriteStartArray("problems"u8);
            foreach (var fault in widget.Problems)
                json.WriteStringValue(fault.Message.In(language));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void WriteData(Utf8JsonWriter json, ImmutableArray<ShownWidget> widgets, Language language)
    {
        json.WriteStartArray("widgets"u8);
        foreach (var (widget, rows) in widgets)
        {
            json.WriteStartObject();
            Write(json, widget);
            if (rows.IsFault)
                WriteError(json, rows.Faults[0], language);
            else
                WriteRows(json, rows.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, WidgetEntry widget)
    {
        json.WriteString("id"u8, widget.Id);
        json.WriteLabel("label"u8, widget.Label);
        json.WriteString("kind"u8, Kinds.Word(widget.Kind));
        json.WriteString("table"u8, widget.Table.Name);
        json.WriteString("query"u8, widget.Query);
    }

    private static void WriteRows(Utf8JsonWriter json, RowsAsJson rows)
    {
        WriteNames(json, "groups"u8, rows.Groups);
        WriteNames(json, "values"u8, rows.Values);
        json.WritePropertyName("data"u8);
        json.WriteRawValue(rows.Json.Span, skipInputValidation: true);
    }

    private static void WriteNames(Utf8JsonWriter json, ReadOnlySpan<byte> name, ImmutableArray<string> names)
    {
        json.WriteStartArray(name);
        foreach (var item in names)
            json.WriteStringValue(item);
        json.WriteEndArray();
    }

    private static void WriteError(Utf8JsonWriter json, Fault fault, Language language)
    {
        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, FaultStatuses.NameOf(fault.Code));
        json.WriteString("message"u8, fault.Message.In(language));
        json.WriteEndObject();
    }
}
