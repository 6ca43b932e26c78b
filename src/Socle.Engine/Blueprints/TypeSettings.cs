using System.Text.RegularExpressions;
using Socle.FieldTypes;

namespace Socle.Blueprints;

/// <summary>Reads what single field types have beyond others: the currency of an amount, the most of a rating, an autonumber's format, a formula.</summary>
internal sealed partial class TypeSettings(NodeReader reader)
{
    private const int MostStars = 100;

    public FieldSettings Read(YamlMap map, FieldType type, FieldSettings settings, string path) => type switch
    {
        CurrencyField => settings with
        {
            Precision = settings.Precision ?? CurrencyField.UsualPrecision,
            Scale = settings.Scale ?? (settings.Precision is null ? CurrencyField.UsualScale : 0),
            Currency = ReadCurrency(map.Find("currency"), NodeReader.Join(path, "currency")),
        },
        RatingField => settings with
        {
            Max = reader.ReadInteger(map.Find("max")?.Value, NodeReader.Join(path, "max"), 1, MostStars) ?? RatingField.UsualMax,
        },
        AutonumberField => ReadAutonumber(map, settings, path),
        FormulaField when map.Find("formula") is { } formula => settings with { Formula = reader.ReadWord(formula.Value, NodeReader.Join(path, "formula")) },
        UserField => settings with { Target = ReferenceField.Users },
        _ => settings,
    };

    private string ReadCurrency(YamlEntry? entry, string path)
    {
        if (entry is null || reader.ReadWord(entry.Value, path) is not { } code)
            return CurrencyField.UsualCurrency;
        if (!CurrencyField.Codes.Contains(code))
            reader.RefuseUnknown(entry.Line, path, new("The currency", "La devise"), code, CurrencyField.Codes);
        return code;
    }

    private FieldSettings ReadAutonumber(YamlMap map, FieldSettings settings, string path)
    {
        var format = map.Find("format") is { } entry ? reader.ReadWord(entry.Value, NodeReader.Join(path, "format")) : null;
        if (format is not null && NumberFormat.Check(format) is { } wrong)
            reader.Refuse(map.Find("format")!.Line, NodeReader.Join(path, "format"), wrong.English, wrong.French);
        return settings with
        {
            Format = format,
            Gapless = reader.ReadBoolean(map.Find("gapless")?.Value, NodeReader.Join(path, "gapless")) == true ? true : null,
            TimeZone = ReadZone(map.Find("time_zone"), NodeReader.Join(path, "time_zone")),
        };
    }

    private string? ReadZone(YamlEntry? entry, string path)
    {
        if (entry is null || reader.ReadWord(entry.Value, path) is not { } zone)
            return null;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) && ZoneName().IsMatch(zone))
            return zone;
        reader.Refuse(entry.Line, path, $"'{path}' expects a time zone such as Europe/Paris.", $"« {path} » attend un fuseau horaire comme Europe/Paris.");
        return null;
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_+/-]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ZoneName();
}
