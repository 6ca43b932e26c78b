using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Schema;

/// <summary>An extension that an index needs. Only those that the database's owner may create.</summary>
public sealed record CreateExtension(string Name) : SchemaStep
{
    public override string? Table => null;

    public override StepOrder Order => StepOrder.Extension;

    public override Text Words => new($"create the extension {Name}", $"créer l'extension {Name}");

    public override string Sql => $"CREATE EXTENSION IF NOT EXISTS {Postgres.Sql.Identifier(Name)} SCHEMA socle_system";
}

/// <summary>A table with its columns, key, checks and trigger. Indexes and references come later, when all tables are there.</summary>
public sealed record CreateTable(TableShape Shape) : SchemaStep
{
    public override string? Table => Shape.Name;

    public override StepOrder Order => StepOrder.Table;

    public override Text Words => new(
        $"create the table {Shape.Name} with {Shape.Columns.Length} fields",
        $"créer la table {Shape.Name} avec {Shape.Columns.Length} champs");

    public override string Sql => string.Join(
        ";\n",
        [
            Definition(SchemaNames.Table(Shape.Name), Shape),
            .. Shape.Checks.Select(check => new AddCheck(Shape.Name, check, Replaces: false).Sql),
            .. Shape.KeepsUpdatedAt ? [new KeepUpdatedAt(Shape.Name).Sql] : Array.Empty<string>(),
        ]);

    /// <summary>CREATE TABLE with columns and key alone, under any name.</summary>
    internal static string Definition(string quotedName, TableShape shape)
    {
        var lines = shape.Columns.Select(AddField.Definition).ToList();
        if (!shape.Key.IsEmpty)
            lines.Add($"PRIMARY KEY ({string.Join(", ", shape.Key.Select(Postgres.Sql.Identifier))})");
        return $"CREATE TABLE {quotedName} (\n    {string.Join(",\n    ", lines)})";
    }
}

/// <summary>A primary key on a table that has none.</summary>
public sealed record AddKey(string TableName, IReadOnlyList<string> Columns) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Key;

    public override Verdict Verdict => Verdict.NeedsScan;

    public override Text Words => new(
        $"make {string.Join(", ", Columns)} the key of {TableName}",
        $"faire de {string.Join(", ", Columns)} la clé de {TableName}");

    public override string Sql => $"ALTER TABLE {SchemaNames.Table(TableName)} ADD PRIMARY KEY ({List})";

    public override string CountOffenders => $"SELECT count(*) FROM (SELECT FROM {SchemaNames.Table(TableName)} GROUP BY {List} HAVING count(*) > 1) AS twice";

    private string List => string.Join(", ", Columns.Select(Postgres.Sql.Identifier));
}

/// <summary>A table whose key is another than the blueprint's. Everything that refers to its records hangs on it.</summary>
public sealed record ChangeKey(string TableName, IReadOnlyList<string> From, IReadOnlyList<string> To) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Key;

    public override Verdict Verdict => Verdict.LosesValues;

    public override Text Words => new(
        $"change the key of {TableName} from {string.Join(", ", From)} to {string.Join(", ", To)}",
        $"changer la clé de {TableName} de {string.Join(", ", From)} en {string.Join(", ", To)}");

    /// <summary>Never run: nothing says what becomes of references to the old key.</summary>
    public override string Sql => "";
}

/// <summary>The trigger that keeps updated_at.</summary>
public sealed record KeepUpdatedAt(string TableName) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Trigger;

    public override Text Words => new($"keep {TableName}.updated_at on every update", $"tenir {TableName}.updated_at à chaque modification");

    public override string Sql =>
        $"CREATE OR REPLACE TRIGGER {Postgres.Sql.Identifier(SchemaNames.For("tr", TableName, "updated_at"))} BEFORE UPDATE ON {SchemaNames.Table(TableName)} FOR EACH ROW EXECUTE FUNCTION socle_system.set_updated_at()";
}
