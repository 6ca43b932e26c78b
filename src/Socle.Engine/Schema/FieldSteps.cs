using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Schema;

/// <summary>A step on one column of one table.</summary>
public abstract record FieldStep(string TableName, string Column) : SchemaStep
{
    public override string? Table => TableName;

    protected string Name => $"{TableName}.{Column}";

    protected string Alter => $"ALTER TABLE {SchemaNames.Table(TableName)}";

    protected string Quoted => Postgres.Sql.Identifier(Column);
}

public sealed record AddField(string TableName, ColumnShape Shape) : FieldStep(TableName, Shape.Name)
{
    public override StepOrder Order => StepOrder.Column;

    /// <summary>PostgreSQL stores a constant (or now(), which is one for the statement) once for all rows there are; a random value must be written into each.</summary>
    public override Verdict Verdict => IsRandom || Shape is { IsRequired: true, Default: null } ? Verdict.NeedsScan : Verdict.Harmless;

    public override Text Words => new($"add the field {Name} ({Shape.Type})", $"ajouter le champ {Name} ({Shape.Type})");

    public override string Sql => $"{Alter} ADD COLUMN {Definition(Shape)}";

    /// <summary>Required and without a default, it fails on any row.</summary>
    public override string CountOffenders => $"SELECT count(*) FROM {SchemaNames.Table(TableName)}";

    private bool IsRandom => Shape.Default?.Contains("gen_random_uuid()", StringComparison.Ordinal) == true;

    internal static string Definition(ColumnShape column) =>
        $"{Postgres.Sql.Identifier(column.Name)} {column.Type}{(column.Default is null ? "" : $" DEFAULT {column.Default}")}{(column.IsRequired ? " NOT NULL" : "")}";
}

/// <summary>Another type for a column. <see cref="TypeChange"/> says what that costs.</summary>
public sealed record ChangeType(string TableName, string Column, string From, string To) : FieldStep(TableName, Column)
{
    public override StepOrder Order => StepOrder.Type;

    public override Verdict Verdict => TypeChange.Judge(From, To);

    public override Text Words => new($"change {Name} from {From} to {To}", $"changer {Name} de {From} en {To}");

    public override string Sql => $"{Alter} ALTER COLUMN {Quoted} TYPE {To} USING {Quoted}::{To}";
}

/// <param name="Default">The expression; null takes the default away.</param>
public sealed record SetDefault(string TableName, string Column, string? Default) : FieldStep(TableName, Column)
{
    public override StepOrder Order => StepOrder.Default;

    public override Text Words => Default is null
        ? new($"take away the default of {Name}", $"retirer la valeur par défaut de {Name}")
        : new($"set the default of {Name} to {Default}", $"mettre {Default} comme valeur par défaut de {Name}");

    public override string Sql => $"{Alter} ALTER COLUMN {Quoted} {(Default is null ? "DROP DEFAULT" : $"SET DEFAULT {Default}")}";
}

public sealed record SetRequired(string TableName, string Column, bool IsRequired) : FieldStep(TableName, Column)
{
    public override StepOrder Order => StepOrder.Required;

    public override Verdict Verdict => IsRequired ? Verdict.NeedsScan : Verdict.Harmless;

    public override Text Words => IsRequired
        ? new($"make {Name} required", $"rendre {Name} obligatoire")
        : new($"make {Name} optional", $"rendre {Name} facultatif");

    public override string Sql => $"{Alter} ALTER COLUMN {Quoted} {(IsRequired ? "SET" : "DROP")} NOT NULL";

    public override string CountOffenders => $"SELECT count(*) FROM {SchemaNames.Table(TableName)} WHERE {Quoted} IS NULL";
}
