using System.Collections.Immutable;

namespace Socle.Cochin;

/// <summary>
/// What the values of a Cochin database tell of its fields: whether a number has a fraction, by what a link names its record, from which
/// category a choice takes its values. The app itself does not say.
/// </summary>
internal sealed class FieldSurvey
{
    private readonly HashSet<long> _fractions = [];
    private readonly HashSet<long> _byCustomId = [];
    private readonly Dictionary<long, string> _categories = [];

    public bool HasFractions(long field) => _fractions.Contains(field);

    /// <summary>Whether a link's or choice's number is the record's custom_id, not its id.</summary>
    public bool IsByCustomId(long field) => _byCustomId.Contains(field);

    public string? FindCategory(long field) => _categories.GetValueOrDefault(field);

    public static async Task<FieldSurvey> Read(SqliteFile file, CochinDatabase source, RecordNumbers numbers, ChoiceRows choices, CancellationToken cancellation)
    {
        var survey = new FieldSurvey();
        var fields = source.Tables.SelectMany(table => table.Fields).ToDictionary(field => field.Id);
        await survey.ReadFractions(file, fields.Values, cancellation);
        await survey.ReadLinks(file, fields, numbers, cancellation);
        await survey.ReadChoices(file, fields, choices, cancellation);
        return survey;
    }

    private async Task ReadFractions(SqliteFile file, IEnumerable<CochinField> fields, CancellationToken cancellation)
    {
        if (Ids(fields.Where(field => field.Type is "number" or "integer")) is { } ids)
            _fractions.UnionWith(await file.List($"SELECT json_array(field_id) FROM database_dynamicvalue WHERE field_id IN ({ids}) AND value GLOB '*[0-9][.,][0-9]*' GROUP BY field_id", row => row[0].GetInt64(), cancellation));
    }

    /// <summary>Whichever of both finds more of a field's records; the id where both find as many.</summary>
    private async Task ReadLinks(SqliteFile file, Dictionary<long, CochinField> fields, RecordNumbers numbers, CancellationToken cancellation)
    {
        if (Ids(fields.Values.Where(field => field.Type == "foreign_key" && field.Related is not null)) is not { } ids)
            return;
        var found = new Dictionary<long, (long ById, long ByCustomId)>();
        await foreach (var row in file.Rows($"SELECT json_array(field_id, value) FROM database_dynamicvalue WHERE field_id IN ({ids})", cancellation))
        {
            var (field, value, target) = (row[0].GetInt64(), CochinReader.Word(row[1]), fields[row[0].GetInt64()].Related!.Value);
            var (byId, byCustomId) = found.GetValueOrDefault(field);
            found[field] = (byId + (numbers.FindById(target, value) is null ? 0 : 1), byCustomId + (numbers.FindByCustomId(target, value) is null ? 0 : 1));
        }

        _byCustomId.UnionWith(found.Where(item => item.Value.ByCustomId > item.Value.ById).Select(item => item.Key));
    }

    private async Task ReadChoices(SqliteFile file, Dictionary<long, CochinField> fields, ChoiceRows choices, CancellationToken cancellation)
    {
        if (Ids(fields.Values.Where(field => field.Type == "choice")) is not { } ids)
            return;
        var values = (await file.List(
            $"SELECT json_array(field_id, value, count(*)) FROM database_dynamicvalue WHERE field_id IN ({ids}) AND value <> '' GROUP BY field_id, value",
            row => (Field: row[0].GetInt64(), Value: CochinReader.Word(row[1]), Count: row[2].GetInt64()),
            cancellation)).ToLookup(item => item.Field);
        foreach (var group in values)
        {
            var (byId, byCustomId) = (group.Where(item => choices.FindById(item.Value) is not null).Sum(item => item.Count), group.Where(item => choices.FindByCustomId(item.Value) is not null).Sum(item => item.Count));
            if (byCustomId > byId)
                _byCustomId.Add(group.Key);
            // The category in which most of the values are found; among equals the one that is called most like the field.
            var best = choices.Categories
                .Select(category => (Name: category, Found: group.Where(item => choices.Find(item.Value, category, byCustomId > byId) is not null).Sum(item => item.Count)))
                .Where(category => category.Found > 0)
                .OrderByDescending(category => category.Found)
                .ThenByDescending(category => category.Name.Contains(fields[group.Key].Slug, StringComparison.OrdinalIgnoreCase))
                .FirstOrDefault();
            if (best.Name is not null)
                _categories[group.Key] = best.Name;
        }
    }

    private static string? Ids(IEnumerable<CochinField> fields) => string.Join(',', fields.Select(field => field.Id)) is { Length: > 0 } ids ? ids : null;
}
