using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Catalog;

/// <summary>One column.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="ApiName">The name on the camelCase doors.</param>
/// <param name="ColumnType">The column's PostgreSQL type.</param>
/// <param name="Type">What the field means: how it is checked, filtered and shown.</param>
/// <param name="Settings">What the blueprint says of it beyond its type.</param>
/// <param name="IsRequired">NOT NULL.</param>
/// <param name="Default">The column's default as SQL text, from the catalog; null when none.</param>
/// <param name="IsReadOnly">Kept by the database (generated columns; autonumbers; updated_at and created_at where a blueprint asked for them): sent values must equal the stored ones.</param>
/// <param name="IsIdentity">GENERATED … AS IDENTITY.</param>
/// <param name="FindLabel">What the blueprint calls it, if it says.</param>
public sealed record FieldSnapshot(
    string Name,
    string ApiName,
    PgType ColumnType,
    FieldType Type,
    FieldSettings Settings,
    bool IsRequired,
    string? Default,
    bool IsReadOnly,
    bool IsIdentity,
    Text? FindLabel = null)
{
    /// <summary>The quoted name.</summary>
    public string SqlName { get; } = Sql.Identifier(Name);

    /// <summary>The column's name. Its text in SQL is made with it, so it never changes.</summary>
    public string Name { get; } = Name;

    /// <summary>Its text to write is made with it, so it changes only through <see cref="At"/>.</summary>
    public string ApiName { get; } = ApiName;

    /// <summary>The name on the camelCase doors, ready to be written.</summary>
    public JsonEncodedText ApiKey { get; } = JsonEncodedText.Encode(ApiName, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    /// <summary>What its type works on.</summary>
    public FieldShape Shape { get; } = new(ColumnType, Settings);

    /// <summary>Its place among the table's fields.</summary>
    public int Ordinal { get; init; }

    /// <summary>The number that orders it among the others, where somebody said.</summary>
    public int? Position { get; init; }

    /// <summary>How it is computed from other tables; null for a column.</summary>
    public FieldWay? Way { get; init; }

    /// <summary>What people call it; the name itself when nobody said.</summary>
    public Text Label => FindLabel ?? new Text(Name, Name);

    /// <summary>Whether a statement may give it a value at all; what is merely kept (created_at, a number) is given where it brings none.</summary>
    public bool IsInsertable => !IsReadOnly || Type is AutonumberField || (Default is not null && !IsIdentity);

    /// <summary>A field is itself and no other: comparing all that is known of two would only cost time.</summary>
    public bool Equals(FieldSnapshot? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The same column, placed and named among the others.</summary>
    public FieldSnapshot At(int ordinal, string apiName) =>
        new(Name, apiName, ColumnType, Type, Settings, IsRequired, Default, IsReadOnly, IsIdentity, FindLabel) { Ordinal = ordinal, Position = Position, Way = Way };

    public override string ToString() => Name;
}
