using Socle.Kernel;

namespace Socle.Schema;

/// <summary>What a step costs whoever uses the database.</summary>
public enum Verdict
{
    /// <summary>Done in a moment, whatever the table's size.</summary>
    Harmless,

    /// <summary>Reads or rewrites every row, and holds writers off meanwhile.</summary>
    NeedsScan,

    /// <summary>Takes a field or table out of sight and keeps it for 30 days.</summary>
    MovesAside,

    /// <summary>Would lose values: it is done when somebody says so.</summary>
    LosesValues,
}

/// <summary>The lock that a step takes on its table: who waits until the transaction ends.</summary>
public enum TableLock
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>Writers.</summary>
    Share,

    /// <summary>Writers, on the other table of a reference too.</summary>
    ShareRowExclusive,

    /// <summary>Everybody.</summary>
    AccessExclusive,
}

/// <summary>The order in which kinds of steps are taken. What leaves makes room first.</summary>
public enum StepOrder
{
    Extension,
    RulesOff,
    Leave,
    Move,
    Rename,
    Table,
    Column,
    Drop,
    PartName,
    Type,
    Default,
    Number,
    Formula,
    Required,
    Key,
    Check,
    Index,
    ForeignKey,
    Trigger,
    Metadata,
    Limit,
    Rules,
    History,
    Access,
    View,
    Sample,
}

/// <summary>One change of the schema, as data: its way up and its way down.</summary>
public abstract record SchemaStep
{
    /// <summary>The table it changes; null when it is none in particular.</summary>
    public abstract string? Table { get; }

    public abstract StepOrder Order { get; }

    /// <summary>What it does, in words that begin with a verb: "add the field clients.email".</summary>
    public abstract Text Words { get; }

    /// <summary>How it is done. Statements that can run inside a transaction.</summary>
    public abstract string Sql { get; }

    /// <summary>How it is taken back, when all later steps are; empty when nothing needs to be.</summary>
    public abstract string Down { get; }

    public virtual Verdict Verdict => Verdict.Harmless;

    public virtual TableLock Lock => TableLock.AccessExclusive;

    /// <summary>The tables that it locks. Nobody waits for one that the same plan makes.</summary>
    public virtual IEnumerable<string> Locked => Lock == TableLock.None || Table is null || IsOnNewTable ? [] : [Table];

    public bool IsOnNewTable { get; init; }

    /// <summary>The rows that it reads or writes; null while nobody counted.</summary>
    public long? Rows { get; init; } = 0;

    /// <summary>The values that would be gone; null while nobody counted.</summary>
    public long? Losses { get; init; } = 0;

    /// <summary>SQL that counts the rows it touches; null when it touches none.</summary>
    public virtual string? CountRows => Verdict == Verdict.Harmless || Table is null ? null : $"SELECT count(*) FROM {SchemaNames.Table(Table)}";

    /// <summary>SQL that counts the values that it would lose; null when it loses none.</summary>
    public virtual string? CountLosses => null;

    /// <summary>SQL that counts the values that its way down would lose, with "socle_aside" for the hidden column; null when it loses none.</summary>
    public virtual string? CountDownLosses => null;

    /// <summary>SQL that counts the rows which stand in the way, for when the step fails on them; null when none can.</summary>
    public virtual string? CountOffenders => null;

    /// <summary>Not taken again when the migration comes up again: what it did came back with the tables.</summary>
    public virtual bool IsOnce => false;

    /// <summary>Leaves nothing to take down, and is no change that anybody asked for.</summary>
    public virtual bool IsHousekeeping => false;
}
