using System.Collections.Frozen;
using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Views;

/// <summary>What a setting of a view is written as.</summary>
public enum SettingShape
{
    /// <summary>A field's name.</summary>
    Field,

    /// <summary>A list of names.</summary>
    Fields,

    /// <summary>A list of names, or of { "field": …, "width": … }.</summary>
    Columns,
}

/// <summary>One setting that a kind of view knows.</summary>
/// <param name="Accepts">Which fields do.</param>
/// <param name="Expected">The same in words.</param>
public sealed record SettingRule(string Name, SettingShape Shape, bool IsRequired, Func<FieldSnapshot, bool> Accepts, Text Expected)
{
    private static readonly FrozenSet<string> ChoiceTypes = new[] { "choice", "boolean", "reference", "user", "text", "rating", "lookup" }.ToFrozenSet();
    private static readonly FrozenSet<string> PictureTypes = new[] { "file", "files", "url", "text" }.ToFrozenSet();

    private static readonly Text AnyField = new("a field of the table", "un champ de la table");

    private static readonly Text Day = new("a date or a moment", "une date ou un instant");

    private static readonly SettingRule Title = Any("title", SettingShape.Field, isRequired: false);

    private static readonly SettingRule Start = new("start", SettingShape.Field, IsRequired: true, IsDay, Day);

    private static readonly SettingRule End = new("end", SettingShape.Field, IsRequired: false, IsDay, Day);

    /// <summary>By kind, the settings that it knows.</summary>
    public static FrozenDictionary<ViewKind, ImmutableArray<SettingRule>> All { get; } = new Dictionary<ViewKind, ImmutableArray<SettingRule>>
    {
        [ViewKind.Grid] = [Any("columns", SettingShape.Columns, isRequired: false)],
        [ViewKind.Kanban] = [Group(isRequired: true), Title],
        [ViewKind.Calendar] = [Start, End, Title],
        [ViewKind.Gallery] =
        [
            new("cover", SettingShape.Field, IsRequired: true, field => PictureTypes.Contains(field.Type.Name), new("a file, or a text that is a picture's address", "un fichier, ou un texte qui est l'adresse d'une image")),
            Title,
        ],
        [ViewKind.Map] =
        [
            new("position", SettingShape.Field, IsRequired: false, IsPosition, new("a position: a geometry, json or text", "une position : une géométrie, du json ou un texte")),
            Coordinate("latitude"),
            Coordinate("longitude"),
            Title,
        ],
        [ViewKind.Form] = [Any("fields", SettingShape.Fields, isRequired: true)],
        [ViewKind.Timeline] = [Start, End, Group(isRequired: false), Title],
    }.ToFrozenDictionary();

    public static bool IsNumber(PgKind kind) => kind is PgKind.Integer or PgKind.Numeric or PgKind.Float;

    private static SettingRule Any(string name, SettingShape shape, bool isRequired) => new(name, shape, isRequired, _ => true, AnyField);

    private static SettingRule Group(bool isRequired) => new(
        "group",
        SettingShape.Field,
        isRequired,
        field => ChoiceTypes.Contains(field.Type.Name) || field.ColumnType.Kind == PgKind.Enum,
        new("a field of few values: a choice, yes or no, a reference or a text", "un champ à peu de valeurs : un choix, oui ou non, une référence ou un texte"));

    private static SettingRule Coordinate(string name) =>
        new(name, SettingShape.Field, IsRequired: false, field => IsNumber(field.ColumnType.Kind), new("a number, in degrees", "un nombre, en degrés"));

    private static bool IsDay(FieldSnapshot field) => field.ColumnType.Kind is PgKind.Date or PgKind.Timestamp or PgKind.TimestampTz;

    private static bool IsPosition(FieldSnapshot field) => field.ColumnType.Kind is PgKind.Json or PgKind.Jsonb or PgKind.Text or PgKind.Other;
}
