using System.Collections.Frozen;
using System.Collections.Immutable;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Views;

namespace Socle.Blueprints;

/// <summary>Takes <c>views:</c> of a table and <c>dashboards:</c>, gives them. Refuses kinds and settings that are not known; what the tables have to say is judged by <see cref="ViewChecks"/>.</summary>
internal sealed class ViewReader(NodeReader reader)
{
    private static readonly Text Kind = new("The kind", "Le type");

    public ImmutableArray<ViewBlueprint> ReadViews(YamlEntry? views, string path) =>
        views is null ? [] : [.. (reader.ReadMap(views.Value, path)?.Entries ?? []).Select(entry => ReadView(entry, NodeReader.Join(path, entry.Key))).OfType<ViewBlueprint>()];

    /// <param name="dashboards">As written.</param>
    /// <param name="tables">The names of all tables that the blueprint speaks of.</param>
    public ImmutableArray<DashboardBlueprint> ReadDashboards(YamlEntry? dashboards, IReadOnlyCollection<string> tables) =>
        dashboards is null ? [] : [.. (reader.ReadMap(dashboards.Value, "dashboards")?.Entries ?? []).Select(entry => ReadDashboard(entry, $"dashboards.{entry.Key}", tables)).OfType<DashboardBlueprint>()];

    private ViewBlueprint? ReadView(YamlEntry entry, string path)
    {
        BlueprintNames.CheckName(entry.Key, entry.Line, path, reader);
        if (reader.ReadMap(entry.Value, path, BlueprintKeys.View) is not { } map)
            return null;
        var kind = ReadKind(map, path, Kinds.Views);
        var query = ReadQuery(map, path);
        if (kind is not { } known || query is null)
            return null;
        var settings = map.Find("settings") is { } given ? ViewSettingsReader.Read(known, BlueprintValues.ToJson(given.Value, Json)) : ViewSettings.None;
        foreach (var fault in settings.Faults)
            reader.Refuse(map.Find("settings")!.Line, NodeReader.Join(path, fault.Field ?? "settings"), fault.Message.English, fault.Message.French);
        return settings.IsFault ? null : new ViewBlueprint(entry.Key, new ViewDefinition(ReadLabel(map, entry.Key, path), known, query, settings.Value), entry.Line);
    }

    private DashboardBlueprint? ReadDashboard(YamlEntry entry, string path, IReadOnlyCollection<string> tables)
    {
        BlueprintNames.CheckName(entry.Key, entry.Line, path, reader);
        if (reader.ReadMap(entry.Value, path, BlueprintKeys.Dashboard) is not { } map)
            return null;
        path = NodeReader.Join(path, "widgets");
        var entries = map.Find("widgets") is { } widgets ? reader.ReadMap(widgets.Value, path)?.Entries ?? [] : [];
        if (entries.IsEmpty)
            reader.Refuse(entry.Line, path, "A dashboard needs at least one widget.", "Un tableau de bord a besoin d'au moins un widget.");
        return new DashboardBlueprint(
            entry.Key,
            ReadLabel(map, entry.Key, $"dashboards.{entry.Key}"),
            [.. entries.Select(widget => ReadWidget(widget, NodeReader.Join(path, widget.Key), tables)).OfType<WidgetBlueprint>()],
            entry.Line);
    }

    private WidgetBlueprint? ReadWidget(YamlEntry entry, string path, IReadOnlyCollection<string> tables)
    {
        BlueprintNames.CheckName(entry.Key, entry.Line, path, reader);
        if (reader.ReadMap(entry.Value, path, BlueprintKeys.Widget) is not { } map)
            return null;
        var kind = ReadKind(map, path, Kinds.Widgets);
        var query = ReadQuery(map, path);
        var table = map.Find("table") is { } named ? reader.ReadWord(named.Value, NodeReader.Join(path, "table")) : null;
        if (map.Find("table") is null)
            reader.Refuse(entry.Line, NodeReader.Join(path, "table"), "Say the table whose records it counts: 'table: contracts'.", "Dites la table dont il compte les enregistrements : « table: contracts ».");
        else if (table is not null && !tables.Contains(table))
            reader.RefuseUnknown(map.Find("table")!.Line, NodeReader.Join(path, "table"), new("The table", "La table"), table, tables);
        if (kind is not { } known || query is null || table is null || !tables.Contains(table))
            return null;
        return new WidgetBlueprint(new WidgetDefinition(entry.Key, ReadLabel(map, entry.Key, path), known, table, query), entry.Line);
    }

    private T? ReadKind<T>(YamlMap map, string path, FrozenDictionary<string, T> kinds)
        where T : struct, Enum
    {
        path = NodeReader.Join(path, "kind");
        var words = kinds.OrderBy(kind => kind.Value).Select(kind => kind.Key);
        if (map.Find("kind") is not { } entry)
        {
            reader.Refuse(map.Line, path, $"Say the kind: {string.Join(", ", words)}.", $"Dites le type : {string.Join(", ", words)}.");
            return null;
        }

        if (reader.ReadWord(entry.Value, path) is not { } word)
            return null;
        if (kinds.TryGetValue(word, out var known))
            return known;
        reader.RefuseUnknown(entry.Line, path, Kind, word, words);
        return null;
    }

    /// <summary>Null only where what stands there is no text.</summary>
    private string? ReadQuery(YamlMap map, string path) => map.Find("query") is { } entry ? reader.ReadWord(entry.Value, NodeReader.Join(path, "query")) : "";

    private Text ReadLabel(YamlMap map, string key, string path) => reader.ReadLabel(map.Find("label")?.Value, NodeReader.Join(path, "label")) ?? new Text(key, key);

    private static readonly FieldType Json = FieldTypeRegistry.Find("json")!;
}
