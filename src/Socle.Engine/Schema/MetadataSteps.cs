using System.Text;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Schema;

/// <summary>Writes what Socle keeps of a table and its fields beyond the catalog: labels, types, settings, what is searched.</summary>
public sealed record DescribeTable(string TableName, TableMetadata Metadata) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Metadata;

    public override Text Words => new($"note the labels and settings of {TableName}", $"noter les libellés et réglages de {TableName}");

    public override string Sql
    {
        get
        {
            var relation = Postgres.Sql.Literal(SchemaNames.Table(TableName)) + "::regclass";
            var sql = new StringBuilder(
                $"""
                INSERT INTO socle_system.tables (relation, blueprint, label_en, label_fr, search)
                VALUES ({relation}, {Constant(Metadata.Blueprint)}, {Constant(Metadata.Label.English)}, {Constant(Metadata.Label.French)}, {Search})
                ON CONFLICT (relation) DO UPDATE SET
                    blueprint = excluded.blueprint, label_en = excluded.label_en, label_fr = excluded.label_fr, search = excluded.search
                """);
            if (Metadata.Fields.IsEmpty)
                return sql.ToString();
            sql.Append(
                $"""
                ;
                INSERT INTO socle_system.fields (table_id, name, type, label_en, label_fr, settings)
                SELECT t.id, f.name, f.type, f.label_en, f.label_fr, f.settings
                FROM socle_system.tables t, (VALUES
                    {string.Join(",\n    ", Metadata.Fields.Select(Row))}
                ) AS f (name, type, label_en, label_fr, settings)
                WHERE t.relation = {relation}
                ON CONFLICT (table_id, name) DO UPDATE SET
                    type = excluded.type, label_en = excluded.label_en, label_fr = excluded.label_fr, settings = excluded.settings
                """);
            return sql.ToString();
        }
    }

    private string Search => Metadata.Search is { } columns ? $"{Constant(Postgres.Sql.ArrayText(columns))}::text[]" : "NULL";

    private static string Row(FieldMetadata field) =>
        $"({Constant(field.Name)}, {Constant(field.Type)}, {Constant(field.Label.English)}::text, {Constant(field.Label.French)}::text, {Constant(field.Settings)}::jsonb)";

    private static string Constant(string? text) => text is null ? "NULL" : Postgres.Sql.Literal(text);
}

/// <summary>Removes what Socle kept of tables that somebody dropped: their numbers may be given to other tables by a restore.</summary>
public sealed record ForgetDroppedTables : SchemaStep
{
    public override string? Table => null;

    public override StepOrder Order => StepOrder.Extension;

    public override Text Words => new("forget the labels of tables that are gone", "oublier les libellés des tables disparues");

    public override string Sql => "DELETE FROM socle_system.tables t WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.relation)";
}
