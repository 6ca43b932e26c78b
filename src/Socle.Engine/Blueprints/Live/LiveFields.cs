using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Blueprints.Live;

/// <summary>Takes a column, gives the field that it is: by what Socle noted of it, else by its type. What a field cannot tell is a gap.</summary>
internal static partial class LiveFields
{
    public static (FieldBlueprint? Field, Text? Gap) Read(ColumnShape column, TableShape table, LiveIndexes indexes)
    {
        if (BlueprintNames.FindFieldFault(column.Name) is { } fault)
            return (null, fault);
        var told = table.Metadata?.FindField(column.Name);
        var reference = table.ForeignKeys.FirstOrDefault(key => key.Column == column.Name);
        var isReference = reference is not null && (column.Type == "uuid" || told?.Type is not null && FieldTypeRegistry.Find(told.Type) is ReferenceField);
        var type = (told is null ? null : FieldTypeRegistry.Find(told.Type)) ?? (isReference ? FieldTypeRegistry.Find("reference") : FindType(column.Type));
        if (type is null)
            return (null, new($"There is no field type for {column.Type}.", $"Il n'y a pas de type de champ pour {column.Type}."));
        if (column.Generated is not null && type is not FormulaField)
            return (null, new("PostgreSQL computes the column by itself.", "PostgreSQL calcule lui-même la colonne."));
        var (value, valueGap) = LiveDefaults.Read(column, type);
        var field = new FieldBlueprint(
            column.Name,
            type,
            Settings(column, type, told, reference),
            told?.Label.ToText(),
            column.IsRequired,
            indexes.UniquenessOf(column.Name),
            value,
            indexes.Indexes(column.Name),
            reference is null ? OnDelete.Restrict : Action(reference),
            0,
            BlueprintNames.IsName(told?.Key) && told!.Key != column.Name ? told.Key : null);
        return (field, valueGap ?? FindTypeGap(column, field));
    }

    /// <summary>One that has no column.</summary>
    public static FieldBlueprint ReadComputed(FieldMetadata told) => new(
        told.Name,
        FieldTypeRegistry.Find(told.Type)!,
        JsonSerializer.Deserialize(told.Settings, FieldSettingsJson.Default.FieldSettings)!,
        told.Label.ToText(),
        IsRequired: false,
        Uniqueness.None,
        Default: null,
        IsIndexed: false,
        OnDelete.Restrict,
        0,
        BlueprintNames.IsName(told.Key) && told.Key != told.Name ? told.Key : null);

    private static FieldSettings Settings(ColumnShape column, FieldType type, FieldMetadata? told, ForeignKeyShape? reference)
    {
        var settings = told is null ? FieldSettings.None : JsonSerializer.Deserialize(told.Settings, FieldSettingsJson.Default.FieldSettings)!;
        // What the database itself says holds: somebody may have changed it in psql.
        if (type is ReferenceField && reference is not null)
            settings = settings with { Target = reference.Target == SchemaNames.Accounts ? ReferenceField.Users : reference.Target };
        if (type is DecimalField && Digits().Match(column.Type) is { Success: true } digits)
        {
            var scale = int.Parse(digits.Groups["scale"].ValueSpan, CultureInfo.InvariantCulture);
            settings = settings with { Precision = int.Parse(digits.Groups["precision"].ValueSpan, CultureInfo.InvariantCulture), Scale = scale == 0 ? settings.Scale : scale };
        }

        return settings;
    }

    private static OnDelete Action(ForeignKeyShape reference) =>
        reference.OnDelete.StartsWith("CASCADE", StringComparison.Ordinal) ? OnDelete.Cascade
        : reference.OnDelete.StartsWith("SET NULL", StringComparison.Ordinal) ? OnDelete.SetNull
        : OnDelete.Restrict;

    /// <summary>The column of another type than such a field gets: it is left as it is, but another database would get the field's own.</summary>
    private static Text? FindTypeGap(ColumnShape column, FieldBlueprint field)
    {
        var own = field.Type.ColumnType(field.Settings);
        return IsSameType(own, column.Type)
            ? null
            : new($"The column is of type {column.Type}; a field of type {field.Type.Name} would get {own}.", $"La colonne est de type {column.Type} ; un champ de type {field.Type.Name} recevrait {own}.");
    }

    /// <summary><c>numeric(12)</c> is printed with its scale.</summary>
    private static bool IsSameType(string own, string printed) => own == printed || own.Replace(")", ",0)", StringComparison.Ordinal) == printed;

    private static FieldType? FindType(string sql) => FieldTypeRegistry.Find(Modifiers().Replace(sql, "") switch
    {
        "text" or "character varying" or "character" => "text",
        "smallint" or "integer" or "bigint" => "number",
        "numeric" or "real" or "double precision" => "decimal",
        "boolean" => "boolean",
        "date" => "date",
        "timestamp with time zone" or "timestamp without time zone" => "date_time",
        "interval" => "duration",
        "uuid" => "uuid",
        "json" or "jsonb" => "json",
        "text[]" or "character varying[]" => "tags",
        _ => "",
    });

    [GeneratedRegex(@"\([0-9,]+\)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Modifiers();

    [GeneratedRegex(@"^numeric\((?<precision>\d+),(?<scale>\d+)\)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();
}
