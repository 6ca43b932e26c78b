using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Blueprints;
using Socle.FieldTypes;

namespace Socle.Cochin;

/// <summary>A record as its table in Socle takes it.</summary>
/// <param name="Values">In the order of the table's fields; null for nothing.</param>
/// <param name="Aside">What has no place in it.</param>
internal sealed record ConvertedRecord(SourceRecord Source, string?[] Values, List<AsideValue> Aside)
{
    public Guid Id => RecordNumbers.IdOf(Source.Id);
}

/// <summary>Takes the records of one table in the order of their ids, gives them as its table in Socle takes them; null for one that is none there. The same records give the same again.</summary>
internal sealed class TableConverter
{
    /// <summary>A B-tree's key is at most 2704 bytes.</summary>
    private const int LongestUnique = 500;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TargetTable _table;
    private readonly RecordNumbers _numbers;
    private readonly ChoiceRows _choices;
    private readonly Dictionary<long, int> _places;
    private readonly FieldConverter[] _converters;
    private readonly Dictionary<string, HashSet<string>> _seen = [];

    public TableConverter(TargetTable table, FieldSurvey survey, RecordNumbers numbers, ChoiceRows choices, TimeZoneInfo zone)
    {
        (_table, _numbers, _choices) = (table, numbers, choices);
        _places = table.Fields.Select((field, i) => (field.Source.Id, i)).ToDictionary(item => item.Id, item => item.i);
        _converters = [.. table.Fields.Select(field => new FieldConverter(field, survey, numbers, choices, zone))];
    }

    public TableCounts Counts { get; } = new();

    public (ConvertedRecord? Record, List<AsideValue> Aside) Convert(SourceRecord source)
    {
        Counts.Records++;
        Counts.Values += source.Values.Count;
        if (_table.Name == "choix" && _choices.KeptAs(source.Id) != source.Id)
            return (null, Merge(source));
        var record = new ConvertedRecord(source, new string?[_converters.Length], []);
        var passages = Fill(record);
        if (_table.Fields.Where((field, i) => _table.IsKnown && field.Field is { IsRequired: true, Type: ReferenceField } && record.Values[i] is null).Any() || LacksField())
        {
            _numbers.Refuse(source.Id);
            Counts.Refused++;
            Counts.Aside += source.Values.Count;
            return (null, [Whole(source, AsideReason.RecordRefused)]);
        }

        foreach (var passage in passages)
            Counts.Count(passage);
        Complete(record);
        return (record, record.Aside);
    }

    /// <summary>All that is known of a record that has no place.</summary>
    public AsideValue Whole(SourceRecord source, AsideReason reason) => new(_table.Name, source.Id, null, WriteValues(source, id => _places.TryGetValue(id, out var place) ? _table.Fields[place].Source.Slug : null), reason);

    public static string WriteValues(SourceRecord source, Func<long, string?> nameOf) => new JsonArray([.. source.Values.Select(value => new JsonObject
    {
        ["field"] = value.Field is { } id ? nameOf(id) ?? id.ToString(CultureInfo.InvariantCulture) : null,
        ["value"] = value.Text is { } text ? SourceRecords.Clean(text) : null,
    })]).ToJsonString(Readable);

    private List<AsideValue> Merge(SourceRecord source)
    {
        if (_choices.IsSame(source.Id))
        {
            Counts.Merged++;
            Counts.Repeated += source.Values.Count;
            return [];
        }

        Counts.Refused++;
        Counts.Aside += source.Values.Count;
        return [Whole(source, AsideReason.ChoiceTwice)];
    }

    /// <summary>Whether the firm removed a field without which the app's table holds no record: a link that both ends need.</summary>
    private bool LacksField() => _table.IsKnown
        && _table.Blueprint.Fields.Any(field => field is { IsRequired: true, Type: ReferenceField } && _table.Fields.All(own => own.Name != field.Name));

    private List<Passage> Fill(ConvertedRecord record)
    {
        var passages = new List<Passage>(record.Source.Values.Count);
        var first = new string?[_converters.Length];
        foreach (var (field, text) in record.Source.Values)
        {
            if (string.IsNullOrEmpty(text))
            {
                Counts.Empty++;
                continue;
            }

            if (field is not { } id || !_places.TryGetValue(id, out var place))
            {
                Keep(record, field?.ToString(CultureInfo.InvariantCulture), text, AsideReason.UnknownField);
                passages.Add(Passage.Aside);
                continue;
            }

            if (first[place] is { } known)
            {
                if (known == text)
                {
                    Counts.Repeated++;
                    continue;
                }

                Keep(record, _table.Fields[place].Name, text, AsideReason.SecondValue);
                passages.Add(Passage.Aside);
                continue;
            }

            first[place] = text;
            var converted = _converters[place].Convert(text);
            record.Values[place] = converted.Value;
            if (converted.Reason is { } reason)
                Keep(record, _table.Fields[place].Name, text, reason);
            passages.Add(converted.Passage);
        }

        return passages;
    }

    /// <summary>The app's tables hold a record to what it must have; a firm's own are made so that they hold what it has.</summary>
    private void Complete(ConvertedRecord record)
    {
        if (!_table.IsKnown)
            return;
        for (var i = 0; i < _table.Fields.Length; i++)
        {
            var field = _table.Fields[i];
            if (field.IsOwn)
                continue;
            if (field.Field.IsRequired && record.Values[i] is null)
            {
                record.Values[i] = field.Field.Uniqueness == Uniqueness.None ? "" : string.Create(CultureInfo.InvariantCulture, $"(vide) {record.Source.Id}");
                Keep(record, field.Name, null, AsideReason.Missing);
            }

            if (field.Field.Uniqueness != Uniqueness.None && record.Values[i] is { } value)
                record.Values[i] = MakeUnique(record, field, value);
        }
    }

    private string MakeUnique(ConvertedRecord record, TargetField field, string value)
    {
        if (!_seen.TryGetValue(field.Name, out var seen))
            _seen[field.Name] = seen = [];
        var unique = value.Length > LongestUnique ? value[..LongestUnique] : value;
        if (unique.Length < value.Length)
            Keep(record, field.Name, value, AsideReason.TooLong);
        if (unique.Length < value.Length || !seen.Add(unique))
            (Counts.Same, Counts.Aside) = (Counts.Same - 1, Counts.Aside + 1);
        else
            return unique;
        if (unique.Length < value.Length && seen.Add(unique))
            return unique;
        Keep(record, field.Name, value, AsideReason.NumberTwice);
        var numbered = unique;
        do
            numbered = string.Create(CultureInfo.InvariantCulture, $"{numbered} ({record.Source.Id})");
        while (!seen.Add(numbered));
        return numbered;
    }

    private void Keep(ConvertedRecord record, string? field, string? value, AsideReason reason) =>
        record.Aside.Add(new AsideValue(_table.Name, record.Source.Id, field, value is null ? null : SourceRecords.Clean(value), reason));
}
