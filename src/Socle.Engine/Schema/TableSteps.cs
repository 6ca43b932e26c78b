using Socle.Kernel;

namespace Socle.Schema;

/// <summary>An extension that an index needs. Only those that the database's owner may create. It stays: others may use it by then.</summary>
public sealed record CreateExtension(string Name) : SchemaStep
{
    public override string? Table => null;

    public override StepOrder Order => StepOrder.Extension;

    public override TableLock Lock => TableLock.None;

    public override Text Words => new($"create the extension {Name}", $"créer l'extension {Name}");

    public override string Sql => $"CREATE EXTENSION IF NOT EXISTS {Postgres.Sql.Identifier(Name)} SCHEMA socle_system";

    public override string Down => "";
}

/// <summary>A table with its columns, key, checks and trigger. Indexes and references come later, when all tables are there.</summary>
public sealed record CreateTable(TableShape Shape) : SchemaStep
{
    public override string? Table => Shape.Name;

    public override StepOrder Order => StepOrder.Table;

    public override TableLock Lock => TableLock.None;

    public override Text Words => new(
        $"create the table {Shape.Name} with {Shape.Columns.Length} fields",
        $"créer la table {Shape.Name} avec {Shape.Columns.Length} champs");

    public override string Sql => string.Join(
        ";\n",
        [
            Definition(SchemaNames.Table(Shape.Name), Shape),
            .. Shape.Checks.Select(check => new AddCheck(Shape.Name, check, Replaced: null).Sql),
            .. Shape.KeepsUpdatedAt ? [new KeepUpdatedAt(Shape.Name).Sql] : Array.Empty<string>(),
        ]);

    public override string Down => $"SELECT socle_system.take_table_off({SchemaNames.Relation(Shape.Name)})";

    /// <summary>CREATE TABLE with columns and key alone, under any name.</summary>
    internal static string Definition(string quotedName, TableShape shape)
    {
        var lines = shape.Columns.Select(AddField.Definition).ToList();
        if (!shape.Key.IsEmpty)
            lines.Add($"PRIMARY KEY ({SchemaNames.List(shape.Key)})");
        return $"CREATE TABLE {quotedName} (\n    {string.Join(",\n    ", lines)})";
    }
}

/// <summary>The same table under another name, with its records and all that hangs on it.</summary>
public sealed record RenameTable(string From, string To) : SchemaStep
{
    public override string? Table => From;

    public override StepOrder Order => StepOrder.Rename;

    public override Text Words => new($"rename the table {From} to {To}", $"renommer la table {From} en {To}");

    public override string Sql => Rename(From, To);

    public override string Down => Rename(To, From);

    /// <summary>What other fields say of the table goes along.</summary>
    private static string Rename(string from, string to) =>
        $"ALTER TABLE {SchemaNames.Table(from)} RENAME TO {Postgres.Sql.Identifier(to)};\nSELECT socle_system.follow_tables()";
}

/// <summary>A table that the blueprint no longer has: it leaves the served schema and waits for 30 days.</summary>
public sealed record DropTable(string TableName) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Move;

    public override Verdict Verdict => Verdict.MovesAside;

    public override Text Words => new($"drop the table {TableName}", $"supprimer la table {TableName}");

    public override string Sql => $"SELECT socle_system.move_table_aside({SchemaNames.Relation(TableName)})";

    public override string Down => "SELECT socle_system.bring_back(socle_system.find_aside('table'))";

    public override string CountLosses => $"SELECT count(*) FROM {SchemaNames.Table(TableName)}";
}

/// <summary>The trigger that keeps updated_at.</summary>
public sealed record KeepUpdatedAt(string TableName) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Trigger;

    public override TableLock Lock => TableLock.ShareRowExclusive;

    public override Text Words => new($"keep {TableName}.updated_at on every update", $"tenir {TableName}.updated_at à chaque modification");

    public override string Sql =>
        $"CREATE OR REPLACE TRIGGER {Name} BEFORE UPDATE ON {SchemaNames.Table(TableName)} FOR EACH ROW EXECUTE FUNCTION socle_system.set_updated_at()";

    public override string Down => $"DROP TRIGGER {Name} ON {SchemaNames.Table(TableName)}";

    private string Name => Postgres.Sql.Identifier(SchemaNames.For("tr", TableName, "updated_at"));
}

/// <summary>Every change of the table's records is kept, or no longer. What was kept so far stays.</summary>
public sealed record KeepHistory(string TableName, bool IsKept) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.History;

    public override TableLock Lock => TableLock.ShareRowExclusive;

    public override Text Words => IsKept
        ? new($"keep the history of {TableName}", $"tenir l'historique de {TableName}")
        : new($"keep no more history of {TableName}", $"ne plus tenir l'historique de {TableName}");

    public override string Sql => Keep(IsKept);

    public override string Down => Keep(!IsKept);

    private string Keep(bool isKept) => $"SELECT socle_system.{(isKept ? "keep" : "stop")}_history({SchemaNames.Relation(TableName)})";
}

/// <summary>A trigger looks at the files that the table's records point to, or no longer.</summary>
public sealed record HoldFiles(string TableName, bool IsHeld) : SchemaStep
{
    private const string Trigger = "socle_hold_files";

    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.History;

    public override TableLock Lock => TableLock.ShareRowExclusive;

    public override Text Words => IsHeld
        ? new($"hold the files of {TableName}", $"tenir les fichiers de {TableName}")
        : new($"hold no more files of {TableName}", $"ne plus tenir de fichiers de {TableName}");

    public override string Sql => Hold(IsHeld);

    public override string Down => Hold(!IsHeld);

    private string Hold(bool isHeld) => isHeld
        ? $"CREATE OR REPLACE TRIGGER {Trigger} BEFORE INSERT OR UPDATE ON {SchemaNames.Table(TableName)} FOR EACH ROW EXECUTE FUNCTION socle_system.hold_files()"
        : $"DROP TRIGGER IF EXISTS {Trigger} ON {SchemaNames.Table(TableName)}";
}
