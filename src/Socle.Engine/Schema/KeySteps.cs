using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Schema;

/// <summary>A primary key on a table that has none.</summary>
/// <param name="Loosened">Its columns that need no value without it.</param>
public sealed record AddKey(string TableName, ImmutableArray<string> Columns, ImmutableArray<string> Loosened) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Key;

    public override Verdict Verdict => Verdict.NeedsScan;

    public override Text Words => new(
        $"make {string.Join(", ", Columns)} the key of {TableName}",
        $"faire de {string.Join(", ", Columns)} la clé de {TableName}");

    public override string Sql => $"ALTER TABLE {SchemaNames.Table(TableName)} ADD CONSTRAINT {Name} PRIMARY KEY ({SchemaNames.List(Columns)})";

    public override string Down =>
        $"ALTER TABLE {SchemaNames.Table(TableName)} DROP CONSTRAINT {Name}{SchemaNames.Loosen(Loosened)}";

    public override string CountOffenders =>
        $"SELECT count(*) FROM (SELECT FROM {SchemaNames.Table(TableName)} GROUP BY {SchemaNames.List(Columns)} HAVING count(*) > 1) AS twice";

    private string Name => Postgres.Sql.Identifier(SchemaNames.For("pk", TableName));
}

/// <summary>A table whose key is another than the blueprint's. References to the old key stand in the way.</summary>
/// <param name="From">The key that is there.</param>
/// <param name="Loosened">Columns of the old key that need no value any more.</param>
/// <param name="Tightened">Columns of the new key that needed none before.</param>
public sealed record ChangeKey(
    string TableName, PartShape From, ImmutableArray<string> To, ImmutableArray<string> Loosened, ImmutableArray<string> Tightened) : SchemaStep
{
    public override string? Table => TableName;

    public override StepOrder Order => StepOrder.Key;

    public override Verdict Verdict => Verdict.NeedsScan;

    public override Text Words => new(
        $"change the key of {TableName} from {string.Join(", ", From.Columns)} to {string.Join(", ", To)}",
        $"changer la clé de {TableName} de {string.Join(", ", From.Columns)} en {string.Join(", ", To)}");

    public override string Sql =>
        $"{Replace(From.Name, Name, $"PRIMARY KEY ({SchemaNames.List(To)})")}{SchemaNames.Loosen(Loosened)};\nSELECT socle_system.refresh_history()";

    public override string Down =>
        $"{Replace(Name, From.Name, From.Definition)}{SchemaNames.Loosen(Tightened)};\nSELECT socle_system.refresh_history()";

    public override string CountOffenders =>
        $"SELECT count(*) FROM (SELECT FROM {SchemaNames.Table(TableName)} GROUP BY {SchemaNames.List(To)} HAVING count(*) > 1) AS twice";

    private string Name => SchemaNames.For("pk", TableName);

    private string Replace(string gone, string made, string definition) =>
        $"ALTER TABLE {SchemaNames.Table(TableName)} DROP CONSTRAINT {Postgres.Sql.Identifier(gone)}, ADD CONSTRAINT {Postgres.Sql.Identifier(made)} {definition}";
}
