using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Records.Planning;

namespace Socle.Blueprints;

/// <summary>
/// Judges what fields take from other tables: lookups, rollups, choices that are rows, references to some records. Adopted tables are
/// known to the database alone, so what goes through one is judged when it is read.
/// </summary>
internal sealed class RelationChecks(Blueprint blueprint, NodeReader reader)
{
    public void Check()
    {
        var fields = blueprint.Tables.SelectMany(table => table.Fields.Select(field => (Table: table, Field: field))).ToList();
        if (!fields.Exists(item => !item.Field.Type.HasColumn || DesiredLimits.SourceOf(item.Field) is not null))
            return;
        var snapshot = PolicyChecks.Snapshot(blueprint);
        foreach (var (table, field) in fields)
        {
            if (!field.Type.HasColumn)
                CheckComputed(snapshot, table, field);
            else if (DesiredLimits.SourceOf(field) is { } source)
                CheckLimit(snapshot, table, field, source);
        }
    }

    private void CheckComputed(CatalogSnapshot snapshot, TableBlueprint table, FieldBlueprint field)
    {
        if (field.Settings.Through is null || GoesThroughAdopted(table, field))
            return;
        if (snapshot.Broken.FirstOrDefault(broken => broken.Table == table.Name && broken.Field == field.Name) is { } broken)
            Refuse(table, field, broken.Fault.Field!, broken.Fault);
        else if (snapshot.FindTable(table.Name)?.FindField(field.Name) is { Way: { } way } && WayPlans.Plan(way.Target, way.Where) is { IsFault: true, Faults: var faults })
            Refuse(table, field, "where", faults[0]);
    }

    private bool GoesThroughAdopted(TableBlueprint table, FieldBlueprint field)
    {
        var through = field.Settings.Through!;
        var other = field.Type is LookupField ? table.FindField(through)?.Settings.Target : through.Split('.')[0];
        return blueprint.Adopted.Any(adopted => adopted.Name == other);
    }

    private void CheckLimit(CatalogSnapshot snapshot, TableBlueprint table, FieldBlueprint field, (string Table, string Field, string? Where) source)
    {
        var prefix = field.Type is ChoiceField ? "choices." : "";
        if (blueprint.Tables.FirstOrDefault(other => other.Name == source.Table) is not { } other)
        {
            RefuseTable(table, field, source.Table);
            return;
        }

        if (field.Settings.ChoicesFrom is { } from)
        {
            CheckField(table, field, other, "value", from.Value, isText: true);
            CheckField(table, field, other, "label", from.Label, isText: false);
            CheckField(table, field, other, "order", from.Order, isText: false);
        }

        if (DesiredLimits.Condition(snapshot, source.Table, source.Where) is { IsFault: true, Faults: var faults })
            Refuse(table, field, $"{prefix}where", faults[0]);
    }

    /// <summary>A choice's table stands under 'tables': its rows are held by triggers on it. A reference's is judged elsewhere, unless it is none of them.</summary>
    private void RefuseTable(TableBlueprint table, FieldBlueprint field, string name)
    {
        var known = blueprint.Tables.Select(other => other.Name);
        if (field.Type is ChoiceField)
            reader.RefuseUnknown(field.Line, Path(table, field, "choices.from"), new("The table", "La table"), name, known);
        else if (name == ReferenceField.Users || blueprint.Adopted.Any(adopted => adopted.Name == name))
            reader.Refuse(field.Line, Path(table, field, "where"), $"'where' goes with a table that the blueprint makes, and '{name}' is none.", $"« where » va avec une table que le blueprint crée, et « {name} » n'en est pas une.");
    }

    private void CheckField(TableBlueprint table, FieldBlueprint field, TableBlueprint source, string key, string? name, bool isText)
    {
        if (name is null)
            return;
        var found = source.FindField(name);
        if (found is null || !found.Type.HasColumn)
            reader.RefuseUnknown(field.Line, Path(table, field, $"choices.{key}"), new("The field", "Le champ"), name, source.Fields.Where(other => other.Type.HasColumn).Select(other => other.Name));
        else if (isText && found.Type.ColumnType(found.Settings) != "text")
            reader.Refuse(field.Line, Path(table, field, $"choices.{key}"), $"'{source.Name}.{name}' holds no text, and a choice is stored as text.", $"« {source.Name}.{name} » ne contient pas de texte, or un choix s'enregistre comme texte.");
    }

    private void Refuse(TableBlueprint table, FieldBlueprint field, string key, Fault fault) =>
        reader.Refuse(field.Line, Path(table, field, key), fault.Message.English, fault.Message.French);

    private static string Path(TableBlueprint table, FieldBlueprint field, string key) => $"tables.{table.Name}.fields.{field.Name}.{key}";
}
