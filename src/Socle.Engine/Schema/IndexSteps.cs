using Socle.Kernel;

namespace Socle.Schema;

/// <param name="Replaced">The index that bears the name now and goes; null when none does.</param>
public sealed record CreateIndex(string TableName, IndexShape Shape, PartShape? Replaced = null) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Index;

    public override Verdict Verdict => Rows == 0 ? Verdict.Harmless : Verdict.NeedsScan;

    public override TableLock Lock => Replaced is null ? TableLock.Share : TableLock.AccessExclusive;

    public override Text Words => (Shape.IsUnique, Replaced) switch
    {
        (true, null) => new($"allow each value once: {Shape.Name} on {TableName}", $"n'accepter chaque valeur qu'une fois : {Shape.Name} sur {TableName}"),
        (_, null) => new($"create the index {Shape.Name} on {TableName}", $"créer l'index {Shape.Name} sur {TableName}"),
        _ => new($"replace the index {Shape.Name} on {TableName}", $"remplacer l'index {Shape.Name} sur {TableName}"),
    };

    public override string Sql =>
        $"""
        {(Replaced is null ? "" : PartSql.Drop(Replaced) + ";")}
        {Definition(SchemaNames.Table(TableName), Shape)};
        COMMENT ON INDEX {SchemaNames.Table(Shape.Name)} IS {Postgres.Sql.Literal(SchemaNames.Mark)}
        """;

    public override string Down => $"DROP INDEX {SchemaNames.Table(Shape.Name)}{(Replaced is null ? "" : ";\n" + PartSql.Make(Replaced))}";

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

/// <param name="Replaced">The check of that name that goes; null when none bears it.</param>
public sealed record AddCheck(string TableName, CheckShape Shape, PartShape? Replaced) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Check;

    public override Verdict Verdict => Verdict.NeedsScan;

    public override Text Words => Replaced is not null
        ? new($"replace the check {Shape.Name} of {TableName}", $"remplacer le contrôle {Shape.Name} de {TableName}")
        : new($"add the check {Shape.Name} to {TableName}", $"ajouter le contrôle {Shape.Name} à {TableName}");

    public override string Sql => PartSql.Replace(TableName, Shape.Name, Shape.Definition, Replaced);

    public override string Down => PartSql.PutBack(TableName, Shape.Name, Replaced);

    public override string CountOffenders => $"SELECT count(*) FROM {SchemaNames.Table(TableName)} WHERE NOT {Shape.Definition["CHECK ".Length..]}";
}

/// <param name="Replaced">The foreign key on the same column that goes; null when there is none.</param>
public sealed record AddForeignKey(string TableName, ForeignKeyShape Shape, PartShape? Replaced = null) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.ForeignKey;

    public override Verdict Verdict => Rows == 0 ? Verdict.Harmless : Verdict.NeedsScan;

    public override TableLock Lock => Replaced is null ? TableLock.ShareRowExclusive : TableLock.AccessExclusive;

    public override IEnumerable<string> Locked => base.Locked.Append(Shape.Target).Distinct();

    public override Text Words => new(
        $"let {TableName}.{Shape.Column} refer to {Shape.Target} ({Shape.Name}, on delete {Shape.OnDelete.ToLowerInvariant()})",
        $"faire référence de {TableName}.{Shape.Column} à {Shape.Target} ({Shape.Name}, à la suppression : {Shape.OnDelete.ToLowerInvariant()})");

    public override string Sql => PartSql.Replace(
        TableName,
        Shape.Name,
        $"FOREIGN KEY ({Postgres.Sql.Identifier(Shape.Column)}) REFERENCES {SchemaNames.Target(Shape.Target)} (id) ON DELETE {Shape.OnDelete}",
        Replaced);

    public override string Down => PartSql.PutBack(TableName, Shape.Name, Replaced);

    public override string CountOffenders =>
        $"SELECT count(*) FROM {SchemaNames.Table(TableName)} AS own WHERE own.{Postgres.Sql.Identifier(Shape.Column)} IS NOT NULL AND NOT EXISTS (SELECT FROM {SchemaNames.Target(Shape.Target)} AS target WHERE target.id = own.{Postgres.Sql.Identifier(Shape.Column)})";
}
