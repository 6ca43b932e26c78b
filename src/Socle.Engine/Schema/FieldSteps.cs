using Socle.Kernel;

namespace Socle.Schema;

/// <summary>A step on one column of one table.</summary>
public abstract record FieldStep(string TableName, string Column) : SchemaStep
{
    public override string? Table => TableName;

    protected string Name => $"{TableName}.{Column}";

    protected string Alter => $"ALTER TABLE {SchemaNames.Table(TableName)}";

    protected string Quoted => Postgres.Sql.Identifier(Column);

    /// <summary>The first arguments of the functions in 0003_migrations.sql.</summary>
    protected string Arguments => $"{SchemaNames.Relation(TableName)}, {Postgres.Sql.Literal(Column)}";
}

public sealed record AddField(string TableName, ColumnShape Shape) : FieldStep(TableName, Shape.Name)
{
    /// <summary>A computed column needs those that it looks at.</summary>
    public override StepOrder Order => Shape.Generated is null ? StepOrder.Column : StepOrder.Formula;

    /// <summary>PostgreSQL stores a constant (or now(), which is one for the statement) once for all rows there are; a random value must be written into each.</summary>
    public override Verdict Verdict => IsRandom || Shape is { Generated: not null } or { IsRequired: true, Default: null } ? Verdict.NeedsScan : Verdict.Harmless;

    public override Text Words => new($"add the field {Name} ({Shape.Type})", $"ajouter le champ {Name} ({Shape.Type})");

    public override string Sql => $"{Alter} ADD COLUMN {Definition(Shape)}";

    /// <summary>What was computed needs no keeping.</summary>
    public override string Down => $"SELECT socle_system.{(Shape.Generated is null ? "take_field_off" : "drop_formula")}({Arguments})";

    /// <summary>Required and without a default, it fails on any row.</summary>
    public override string CountOffenders => $"SELECT count(*) FROM {SchemaNames.Table(TableName)}";

    private bool IsRandom => Shape.Default?.Contains("gen_random_uuid()", StringComparison.Ordinal) == true;

    internal static string Definition(ColumnShape column) =>
        $"{Postgres.Sql.Identifier(column.Name)} {column.Type}{(column.Generated is null ? "" : $" GENERATED ALWAYS AS ({column.Generated}) STORED")}{(column.Default is null ? "" : $" DEFAULT {column.Default}")}{(column.IsRequired ? " NOT NULL" : "")}";
}

/// <param name="Default">The expression; null takes the default away.</param>
/// <param name="Before">The expression until now; null when there was none.</param>
public sealed record SetDefault(string TableName, string Column, string? Default, string? Before) : FieldStep(TableName, Column)
{
    public override StepOrder Order => StepOrder.Default;

    public override Text Words => Default is null
        ? new($"take away the default of {Name}", $"retirer la valeur par défaut de {Name}")
        : new($"set the default of {Name} to {Default}", $"mettre {Default} comme valeur par défaut de {Name}");

    public override string Sql => Set(Default);

    public override string Down => Set(Before);

    private string Set(string? expression) => $"{Alter} ALTER COLUMN {Quoted} {(expression is null ? "DROP DEFAULT" : $"SET DEFAULT {expression}")}";
}

public sealed record SetRequired(string TableName, string Column, bool IsRequired) : FieldStep(TableName, Column)
{
    public override StepOrder Order => StepOrder.Required;

    public override Verdict Verdict => IsRequired ? Verdict.NeedsScan : Verdict.Harmless;

    public override Text Words => IsRequired
        ? new($"make {Name} required", $"rendre {Name} obligatoire")
        : new($"make {Name} optional", $"rendre {Name} facultatif");

    public override string Sql => Set(IsRequired);

    public override string Down => Set(!IsRequired);

    public override string CountOffenders => $"SELECT count(*) FROM {SchemaNames.Table(TableName)} WHERE {Quoted} IS NULL";

    private string Set(bool isRequired) => $"{Alter} ALTER COLUMN {Quoted} {(isRequired ? "SET" : "DROP")} NOT NULL";
}

/// <summary>A field that the blueprint no longer has: its column gets a hidden name and waits for 30 days.</summary>
public sealed record DropField(string TableName, string Column) : FieldStep(TableName, Column)
{
    public override StepOrder Order => StepOrder.Move;

    public override Verdict Verdict => Verdict.MovesAside;

    public override Text Words => new($"drop the field {Name}", $"supprimer le champ {Name}");

    public override string Sql => $"SELECT socle_system.move_field_aside({Arguments})";

    public override string Down => "SELECT socle_system.bring_back(socle_system.find_aside('field'))";

    public override string CountLosses => $"SELECT count({Quoted}) FROM {SchemaNames.Table(TableName)}";
}

/// <summary>The same column under another name, with its values and all that hangs on it.</summary>
public sealed record RenameField(string TableName, string Column, string To) : FieldStep(TableName, Column)
{
    public override StepOrder Order => StepOrder.Rename;

    public override Text Words => new($"rename the field {Name} to {To}", $"renommer le champ {Name} en {To}");

    public override string Sql => Rename(Column, To);

    public override string Down => Rename(To, Column);

    private string Rename(string from, string to) =>
        $"{Alter} RENAME COLUMN {Postgres.Sql.Identifier(from)} TO {Postgres.Sql.Identifier(to)};\nSELECT socle_system.refresh_fields(), socle_system.refresh_history(), socle_system.refresh_rules()";
}
