using System.Collections.Frozen;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>The registry: one line a type.</summary>
public static class FieldTypeRegistry
{
    private static readonly FieldType[] Registered =
    [
        new TextField(),
        new LongTextField(),
        new NumberField(),
        new DecimalField(),
        new BooleanField(),
        new DateField(),
        new DateTimeField(),
        new ChoiceField(),
        new EmailField(),
        new PhoneField(),
        new UrlField(),
        new TagsField(),
        new JsonField(),
        new UuidField(),
        new ReferenceField(),
        new UserField(),
        new AutonumberField(),
        new FormulaField(),
        new ColourField(),
        new RatingField(),
        new CurrencyField(),
        new PercentageField(),
        new DurationField(),
        new FileField(),
        new FilesField(),
        new LookupField(),
        new RollupField(),
        new SecretField(),
    ];

    private static readonly TimeField Time = new();
    private static readonly OtherField Other = new();
    private static readonly FrozenDictionary<string, FieldType> ByName = Registered.ToFrozenDictionary(type => type.Name);

    /// <summary>The types that a blueprint may use.</summary>
    public static IReadOnlyList<FieldType> All => Registered;

    public static FieldType? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The type that a column has when nobody said more of it than PostgreSQL does.</summary>
    public static FieldType ForColumn(PgType type) => type.Kind switch
    {
        PgKind.Text or PgKind.Enum => ByName["text"],
        PgKind.Integer => ByName["number"],
        PgKind.Numeric or PgKind.Float => ByName["decimal"],
        PgKind.Boolean => ByName["boolean"],
        PgKind.Date => ByName["date"],
        PgKind.Timestamp or PgKind.TimestampTz => ByName["date_time"],
        PgKind.Time => Time,
        PgKind.Interval => ByName["duration"],
        PgKind.Uuid => ByName["uuid"],
        PgKind.Json or PgKind.Jsonb => ByName["json"],
        PgKind.Array => ByName["tags"],
        _ => Other,
    };
}
