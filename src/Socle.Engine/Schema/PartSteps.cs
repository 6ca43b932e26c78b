using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Schema;

/// <summary>An index or constraint that nobody asks for any more, or that hangs on what leaves.</summary>
/// <param name="IsLeaving">It goes before the field or table that it hangs on.</param>
/// <param name="KeepsHistory">The table's history, which needs the key, goes on when the key comes back.</param>
public sealed record DropPart(string TableName, PartShape Part, bool IsLeaving = false, bool KeepsHistory = false) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => IsLeaving ? StepOrder.Leave : StepOrder.Drop;

    public override Text Words => Part.IsIndex
        ? new($"drop the index {Part.Name} of {TableName}", $"supprimer l'index {Part.Name} de {TableName}")
        : Part.IsTrigger ? new($"keep {TableName}.updated_at no longer", $"ne plus tenir {TableName}.updated_at")
        : new($"drop the constraint {Part.Name} of {TableName}", $"supprimer la contrainte {Part.Name} de {TableName}");

    public override string Sql => PartSql.Drop(Part);

    public override string Down => PartSql.Make(Part)
        + (Part.IsPrimary && KeepsHistory ? $";\nSELECT socle_system.keep_history({Postgres.Sql.Literal(Part.Owner)}::regclass)" : "");
}

/// <summary>An index or constraint whose table or field has another name now, and so has it.</summary>
public sealed record RenamePart(string TableName, PartShape Part, string To) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.PartName;

    public override TableLock Lock => Part.IsIndex ? TableLock.None : TableLock.AccessExclusive;

    public override Text Words => Part.IsIndex
        ? new($"rename the index {Part.Name} to {To}", $"renommer l'index {Part.Name} en {To}")
        : new($"rename the constraint {Part.Name} to {To}", $"renommer la contrainte {Part.Name} en {To}");

    public override string Sql => Rename(Part.Name, To);

    public override string Down => Rename(To, Part.Name);

    private string Rename(string from, string to) => Part.IsIndex
        ? $"ALTER INDEX {SchemaNames.Table(from)} RENAME TO {Postgres.Sql.Identifier(to)}"
        : $"ALTER TABLE {SchemaNames.Table(TableName)} RENAME CONSTRAINT {Postgres.Sql.Identifier(from)} TO {Postgres.Sql.Identifier(to)}";
}

/// <summary>How indexes and constraints are made, dropped and made again.</summary>
internal static class PartSql
{
    public static string Drop(PartShape part) => part.IsIndex
        ? $"DROP INDEX {SchemaNames.Table(part.Name)}"
        : part.IsTrigger ? $"DROP TRIGGER {Sql.Identifier(part.Name)} ON {part.Owner}"
        : $"ALTER TABLE {part.Owner} DROP CONSTRAINT {Sql.Identifier(part.Name)}";

    public static string Make(PartShape part)
    {
        if (part.IsReference)
        {
            var comment = part.Comment is null ? "NULL" : Sql.Literal(part.Comment);
            return $"SELECT socle_system.add_reference({Sql.Literal(part.Owner)}, {Sql.Literal(part.Name)}, {Sql.Literal(part.Definition)}, {comment})";
        }

        if (part.IsTrigger)
            return part.Definition;
        var (make, what) = part.IsIndex
            ? (part.Definition, $"INDEX {SchemaNames.Table(part.Name)}")
            : ($"ALTER TABLE {part.Owner} ADD CONSTRAINT {Sql.Identifier(part.Name)} {part.Definition}", $"CONSTRAINT {Sql.Identifier(part.Name)} ON {part.Owner}");
        return part.Comment is null ? make : $"{make};\nCOMMENT ON {what} IS {Sql.Literal(part.Comment)}";
    }

    /// <summary>A constraint of ours in the place of one that is there, or of none.</summary>
    public static string Replace(string table, string name, string definition, PartShape? replaced) =>
        $"""
        {(replaced is null ? "" : Drop(replaced) + ";")}
        ALTER TABLE {SchemaNames.Table(table)} ADD CONSTRAINT {Sql.Identifier(name)} {definition};
        COMMENT ON CONSTRAINT {Sql.Identifier(name)} ON {SchemaNames.Table(table)} IS {Sql.Literal(SchemaNames.Mark)}
        """;

    public static string PutBack(string table, string name, PartShape? replaced) =>
        $"ALTER TABLE {SchemaNames.Table(table)} DROP CONSTRAINT {Sql.Identifier(name)}{(replaced is null ? "" : ";\n" + Make(replaced))}";
}
