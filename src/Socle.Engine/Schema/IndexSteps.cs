using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Schema;

/// <param name="Replaced">The index that bears the name now and goes; null when none does.</param>
public sealed record CreateIndex(string TableName, IndexShape Shape, IndexShape? Replaced = null) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Index;

    public override Verdict Verdict => Rows == 0 ? Verdict.Harmless : Verdict.NeedsScan;

    public override Text Words => (Shape.IsUnique, Replaced) switch
    {
        (true, null) => new($"allow each value once: {Shape.Name} on {TableName}", $"n'accepter chaque valeur qu'une fois : {Shape.Name} sur {TableName}"),
        (_, null) => new($"create the index {Shape.Name} on {TableName}", $"créer l'index {Shape.Name} sur {TableName}"),
        _ => new($"replace the index {Shape.Name} on {TableName}", $"remplacer l'index {Shape.Name} sur {TableName}"),
    };

    public override string Sql =>
        $"""
        {(Replaced is null ? "" : new DropIndex(TableName, Replaced).Sql + ";")}
        {Definition(SchemaNames.Table(TableName), Shape)};
        COMMENT ON INDEX {SchemaNames.Table(Shape.Name)} IS {Postgres.Sql.Literal(SchemaNames.Mark)}
        """;

    /// <summary>Values that several rows share. Rows with a null are never equal.</summary>
    public override string? CountOffenders => Shape.IsUnique
        ? $"SELECT count(*) FROM (SELECT FROM {SchemaNames.Table(TableName)} WHERE {string.Join(" AND ", Keys.Select(key => $"({key}) IS NOT NULL"))} GROUP BY {string.Join(", ", Keys)} HAVING count(*) > 1) AS twice"
        : null;

    /// <summary>The columns and expressions inside <c>btree (…)</c>. Blueprints make none that holds a comma.</summary>
    private IEnumerable<string> Keys =>
        Shape.Definition[(Shape.Definition.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(", ").Select(key => key.EndsWith(" DESC", StringComparison.Ordinal) ? key[..^5] : key);

    internal static string Definition(string quotedTable, IndexShape shape) =>
        $"CREATE {(shape.IsUnique ? "UNIQUE " : "")}INDEX {Postgres.Sql.Identifier(shape.Name)} ON {quotedTable} USING {shape.Definition}";
}

public sealed record DropIndex(string TableName, IndexShape Shape) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Drop;

    public override Text Words => new($"drop the index {Shape.Name} of {TableName}", $"supprimer l'index {Shape.Name} de {TableName}");

    public override string Sql => Shape.IsConstraint
        ? $"ALTER TABLE {SchemaNames.Table(TableName)} DROP CONSTRAINT {Postgres.Sql.Identifier(Shape.Name)}"
        : $"DROP INDEX {SchemaNames.Table(Shape.Name)}";
}

/// <param name="Replaces">A check of that name is there and goes.</param>
public sealed record AddCheck(string TableName, CheckShape Shape, bool Replaces) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Check;

    public override Verdict Verdict => Verdict.NeedsScan;

    public override Text Words => Replaces
        ? new($"replace the check {Shape.Name} of {TableName}", $"remplacer le contrôle {Shape.Name} de {TableName}")
        : new($"add the check {Shape.Name} to {TableName}", $"ajouter le contrôle {Shape.Name} à {TableName}");

    public override string Sql => Constraints.Add(TableName, Shape.Name, Shape.Definition, Replaces ? Shape.Name : null);

    public override string CountOffenders => $"SELECT count(*) FROM {SchemaNames.Table(TableName)} WHERE NOT {Shape.Definition["CHECK ".Length..]}";
}

/// <param name="Replaced">The name of the foreign key on the same column that goes; null when there is none.</param>
public sealed record AddForeignKey(string TableName, ForeignKeyShape Shape, string? Replaced = null) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.ForeignKey;

    public override Verdict Verdict => Rows == 0 ? Verdict.Harmless : Verdict.NeedsScan;

    public override Text Words => new(
        $"let {TableName}.{Shape.Column} refer to {Shape.Target} ({Shape.Name}, on delete {Shape.OnDelete.ToLowerInvariant()})",
        $"faire référence de {TableName}.{Shape.Column} à {Shape.Target} ({Shape.Name}, à la suppression : {Shape.OnDelete.ToLowerInvariant()})");

    public override string Sql => Constraints.Add(
        TableName,
        Shape.Name,
        $"FOREIGN KEY ({Postgres.Sql.Identifier(Shape.Column)}) REFERENCES {SchemaNames.Table(Shape.Target)} (id) ON DELETE {Shape.OnDelete}",
        Replaced);

    public override string CountOffenders =>
        $"SELECT count(*) FROM {SchemaNames.Table(TableName)} AS own WHERE own.{Postgres.Sql.Identifier(Shape.Column)} IS NOT NULL AND NOT EXISTS (SELECT FROM {SchemaNames.Table(Shape.Target)} AS target WHERE target.id = own.{Postgres.Sql.Identifier(Shape.Column)})";
}

/// <summary>A check or foreign key that the blueprint no longer asks for.</summary>
public sealed record DropConstraint(string TableName, string Name) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Drop;

    public override Text Words => new($"drop the constraint {Name} of {TableName}", $"supprimer la contrainte {Name} de {TableName}");

    public override string Sql => Constraints.Drop(TableName, Name);
}

internal static class Constraints
{
    public static string Add(string table, string name, string definition, string? replaced) =>
        $"""
        {(replaced is null ? "" : Drop(table, replaced) + ";")}
        ALTER TABLE {SchemaNames.Table(table)} ADD CONSTRAINT {Sql.Identifier(name)} {definition};
        COMMENT ON CONSTRAINT {Sql.Identifier(name)} ON {SchemaNames.Table(table)} IS {Sql.Literal(SchemaNames.Mark)}
        """;

    public static string Drop(string table, string name) => $"ALTER TABLE {SchemaNames.Table(table)} DROP CONSTRAINT {Sql.Identifier(name)}";
}
