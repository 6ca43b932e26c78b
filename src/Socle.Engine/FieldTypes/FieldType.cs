using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>
/// One kind of field: everything the server knows about it stands in its one file here.
/// Takes values as callers write them, gives nothing but a verdict (PostgreSQL converts them),
/// refuses what PostgreSQL would refuse later with a worse message.
/// </summary>
public abstract class FieldType
{
    /// <summary>The name in blueprints and in the schema API.</summary>
    public abstract string Name { get; }

    /// <summary>The column type that a new field gets, as SQL text.</summary>
    public abstract string ColumnType(FieldSettings settings);

    /// <summary>Whether a field of this type is a column; one that is not is computed whenever it is read.</summary>
    public virtual bool HasColumn => true;

    /// <summary>What a right value looks like, for messages: "a date such as 2026-12-31".</summary>
    public abstract Text Expects(FieldShape field);

    /// <summary>Whether a JSON value other than null is one of this field.</summary>
    public abstract bool Accepts(JsonElement value, FieldShape field);

    /// <summary>Whether the text in a filter (<c>eq.…</c>) is a value of this field.</summary>
    public abstract bool AcceptsText(ReadOnlySpan<char> text, PgType type);

    /// <summary>Whether text, as a file or a JSON string has it, is a value of this field.</summary>
    public virtual bool AcceptsWritten(ReadOnlySpan<char> text, FieldShape field) => AcceptsText(text, field.ColumnType);

    /// <summary>The JSON Schema (2020-12) of the values in answers.</summary>
    public abstract JsonObject Schema(FieldShape field);

    /// <summary>The CHECK that keeps the field's values right in the database, as SQL over the quoted column; null when the column type says it all.</summary>
    public virtual string? CheckExpression(string quotedColumn, FieldSettings settings) => null;

    /// <summary>The table whose records its values are the ids of, held by a foreign key: one of the blueprint's, or of Socle's own with its schema. Null when it is none.</summary>
    public virtual string? FindTarget(FieldSettings settings) => null;

    /// <summary>Which fault a refused value is. A broken list of choices is a broken check; anything else is no value of the type.</summary>
    public virtual FaultCode RefusalCode => FaultCode.InvalidValue;

    /// <summary>Null when the value may be stored, else the fault for <paramref name="path"/>.</summary>
    public Fault? Check(JsonElement value, FieldShape field, string path)
    {
        if (value.ValueKind == JsonValueKind.Null || Accepts(value, field))
            return null;
        var expected = Expects(field);
        return new Fault(
            RefusalCode,
            $"'{path}' expects {expected.English}.",
            $"« {path} » attend {expected.French}.",
            path);
    }
}

/// <summary>What a field's type works on: the column's PostgreSQL type, and what the blueprint adds to it.</summary>
public sealed record FieldShape(PgType ColumnType, FieldSettings Settings);

/// <summary>What a blueprint says of a field beyond its type; kept as JSON beside the catalog.</summary>
/// <param name="Choices">The values of a choice field, in order.</param>
/// <param name="Precision">The most digits of a decimal, in all.</param>
/// <param name="Scale">The digits of a decimal after the point.</param>
/// <param name="Target">The table that a reference field points to.</param>
public sealed record FieldSettings(
    IReadOnlyList<Choice>? Choices = null,
    int? Precision = null,
    int? Scale = null,
    string? Target = null)
{
    /// <summary>The currency of an amount, as ISO 4217 has it.</summary>
    public string? Currency { get; init; }

    /// <summary>The most of a rating.</summary>
    public int? Max { get; init; }

    /// <summary>How an autonumber is written: <c>DEV-{yyyy}-{0000}</c>.</summary>
    public string? Format { get; init; }

    /// <summary>True for an autonumber that leaves no gaps; null otherwise.</summary>
    public bool? Gapless { get; init; }

    /// <summary>Whose calendar an autonumber goes by.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What a formula field computes, as written.</summary>
    public string? Formula { get; init; }

    /// <summary>What a formula gives: number, text, boolean, date or moment.</summary>
    public string? Result { get; init; }

    public static FieldSettings None { get; } = new();

    /// <summary>What files a file field takes: media types, kinds (<c>image/*</c>) and endings (<c>.docx</c>); null for any.</summary>
    public IReadOnlyList<string>? Accept { get; init; }

    /// <summary>The same as media types and kinds, which the database looks at.</summary>
    public IReadOnlyList<string>? AcceptedTypes => Accept is null ? null : FileEndings.TypesOf(Accept);

    /// <summary>The largest file that a file field takes, in bytes.</summary>
    public long? MaxSize { get; init; }

    /// <summary>Of a lookup the reference that leads to the other record; of a rollup the reference that leads here, with its table: <c>contracts.client_id</c>.</summary>
    public string? Through { get; init; }

    /// <summary>The field of the other table that a lookup shows or a rollup computes over.</summary>
    public string? Field { get; init; }

    /// <summary>What a rollup makes of the values; one of <see cref="RollupField.Functions"/>.</summary>
    public string? Function { get; init; }

    /// <summary>In the query grammar, over the other table: the records that a rollup counts, or that a reference may lead to.</summary>
    public string? Where { get; init; }

    /// <summary>The table whose rows are the values of a choice field.</summary>
    public ChoiceSource? ChoicesFrom { get; init; }
}

/// <param name="From">The table.</param>
/// <param name="Value">Its field that holds what is stored.</param>
/// <param name="Label">Its field that people read; null when that is the value.</param>
/// <param name="Where">In the query grammar, which of its records are choices; null for all.</param>
/// <param name="Order">Its field that puts them in order; null for the order of the labels.</param>
public sealed record ChoiceSource(string From, string Value, string? Label = null, string? Where = null, string? Order = null);

/// <param name="Value">What is stored.</param>
/// <param name="Label">What people read.</param>
public sealed record Choice(string Value, Text Label);
