using System.Collections.Immutable;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Schema;

/// <summary>
/// A table in the words of PostgreSQL's catalog: what a blueprint wants and what a database has are
/// both told in it, so that the difference is a comparison. SQL texts are in the form in which
/// PostgreSQL prints them (see <see cref="SchemaReading"/>).
/// </summary>
/// <param name="Columns">The columns in order; those moved aside are none.</param>
/// <param name="Key">The primary key's columns; empty when there is none.</param>
/// <param name="KeepsUpdatedAt">A trigger sets updated_at on each update.</param>
/// <param name="Metadata">What Socle itself keeps of the table; null when it was never told.</param>
/// <param name="KeepsHistory">Every change of its records is kept.</param>
public sealed record TableShape(
    string Name,
    ImmutableArray<ColumnShape> Columns,
    ImmutableArray<string> Key,
    ImmutableArray<IndexShape> Indexes,
    ImmutableArray<CheckShape> Checks,
    ImmutableArray<ForeignKeyShape> ForeignKeys,
    bool KeepsUpdatedAt,
    TableMetadata? Metadata,
    bool KeepsHistory = false)
{
    /// <summary>A trigger looks at the files that its records point to.</summary>
    public bool HoldsFiles { get; init; }

    /// <summary>Everything that hangs on the table's columns, as the database has it; none of a table that is only wanted.</summary>
    public ImmutableArray<PartShape> Parts { get; init; } = [];

    /// <summary>Fields that take only what is there in another table.</summary>
    public ImmutableArray<LimitShape> Limits { get; init; } = [];

    /// <summary>Its conditional rules, in their order.</summary>
    public ImmutableArray<KeptRule> Rules { get; init; } = [];

    public ColumnShape? FindColumn(string name) => Columns.FirstOrDefault(column => column.Name == name);

    public PartShape? FindPart(string name) => Parts.FirstOrDefault(part => part.Name == name && !part.IsInbound);
}

/// <param name="Type">As format_type prints it.</param>
/// <param name="Default">The expression, or null.</param>
/// <param name="IsComputed">An identity or generated column: PostgreSQL fills it, and it has no default to compare.</param>
public sealed record ColumnShape(string Name, string Type, bool IsRequired, string? Default, bool IsComputed = false)
{
    /// <summary>The expression of a generated column; null of any other.</summary>
    public string? Generated { get; init; }

    /// <summary>The columns that the expression looks at, as the database has it; none of a column that is only wanted.</summary>
    public ImmutableArray<string> Inputs { get; init; } = [];

    /// <summary>How new records are numbered here; null where they are not.</summary>
    public NumberShape? Number { get; init; }
}

/// <summary>Numbers that the database gives new records.</summary>
/// <param name="Format">How they are written.</param>
/// <param name="Zone">Whose calendar they go by.</param>
/// <param name="IsGapless">Each follows the one before, whatever is rolled back.</param>
public sealed record NumberShape(string Format, string Zone, bool IsGapless)
{
    /// <summary>The server's own TIMEZONE where nobody says otherwise.</summary>
    public const string UsualZone = "Europe/Paris";
}

/// <param name="Definition">What follows USING: <c>btree (lower(email))</c>.</param>
/// <param name="IsOurs">Made from a blueprint, and so dropped when the blueprint no longer asks for it.</param>
/// <param name="IsConstraint">Belongs to a UNIQUE constraint.</param>
public sealed record IndexShape(string Name, bool IsUnique, string Definition, bool IsOurs = true, bool IsConstraint = false);

/// <param name="Definition">The whole constraint: <c>CHECK (…)</c>.</param>
public sealed record CheckShape(string Name, string Definition, bool IsOurs = true);

/// <param name="Target">The referenced table; its id is meant.</param>
/// <param name="OnDelete"><c>RESTRICT</c>, <c>CASCADE</c>, <c>SET NULL</c>, or what else the database has.</param>
public sealed record ForeignKeyShape(string Name, string Column, string Target, string OnDelete, bool IsOurs = true);

/// <summary>A field that takes only values which are there in another table.</summary>
/// <param name="Name">What faults call it.</param>
/// <param name="Source">The other table.</param>
/// <param name="SourceField">Its field that holds the values.</param>
/// <param name="Filter">Which of its records count, in the query grammar; null for all.</param>
/// <param name="Condition">The same as SQL in pieces: text, a field of the other table, text, …</param>
public sealed record LimitShape(string Name, string Field, string Source, string SourceField, string? Filter, ImmutableArray<string> Condition)
{
    /// <summary>Whether it lets through what the other does, whatever the two are called.</summary>
    public bool IsSame(LimitShape other) => (Source, SourceField, Filter) == (other.Source, other.SourceField, other.Filter);
}

/// <summary>An index or constraint, whoever made it, or the trigger that keeps updated_at, with all that is needed to make it again.</summary>
/// <param name="Owner">The table that has it, as SQL text.</param>
/// <param name="IsIndex">An index that is no constraint's.</param>
/// <param name="IsTrigger">The trigger that keeps updated_at.</param>
/// <param name="IsPrimary">The primary key.</param>
/// <param name="IsReference">A foreign key; of another table when <paramref name="IsInbound"/>.</param>
/// <param name="IsInbound">A foreign key from another table to this one.</param>
/// <param name="HoldsDeletes">Refuses that records of the other table are deleted.</param>
/// <param name="Columns">Those of this table that it speaks of.</param>
/// <param name="Definition">A whole CREATE INDEX or CREATE TRIGGER, or what follows the constraint's name.</param>
/// <param name="Comment">Its comment, or null.</param>
public sealed record PartShape(
    string Name,
    string Owner,
    bool IsIndex,
    bool IsTrigger,
    bool IsPrimary,
    bool IsReference,
    bool IsInbound,
    bool HoldsDeletes,
    ImmutableArray<string> Columns,
    string Definition,
    string? Comment);

/// <param name="Blueprint">The blueprint that described it last.</param>
/// <param name="Search">The columns that q searches; null means every text column.</param>
/// <param name="Fields">The fields in the order in which people see them.</param>
/// <param name="Key">The name that outlives renames; null where a blueprint does not say.</param>
/// <param name="MadeBy">The blueprint that made the table, not only described it.</param>
public sealed record TableMetadata(
    string? Blueprint, Label Label, ImmutableArray<string>? Search, ImmutableArray<FieldMetadata> Fields, string? Key = null, string? MadeBy = null)
{
    /// <summary>Asked for by somebody, and by no blueprint: a blueprint that describes the table goes on doing so, and drops nothing of what is new.</summary>
    public bool IsByHand { get; init; }

    public FieldMetadata? FindField(string name) => Fields.FirstOrDefault(field => field.Name == name);
}

/// <param name="Settings">FieldSettings as JSON.</param>
/// <param name="Key">The name that outlives renames; null where a blueprint does not say.</param>
/// <param name="MadeBy">The blueprint that made the column, not only described it.</param>
/// <param name="Position">The number that orders it among the others, as the database has it; null for one that is only wanted.</param>
public sealed record FieldMetadata(string Name, string Type, Label Label, string Settings, string? Key = null, string? MadeBy = null, int? Position = null)
{
    /// <summary>Whether there is no column behind it.</summary>
    public bool IsComputed => FieldTypeRegistry.Find(Type) is { HasColumn: false };
}

/// <summary>What people call something, or nulls where nobody said.</summary>
public readonly record struct Label(string? English, string? French)
{
    public static Label From(Text? text) => new(text?.English, text?.French);

    /// <summary>A missing language borrows the other's.</summary>
    public Text? ToText() => (English ?? French) is { } any ? new Text(English ?? any, French ?? any) : null;
}
