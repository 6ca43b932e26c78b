using System.Collections.Immutable;
using System.Text;
using Socle.Kernel;

namespace Socle.Schema;

/// <summary>Writes what Socle keeps of a table and its fields beyond the catalog: labels, types, settings, order, what is searched.</summary>
/// <param name="Metadata">What is to be kept.</param>
/// <param name="Before">What is kept until now; null when nothing is.</param>
/// <param name="NewFields">The columns that the same plan makes: what is kept of them goes and comes with them.</param>
public sealed record DescribeTable(string TableName, TableMetadata Metadata, TableMetadata? Before, ImmutableArray<string> NewFields) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Metadata;

    public override TableLock Lock => TableLock.None;

    public override Text Words => new($"note the labels and settings of {TableName}", $"noter les libellés et réglages de {TableName}");

    public override string Sql => Write(Metadata);

    /// <summary>A table that the plan makes takes its row along; what was never told before is forgotten.</summary>
    public override string Down => string.Join(
        ";\n",
        [
            .. Forgotten is { IsEmpty: false } forgotten
                ? [$"DELETE FROM socle_system.fields f USING socle_system.tables t WHERE t.id = f.table_id AND t.relation = {Relation} AND f.name = ANY ({Array(forgotten)})"]
                : System.Array.Empty<string>(),
            .. Before is not null ? [Write(Before)] : IsOnNewTable ? [] : new[] { $"UPDATE socle_system.tables SET blueprint = NULL, label_en = NULL, label_fr = NULL, search = NULL, key = NULL WHERE relation = {Relation}" },
        ]);

    private ImmutableArray<string> Forgotten => IsOnNewTable
        ? []
        : [.. Metadata.Fields.Select(told => told.Name).Where(name => Before?.FindField(name) is null && !NewFields.Contains(name))];

    private string Relation => SchemaNames.Relation(TableName);

    /// <summary>What is kept of one field alone, and of its table.</summary>
    internal static string Write(string table, TableMetadata told, FieldMetadata field) =>
        new DescribeTable(table, told, null, []).Write(told with { Fields = [field] });

    private string Write(TableMetadata told)
    {
        var sql = new StringBuilder(
            $"""
            INSERT INTO socle_system.tables (relation, blueprint, label_en, label_fr, search, key, made_by)
            VALUES ({Relation}, {Constant(told.Blueprint)}, {Constant(told.Label.English)}, {Constant(told.Label.French)}, {(told.Search is { } columns ? Array(columns) : "NULL")}, {Constant(told.Key)}, {Constant(told.MadeBy)})
            ON CONFLICT (relation) DO UPDATE SET
                blueprint = excluded.blueprint, label_en = excluded.label_en, label_fr = excluded.label_fr, search = excluded.search, key = excluded.key, made_by = excluded.made_by
            """);
        if (!told.Fields.IsEmpty)
        {
            sql.Append(
                $"""
                ;
                INSERT INTO socle_system.fields (table_id, name, type, label_en, label_fr, settings, key, made_by, position)
                SELECT t.id, f.name, f.type, f.label_en, f.label_fr, f.settings, f.key, f.made_by, f.position
                FROM socle_system.tables t, (VALUES
                    {string.Join(",\n    ", told.Fields.Select((field, i) => Row(field, field.Position ?? i + 1)))}
                ) AS f (name, type, label_en, label_fr, settings, key, made_by, position)
                WHERE t.relation = {Relation}
                ON CONFLICT (table_id, name) DO UPDATE SET
                    type = excluded.type, label_en = excluded.label_en, label_fr = excluded.label_fr, settings = excluded.settings,
                    key = excluded.key, made_by = excluded.made_by, position = excluded.position
                """);
        }

        return sql.ToString();
    }

    internal static string Row(FieldMetadata field, int position) =>
        $"({Constant(field.Name)}, {Constant(field.Type)}, {Constant(field.Label.English)}::text, {Constant(field.Label.French)}::text, {Constant(field.Settings)}::jsonb, {Constant(field.Key)}::text, {Constant(field.MadeBy)}::text, {position})";

    private static string Array(IEnumerable<string> names) => $"{Constant(Postgres.Sql.ArrayText(names))}::text[]";

    private static string Constant(string? text) => text is null ? "NULL" : Postgres.Sql.Literal(text);
}

/// <summary>Another order in which people see a table's fields. Its columns stay where they are.</summary>
public sealed record MoveFields(string TableName, ImmutableArray<string> To, ImmutableArray<FieldMetadata> From) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Metadata;

    public override TableLock Lock => TableLock.None;

    public override Text Words => new(
        $"put the fields of {TableName} in the order {string.Join(", ", To)}",
        $"ranger les champs de {TableName} dans l'ordre {string.Join(", ", To)}");

    public override string Sql => Arrange(To.Select((name, i) => (name, (int?)(i + 1))));

    public override string Down => Arrange(From.Select(told => (told.Name, told.Position)));

    private string Arrange(IEnumerable<(string Name, int? Position)> order) =>
        $"""
        UPDATE socle_system.fields f SET position = o.position::integer
        FROM socle_system.tables t, (VALUES {string.Join(", ", order.Select(field => $"({Postgres.Sql.Literal(field.Name)}, {(field.Position is { } number ? $"{number}" : "NULL")})"))}) AS o (name, position)
        WHERE t.id = f.table_id AND t.relation = {SchemaNames.Relation(TableName)} AND f.name = o.name
        """;
}

/// <summary>A computed field that nobody wants any more. There is nothing to move aside: it is as it was when it is described again.</summary>
public sealed record ForgetField(string TableName, FieldMetadata Field) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Move;

    public override TableLock Lock => TableLock.None;

    public override Text Words => new($"drop the computed field {TableName}.{Field.Name}", $"supprimer le champ calculé {TableName}.{Field.Name}");

    public override string Sql =>
        $"DELETE FROM socle_system.fields f USING socle_system.tables t WHERE t.id = f.table_id AND t.relation = {SchemaNames.Relation(TableName)} AND f.name = {Postgres.Sql.Literal(Field.Name)}";

    public override string Down =>
        $"""
        INSERT INTO socle_system.fields (table_id, name, type, label_en, label_fr, settings, key, made_by, position)
        SELECT t.id, f.* FROM socle_system.tables t, (VALUES {DescribeTable.Row(Field, Field.Position ?? 0)}) AS f WHERE t.relation = {SchemaNames.Relation(TableName)}
        """;
}

/// <summary>Removes what Socle kept of tables that somebody dropped: their numbers may be given to other tables by a restore.</summary>
public sealed record ForgetDroppedTables : SchemaStep
{
    public override string? Table => null;

    public override StepOrder Order => StepOrder.Extension;

    public override TableLock Lock => TableLock.None;

    public override bool IsHousekeeping => true;

    public override Text Words => new("forget the labels of tables that are gone", "oublier les libellés des tables disparues");

    public override string Sql => "DELETE FROM socle_system.tables t WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.relation)";

    public override string Down => "";
}
