using System.Collections.Immutable;
using System.Text.Json;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Blueprints;

/// <summary>What somebody asked a database to look like: tables, their fields, indexes and sample records. Read by <see cref="BlueprintReader"/>, and right by then.</summary>
/// <param name="Source">The text it was read from.</param>
public sealed record Blueprint(string Name, Text? Label, ImmutableArray<TableBlueprint> Tables, string Source = "")
{
    /// <summary>Tables that somebody else made and keeps.</summary>
    public ImmutableArray<AdoptedTable> Adopted { get; init; } = [];

    public ImmutableArray<RoleBlueprint> Roles { get; init; } = [];

    /// <summary>Whether it says who may do what.</summary>
    public bool GovernsAccess => !Roles.IsEmpty || !Policies.IsEmpty;

    /// <summary>One for each role and table that the blueprint governs.</summary>
    public ImmutableArray<PolicyBlueprint> Policies { get; init; } = [];

    public ImmutableArray<DashboardBlueprint> Dashboards { get; init; } = [];

    /// <summary>Defaults of the server's settings while it serves this blueprint, by environment variable.</summary>
    public ImmutableDictionary<string, string> Settings { get; init; } = ImmutableDictionary<string, string>.Empty;
}

/// <summary>A table that is only described: what its fields mean, and nothing of how it is made.</summary>
public sealed record AdoptedTable(string Name, Text? Label, ImmutableArray<AdoptedField> Fields, int Line);

public sealed record AdoptedField(string Name, FieldType Type, FieldSettings Settings, Text? Label, int Line);

/// <param name="Id">The name that outlives renames, where it is said.</param>
/// <param name="KeepsHistory">Every change of its records is kept.</param>
/// <param name="Fields">All fields in column order, those that every table has among them.</param>
/// <param name="Key">The fields of the primary key.</param>
/// <param name="Search">The fields that q searches; null means every text field.</param>
/// <param name="HasTimestamps">created_at and updated_at are kept.</param>
public sealed record TableBlueprint(
    string Name,
    Text? Label,
    ImmutableArray<FieldBlueprint> Fields,
    ImmutableArray<string> Key,
    ImmutableArray<string>? Search,
    bool HasTimestamps,
    ImmutableArray<IndexBlueprint> Indexes,
    ImmutableArray<SampleBlueprint> Sample,
    int Line,
    string? Id = null,
    bool KeepsHistory = true)
{
    /// <summary>Records that the table has from the beginning, whether or not anybody asks for samples.</summary>
    public ImmutableArray<SampleBlueprint> Records { get; init; } = [];

    public ImmutableArray<ViewBlueprint> Views { get; init; } = [];

    /// <summary>What records must be when they meet a condition.</summary>
    public ImmutableArray<Rule> Rules { get; init; } = [];

    public FieldBlueprint? FindField(string name) => Fields.FirstOrDefault(field => field.Name == name);
}

/// <param name="Id">The name that outlives renames, where it is said.</param>
/// <param name="Default">What a record gets that does not say; null when nothing.</param>
/// <param name="IsIndexed">Asked for or refused by <c>index:</c>; null when the blueprint does not say.</param>
public sealed record FieldBlueprint(
    string Name,
    FieldType Type,
    FieldSettings Settings,
    Text? Label,
    bool IsRequired,
    Uniqueness Uniqueness,
    FieldDefault? Default,
    bool? IsIndexed,
    OnDelete OnDelete,
    int Line,
    string? Id = null);

public enum Uniqueness
{
    None,
    Exact,
    IgnoreCase,
}

/// <summary>What becomes of a record when the one it refers to is deleted.</summary>
public enum OnDelete
{
    Restrict,
    Cascade,
    SetNull,
}

public abstract record FieldDefault
{
    /// <summary>A constant, as text that PostgreSQL reads as the field's type.</summary>
    public sealed record Constant(string Text) : FieldDefault;

    /// <summary>The moment of the insert.</summary>
    public sealed record Now : FieldDefault;

    /// <summary>The day of the insert.</summary>
    public sealed record Today : FieldDefault;

    /// <summary>A new random UUID.</summary>
    public sealed record NewUuid : FieldDefault;
}

public sealed record IndexBlueprint(ImmutableArray<IndexTerm> Terms, bool IsUnique, int Line);

public readonly record struct IndexTerm(string Field, bool IsDescending);

/// <summary>A record to begin with.</summary>
public sealed record SampleBlueprint(ImmutableArray<SampleValue> Values, int Line)
{
    public JsonElement? Find(string field)
    {
        foreach (var value in Values)
        {
            if (value.Field == field)
                return value.Json;
        }

        return null;
    }
}

public readonly record struct SampleValue(string Field, JsonElement Json, int Line);
