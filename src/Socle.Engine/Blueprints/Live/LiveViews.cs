using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Views;

namespace Socle.Blueprints.Live;

/// <summary>
/// Takes a connection, gives the views and dashboards that everybody has as a blueprint would say them, whoever made them, with the
/// names that tables and fields have now. What somebody took away, what is somebody's own, and what its table does not allow any more
/// is not among them.
/// </summary>
/// <param name="snapshot">The tables that the blueprint has words for.</param>
internal sealed partial class LiveViews(CatalogSnapshot snapshot)
{
    private const string Views = """
        SELECT c.relname::text, v.key, v.label_en, v.label_fr, v.kind, v.query, v.settings, socle_system.renamed_fields(v.fields)::text
        FROM socle_system.views v
        JOIN socle_system.tables t ON t.id = v.table_id
        JOIN pg_class c ON c.oid = t.relation AND c.relnamespace = 'public'::regnamespace
        WHERE v.owner IS NULL AND v.removed_at IS NULL
        ORDER BY c.relname, v.position NULLS LAST, v.created_at, v.id
        """;

    private const string Dashboards = """
        SELECT d.id::text, d.key, d.label_en, d.label_fr, w.id, w.label_en, w.label_fr, w.kind, c.relname::text, w.query, socle_system.renamed_fields(w.fields)::text
        FROM socle_system.dashboards d
        JOIN socle_system.widgets w ON w.dashboard_id = d.id
        JOIN socle_system.tables t ON t.id = w.table_id
        JOIN pg_class c ON c.oid = t.relation AND c.relnamespace = 'public'::regnamespace
        WHERE d.owner IS NULL AND d.removed_at IS NULL
        ORDER BY d.position NULLS LAST, d.created_at, d.id, w.position
        """;

    private readonly Dictionary<string, JsonObject> _views = [];

    /// <summary>What stands under <c>dashboards</c>; empty when there are none.</summary>
    public JsonObject AllDashboards { get; } = [];

    /// <summary>What stands under a table's <c>views</c>; null when it has none.</summary>
    public JsonObject? Of(string table) => _views.GetValueOrDefault(table);

    public static async Task<LiveViews> Read(NpgsqlConnection connection, ImmutableArray<TableBlueprint> tables, CancellationToken cancellation)
    {
        var live = new LiveViews(PolicyChecks.Snapshot(new Blueprint("", null, tables)));
        await using (var command = new NpgsqlCommand(Views, connection))
            await command.List(row => live.AddView(row), cancellation);
        await using (var command = new NpgsqlCommand(Dashboards, connection))
        {
            var keys = new Dictionary<string, string>();
            await command.List(row => live.AddWidget(row, keys), cancellation);
        }

        return live;
    }

    private bool AddView(NpgsqlDataReader row)
    {
        var label = new Text(row.GetString(2), row.GetString(3));
        var kind = Kinds.Views[row.GetString(4)];
        var (query, settings) = SavedNames.Current(kind, row.GetString(5), row.GetString(6), row.GetString(7));
        if (snapshot.FindTable(row.GetString(0)) is not { } table || !ViewCheck.Check(new ViewDefinition(label, kind, query, settings), table, snapshot).IsEmpty)
            return false;
        if (!_views.TryGetValue(row.GetString(0), out var views))
            _views.Add(row.GetString(0), views = []);
        var keys = new JsonObject { ["label"] = TableKeys.Label(label), ["kind"] = row.GetString(4) };
        if (query.Length > 0)
            keys["query"] = query;
        if (settings.Items.Length > 0)
            keys["settings"] = JsonNode.Parse(settings.ToJson());
        views.Add(FreeKey(views, row.Optional<string>(1), label, "view"), keys);
        return true;
    }

    private bool AddWidget(NpgsqlDataReader row, Dictionary<string, string> keys)
    {
        var label = new Text(row.GetString(2), row.GetString(3));
        var (text, query) = (new Text(row.GetString(5), row.GetString(6)), SavedNames.Current(row.GetString(9), row.GetString(10)));
        if (!WidgetCheck.Check(new WidgetDefinition(row.GetString(4), text, Kinds.Widgets[row.GetString(7)], row.GetString(8), query), snapshot).IsEmpty)
            return false;
        if (!keys.TryGetValue(row.GetString(0), out var key))
        {
            keys.Add(row.GetString(0), key = FreeKey(AllDashboards, row.Optional<string>(1), label, "dashboard"));
            AllDashboards.Add(key, new JsonObject { ["label"] = TableKeys.Label(label), ["widgets"] = new JsonObject() });
        }

        var widgets = AllDashboards[key]!["widgets"]!.AsObject();
        widgets.Add(FreeKey(widgets, row.GetString(4).ToLowerInvariant(), text, "widget"), new JsonObject
        {
            ["label"] = TableKeys.Label(text),
            ["kind"] = row.GetString(7),
            ["table"] = row.GetString(8),
            ["query"] = query,
        });
        return true;
    }

    /// <summary>Its own name where it has one, else one that is made of what people call it.</summary>
    private static string FreeKey(JsonObject taken, string? key, Text label, string otherwise)
    {
        var name = key is not null && Name().IsMatch(key) ? key : Other().Replace(label.English.ToLowerInvariant(), "_").Trim('_');
        if (!Name().IsMatch(name))
            name = otherwise;
        var free = name;
        for (var i = 2; taken.ContainsKey(free); i++)
            free = $"{name}_{i}";
        return free;
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,50}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Other();
}
