using System.Globalization;
using Socle.Imports.Values;

namespace Socle.Cochin;

/// <summary>
/// The rows of Choix, by everything that a value may name one by: its value, its label, its id, its custom_id. A category and value that
/// are there twice, as the guide's script leaves them when it runs again, are one row.
/// </summary>
internal sealed class ChoiceRows
{
    private const int LongestKey = 500;

    private readonly Dictionary<long, ChoiceRow> _rows = [];
    private readonly SortedSet<string> _categories = new(StringComparer.Ordinal);
    private readonly Dictionary<long, ChoiceRow> _kept = [];
    private readonly Dictionary<(string Category, string Value), ChoiceRow> _byValue = [];
    private readonly Dictionary<(string Category, string Folded), ChoiceRow> _byName = [];
    private readonly Dictionary<string, ChoiceRow> _byCustomId = [];

    public IReadOnlyCollection<string> Categories => _categories;

    public static async Task<ChoiceRows> Read(SqliteFile file, CochinDatabase source, CancellationToken cancellation)
    {
        var rows = new ChoiceRows();
        if (source.Tables.FirstOrDefault(table => TargetTables.NameOfKnown(table) == "choix") is not { } table)
            return rows;
        var slugs = table.Fields.ToDictionary(field => field.Id, field => field.Slug);
        await foreach (var record in SourceRecords.Read(file, source, table.Id, cancellation))
            rows.Add(record, slug => record.Values.Where(value => value.Field is { } field && slugs.GetValueOrDefault(field) == slug).Select(value => SourceRecords.Clean(value.Text ?? "")).FirstOrDefault(text => text.Length > 0) ?? "");
        return rows;
    }

    /// <summary>The row as which this one is kept; null where it cannot be.</summary>
    public long? KeptAs(long record) => _kept.TryGetValue(record, out var row) ? row.Id : null;

    /// <summary>Whether it says the same as the row as which it is kept.</summary>
    public bool IsSame(long record) => _kept.TryGetValue(record, out var row) && _rows[record] with { Id = row.Id, CustomId = row.CustomId } == row;

    public ChoiceRow? FindById(string number) => long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? _kept.GetValueOrDefault(id) : null;

    public ChoiceRow? FindByCustomId(string number) => _byCustomId.GetValueOrDefault(number);

    /// <param name="category">Null for any.</param>
    public ChoiceRow? Find(string value, string? category, bool isByCustomId)
    {
        if (category is null)
            return _categories.Select(known => Find(value, known, isByCustomId)).FirstOrDefault(row => row is not null);
        var found = _byValue.GetValueOrDefault((category, value)) ?? _byName.GetValueOrDefault((category, Folding.Fold(value)))
            ?? (isByCustomId ? FindByCustomId(value.Trim()) : FindById(value.Trim()));
        return found?.Category == category ? found : null;
    }

    private void Add(SourceRecord record, Func<string, string> valueOf)
    {
        var row = new ChoiceRow(record.Id, record.CustomId, valueOf("categorie"), valueOf("valeur"), valueOf("libelle"), valueOf("ordre"));
        _rows[row.Id] = row;
        if (row.Category.Length > LongestKey || row.Value.Length > LongestKey)
            return;
        _categories.Add(row.Category);
        _byValue.TryAdd((row.Category, row.Value), row);
        var kept = _byValue[(row.Category, row.Value)];
        _kept[row.Id] = kept;
        _byName.TryAdd((row.Category, Folding.Fold(row.Value)), kept);
        _byName.TryAdd((row.Category, Folding.Fold(row.Label)), kept);
        if (row.CustomId is { } custom)
            _byCustomId.TryAdd(custom, kept);
    }
}

internal sealed record ChoiceRow(long Id, string? CustomId, string Category, string Value, string Label, string Order);
