using System.Collections.Immutable;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Policies;
using Socle.Postgres;
using Socle.Schema;

namespace Socle.Blueprints;

/// <summary>
/// Judges the filters and fields of policies by the tables that the blueprint makes, before there is any database. Adopted tables
/// are known to the database alone: where there are any, what leads to them is judged when the blueprint is applied.
/// </summary>
internal static class PolicyChecks
{
    public static void Check(Blueprint blueprint, NodeReader reader)
    {
        if (blueprint.Policies.IsEmpty || !blueprint.Adopted.IsEmpty)
            return;
        var snapshot = Snapshot(blueprint);
        foreach (var policy in blueprint.Policies)
        {
            if (snapshot.FindTable(policy.Table) is not { } table)
                continue;
            foreach (var rule in policy.Rules)
            {
                foreach (var fault in PolicyCompiler.Check(snapshot, new PolicyRule(policy.Role, table, rule.Action, rule.Filter, rule.Fields)))
                    reader.Refuse(rule.Line, $"policies.{policy.Role}.{policy.Table}.{rule.Action.ToString().ToLowerInvariant()}", fault.Message.English, fault.Message.French);
            }
        }
    }

    /// <summary>The tables as they will be served.</summary>
    public static CatalogSnapshot Snapshot(Blueprint blueprint) => new([.. blueprint.Tables.Where(table => table.Name is not (ReferenceField.Users or FileField.Files)).DistinctBy(table => table.Name).Select(Table), Users, Files], 0);

    private static TableSnapshot Table(TableBlueprint table) => Table(
        table.Name,
        [.. table.Fields.Where(field => field.Type.HasColumn).Select((field, i) => Field(field.Name, field.Type, field.Settings).At(i, ApiNames.ToCamelCase(field.Name)))],
        table.Key,
        [.. table.Fields.Where(field => field.Type.FindTarget(field.Settings) is not null).Select(field => new ForeignKeySnapshot(SchemaNames.For("fk", table.Name, field.Name), [field.Name], field.Type.FindTarget(field.Settings)!, ["id"]))],
        [.. table.Fields.Where(field => !field.Type.HasColumn).Select((field, i) => new ComputedField(field.Name, field.Type, field.Settings, field.Label, i))]);

    private static TableSnapshot Users => Table(
        ReferenceField.Users,
        [Field("id", FieldTypeRegistry.Find("uuid")!, FieldSettings.None), Field("name", FieldTypeRegistry.Find("text")!, FieldSettings.None), Field("email", FieldTypeRegistry.Find("text")!, FieldSettings.None)],
        ["id"],
        [],
        []);

    private static TableSnapshot Files => Table(
        FileField.Files,
        [Field("id", FieldTypeRegistry.Find("uuid")!, FieldSettings.None), Field("name", FieldTypeRegistry.Find("text")!, FieldSettings.None), Field("size", FieldTypeRegistry.Find("number")!, FieldSettings.None), Field("content_type", FieldTypeRegistry.Find("text")!, FieldSettings.None)],
        ["id"],
        [],
        []);

    private static TableSnapshot Table(string name, ImmutableArray<FieldSnapshot> fields, ImmutableArray<string> key, ImmutableArray<ForeignKeySnapshot> references, ImmutableArray<ComputedField> computed)
    {
        ImmutableArray<FieldSnapshot> primary = [.. fields.Where(field => key.Contains(field.Name))];
        return new TableSnapshot(new TableName(SchemaNames.Served, name, name, ApiNames.ToCamelCase(name)), TableKind.Table, fields)
        {
            PrimaryKey = primary,
            Uniques = [new UniqueSnapshot($"{name}_pkey", primary, IsPlain: true, IsPrimary: true, null)],
            ForeignKeys = references,
            Checks = [],
            SearchFields = [],
            Label = new Text(name, name),
            IsInsertable = true,
            IsUpdatable = true,
            IsDeletable = true,
            Computed = computed,
        };
    }

    private static FieldSnapshot Field(string name, FieldType type, FieldSettings settings) => new(
        name, ApiNames.ToCamelCase(name), Type(type.ColumnType(settings)), type, settings, IsRequired: false, Default: null, IsReadOnly: false, IsIdentity: false);

    private static PgType Type(string name) => name switch
    {
        "uuid" => new(PgTypes.Uuid, name, PgKind.Uuid),
        "boolean" => new(PgTypes.Boolean, name, PgKind.Boolean),
        "smallint" => new(PgTypes.Int2, name, PgKind.Integer),
        "bigint" => new(PgTypes.Int8, name, PgKind.Integer),
        "interval" => new(PgTypes.Interval, name, PgKind.Interval),
        "date" => new(PgTypes.Date, name, PgKind.Date),
        "time" => new(PgTypes.Time, name, PgKind.Time),
        "timestamp with time zone" => new(PgTypes.TimestampTz, name, PgKind.TimestampTz),
        "jsonb" => new(PgTypes.Jsonb, name, PgKind.Jsonb),
        _ when name.StartsWith("numeric", StringComparison.Ordinal) => new(PgTypes.Numeric, name, PgKind.Numeric),
        _ when name.EndsWith("[]", StringComparison.Ordinal) => new(0, name, PgKind.Array, Type(name[..^2])),
        _ => new(PgTypes.Text, name, PgKind.Text),
    };
}
