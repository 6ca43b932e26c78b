using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Socle.Rules;

/// <summary>What a field's values are to a rule. Only kinds that PostgreSQL, C# and JavaScript compare alike.</summary>
public enum RuleKind
{
    Text,
    Integer,
    Number,
    Boolean,
    Date,
    Moment,
    Uuid,
    Tags,
    Json,

    /// <summary>Identifiers, of which rules ask only whether there are any and whether they are the same.</summary>
    List,

    /// <summary>Anything else, of which rules ask only whether it has a value.</summary>
    Other,
}

/// <summary>A field as rules see it.</summary>
/// <param name="Name">The column.</param>
/// <param name="Kind">Null where rules cannot look at it.</param>
/// <param name="Scale">The digits after the point that a number keeps; null for all.</param>
/// <param name="IsRequired">NOT NULL.</param>
/// <param name="IsComputed">Filled in by the database, which nobody else can foresee.</param>
/// <param name="Choices">The only values that it ever has; null for any.</param>
public sealed partial record RuleField(string Name, RuleKind? Kind, int? Scale, bool IsRequired, bool IsComputed, ImmutableArray<string>? Choices)
{
    /// <summary>Its place among the table's fields.</summary>
    public int Index { get; init; }

    /// <summary>Two fields are the same when they are the same one.</summary>
    public bool Equals(RuleField? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Name);

    /// <param name="name">The column.</param>
    /// <param name="type">Its type, as format_type prints it.</param>
    /// <param name="isRequired">NOT NULL.</param>
    /// <param name="isComputed">Filled in by the database.</param>
    /// <param name="choices">The only values that it ever has.</param>
    public static RuleField Of(string name, string type, bool isRequired, bool isComputed, IEnumerable<string>? choices) =>
        new(name, KindOf(type), ScaleOf(type), isRequired, isComputed, choices is null ? null : [.. choices]);

    /// <summary>The kind as clients are told: <c>text</c>, <c>number(2)</c>.</summary>
    public string Word => $"{Kind?.ToString().ToLowerInvariant()}{(Kind == RuleKind.Number && Scale is { } scale ? $"({scale})" : "")}";

    private static RuleKind? KindOf(string type) => Modifier().Replace(type, "") switch
    {
        "text" or "character varying" => RuleKind.Text,
        "bigint" or "integer" or "smallint" => RuleKind.Integer,
        "numeric" => RuleKind.Number,
        "boolean" => RuleKind.Boolean,
        "date" => RuleKind.Date,
        "timestamp with time zone" => RuleKind.Moment,
        "uuid" => RuleKind.Uuid,
        "text[]" => RuleKind.Tags,
        "jsonb" => RuleKind.Json,
        "uuid[]" => RuleKind.List,
        // Its null may be a value, which nobody sees in an answer.
        "json" => null,
        _ => RuleKind.Other,
    };

    private static int? ScaleOf(string type) => NumericModifier().Match(type) is { Success: true } found
        ? found.Groups["scale"].Success ? int.Parse(found.Groups["scale"].ValueSpan) : 0
        : null;

    [GeneratedRegex(@"\([0-9, -]+\)", RegexOptions.None, 1000)]
    private static partial Regex Modifier();

    [GeneratedRegex(@"^numeric\([0-9]+(, ?(?<scale>-?[0-9]+))?\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NumericModifier();
}
