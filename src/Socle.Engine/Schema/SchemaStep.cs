using Socle.Kernel;

namespace Socle.Schema;

/// <summary>What a step costs whoever uses the database.</summary>
public enum Verdict
{
    /// <summary>Done in a moment, whatever the table's size.</summary>
    Harmless,

    /// <summary>Reads or rewrites every row, and holds writers off meanwhile.</summary>
    NeedsScan,

    /// <summary>Would lose values, or could: it is shown and not done.</summary>
    LosesValues,
}

/// <summary>The order in which kinds of steps are taken.</summary>
public enum StepOrder
{
    Extension,
    Table,
    Column,
    Drop,
    Type,
    Default,
    Required,
    Key,
    Check,
    Index,
    ForeignKey,
    Trigger,
    Metadata,
    Sample,
}

/// <summary>One change of the schema, as data.</summary>
public abstract record SchemaStep
{
    /// <summary>The table it changes; null when it is none in particular.</summary>
    public abstract string? Table { get; }

    public abstract StepOrder Order { get; }

    /// <summary>What it does, in words that begin with a verb: "add the field clients.email".</summary>
    public abstract Text Words { get; }

    /// <summary>How it is done. Statements that can run inside a transaction.</summary>
    public abstract string Sql { get; }

    public virtual Verdict Verdict => Verdict.Harmless;

    /// <summary>The table's rows, about; null when PostgreSQL has no estimate.</summary>
    public long? Rows { get; init; } = 0;

    /// <summary>SQL that counts the rows which stand in the way, for when the step fails on them; null when none can.</summary>
    public virtual string? CountOffenders => null;
}
