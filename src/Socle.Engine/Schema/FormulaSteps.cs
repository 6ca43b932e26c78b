using Socle.Kernel;

namespace Socle.Schema;

/// <summary>Another formula for a computed column. PostgreSQL 15 changes none, so the column is made anew, with the indexes and constraints that hang on it.</summary>
/// <param name="When">Among which steps: twice where a column that the formula looks at changes its type in between.</param>
public sealed record ChangeFormula(string TableName, ColumnShape From, ColumnShape To, StepOrder When) : FieldStep(TableName, To.Name)
{
    public override StepOrder Order => When;

    public override Verdict Verdict => Verdict.NeedsScan;

    public override Text Words => new($"compute {Name} anew", $"recalculer {Name}");

    public override string Sql => Make(To);

    public override string Down => Make(From);

    /// <summary>The same column while it computes nothing, and so stands in no other's way.</summary>
    public static ColumnShape Nothing(ColumnShape column) => column with { Generated = $"NULL::{column.Type}", Inputs = [] };

    private string Make(ColumnShape shape) =>
        $"SELECT socle_system.change_formula({Arguments}, {Postgres.Sql.Literal(AddField.Definition(shape with { Name = Column }))})";
}

/// <summary>A computed field that nobody asks for any more. Nothing is lost: it can be computed again.</summary>
/// <param name="Told">What is kept of the table.</param>
public sealed record DropFormula(string TableName, ColumnShape Shape, TableMetadata? Told) : FieldStep(TableName, Shape.Name)
{
    public override StepOrder Order => StepOrder.Leave;

    public override Text Words => new($"drop the computed field {Name}", $"supprimer le champ calculé {Name}");

    public override string Sql => $"SELECT socle_system.drop_formula({Arguments})";

    public override string Down
    {
        get
        {
            var add = $"{Alter} ADD COLUMN {AddField.Definition(Shape)}";
            return Told?.FindField(Column) is { } row ? $"{add};\n{DescribeTable.Write(TableName, Told, row)}" : add;
        }
    }
}

/// <summary>Begins to number records, goes on otherwise, or ends. Records without a number get theirs, in the order in which they were made.</summary>
/// <param name="To">Null when records are no longer numbered; what they have stays.</param>
/// <param name="From">Until now; null when they were not.</param>
public sealed record SetNumber(string TableName, string Column, NumberShape? To, NumberShape? From) : FieldStep(TableName, Column)
{
    /// <summary>It goes before the field that it numbers.</summary>
    public bool IsLeaving { get; init; }

    public override StepOrder Order => IsLeaving ? StepOrder.Leave : StepOrder.Number;

    public override Verdict Verdict => To is null ? Verdict.Harmless : Verdict.NeedsScan;

    public override Text Words => To is null
        ? new($"number {Name} no longer", $"ne plus numéroter {Name}")
        : new($"number {Name} as {To.Format}{(To.IsGapless ? ", without gaps" : "")}", $"numéroter {Name} selon {To.Format}{(To.IsGapless ? ", sans trous" : "")}");

    public override string Sql => Set(To);

    public override string Down => Set(From);

    private string Set(NumberShape? shape) => shape is null
        ? $"SELECT socle_system.stop_numbers({Arguments})"
        : $"SELECT socle_system.start_numbers({Arguments}, {Postgres.Sql.Literal(shape.Format)}, {Postgres.Sql.Literal(shape.Zone)}, {(shape.IsGapless ? "true" : "false")})";
}
