using System.Collections.Immutable;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Blueprints;

/// <summary>A view as a blueprint makes it, or as socle_system.views has it.</summary>
/// <param name="Fields">The columns that it names; null for one that is kept already.</param>
/// <param name="StoredFields">As the database has them, for one that is kept already.</param>
/// <param name="Asked">What the blueprint says of it.</param>
/// <param name="IsRemoved">Somebody took it away.</param>
public sealed record StoredViewRow(
    string Key, Text Label, string Kind, string Query, string Settings, ImmutableArray<string>? Fields, string? StoredFields, int? Position, string Blueprint, string Asked, bool IsRemoved = false);

/// <summary>Makes a view of a table, or says something else of it.</summary>
/// <param name="Before">What it is until now; null when there is none.</param>
public sealed record SetView(string TableName, StoredViewRow View, StoredViewRow? Before) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.View;

    public override TableLock Lock => TableLock.None;

    public override Text Words => Before is null
        ? new($"add the view {View.Key} of {TableName}", $"ajouter la vue {View.Key} de {TableName}")
        : new($"change the view {View.Key} of {TableName}", $"modifier la vue {View.Key} de {TableName}");

    public override string Sql => Write(TableName, View);

    public override string Down => Before is null ? RemoveView.Delete(TableName, View.Key) : Write(TableName, Before);

    internal static string Write(string table, StoredViewRow view) =>
        $"""
        INSERT INTO socle_system.views (table_id, key, label_en, label_fr, kind, query, settings, fields, position, blueprint, asked, removed_at)
        SELECT t.id, {AccessText.Constant(view.Key)}, {AccessText.Constant(view.Label.English)}, {AccessText.Constant(view.Label.French)}, {AccessText.Constant(view.Kind)},
            {AccessText.Constant(view.Query)}, {AccessText.Constant(view.Settings)}, {ViewText.Fields(view.Fields, view.StoredFields)}, {ViewText.Number(view.Position)},
            {AccessText.Constant(view.Blueprint)}, {AccessText.Constant(view.Asked)}, {(view.IsRemoved ? "now()" : "NULL::timestamptz")}
        FROM socle_system.tables t WHERE t.relation = {SchemaNames.Relation(table)}
        ON CONFLICT (table_id, key) DO UPDATE SET
            label_en = excluded.label_en, label_fr = excluded.label_fr, kind = excluded.kind, query = excluded.query, settings = excluded.settings, fields = excluded.fields,
            position = excluded.position, blueprint = excluded.blueprint, asked = excluded.asked, removed_at = excluded.removed_at, updated_at = now()
        """;
}

/// <summary>Removes a view that the blueprint made and no longer names.</summary>
public sealed record RemoveView(string TableName, StoredViewRow View) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.View;

    public override TableLock Lock => TableLock.None;

    public override Text Words => new($"remove the view {View.Key} of {TableName}", $"retirer la vue {View.Key} de {TableName}");

    public override string Sql => Delete(TableName, View.Key);

    public override string Down => SetView.Write(TableName, View);

    internal static string Delete(string table, string key) =>
        $"DELETE FROM socle_system.views v USING socle_system.tables t WHERE t.id = v.table_id AND t.relation = {SchemaNames.Relation(table)} AND v.key = {AccessText.Constant(key)}";
}

/// <summary>Constants of the steps of views and dashboards.</summary>
internal static class ViewText
{
    /// <summary>The ids of the named fields of the table <c>t</c>, as the database has them by then.</summary>
    public static string Fields(ImmutableArray<string>? names, string? stored) =>
        names is { } fields ? $"socle_system.field_ids(t.id, {AccessText.Array(fields)})" : $"{AccessText.Constant(stored ?? "{}")}::jsonb";

    public static string Number(int? number) => number is { } value ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}") : "NULL::integer";
}
