using System.Collections.Immutable;
using Socle.Blueprints;
using Socle.FieldTypes;
using Socle.Kernel;

namespace Socle.Cochin;

/// <summary>
/// Decides what the tables of a Cochin database become. The six that the app makes are the blueprint's, with what the firm added to them;
/// its own get a table each, with the types that their fields say. Pure.
/// </summary>
internal sealed class TargetTables(CochinDatabase source, Blueprint blueprint, FieldSurvey survey)
{
    private const int MostTables = 500;
    private const int MostFields = 900;

    /// <summary>The app's tables by the name it gives them.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["contact"] = "contact",
        ["choix"] = "choix",
        ["tablenames"] = "table_names",
        ["projet"] = "projet",
        ["devis"] = "devis",
        ["devisparprojet"] = "devis_par_projet",
    };

    private static readonly string[] ImplicitNames = ["id", "created_at", "updated_at"];

    private static readonly Dictionary<string, string> Types = new()
    {
        ["text"] = "text",
        ["char"] = "text",
        ["string"] = "text",
        ["long_text"] = "long_text",
        ["textarea"] = "long_text",
        ["number"] = "number",
        ["integer"] = "number",
        ["decimal"] = "decimal",
        ["float"] = "decimal",
        ["currency"] = "decimal",
        ["percentage"] = "decimal",
        ["date"] = "date",
        ["datetime"] = "date_time",
        ["boolean"] = "boolean",
        ["checkbox"] = "boolean",
        ["email"] = "email",
        ["phone"] = "phone",
        ["url"] = "url",
    };

    /// <summary>The app's tables whose name of ours is not free for the firm's own, and ours for what the import notes.</summary>
    private readonly FirmNames _names = new([.. Known.Values, ImportTables.Identifiers, ImportTables.Aside]);
    private readonly Dictionary<long, string> _byId = [];

    public Result<ImmutableArray<TargetTable>> Decide()
    {
        if (source.Tables.Length > MostTables || source.Tables.Any(table => table.Fields.Length > MostFields))
            return SqliteFaults.WrongShape($"it has more than {MostTables} tables, or a table more than {MostFields} fields", $"elle a plus de {MostTables} tables, ou une table plus de {MostFields} champs");
        foreach (var table in source.Tables)
            _byId[table.Id] = NameOfKnown(table) is { } known && !_byId.ContainsValue(known) ? known : _names.Choose(table.Name.Length > 0 ? table.Name : table.Slug);
        return source.Tables.Select(Decide).ToImmutableArray();
    }

    /// <summary>The name of ours for one of the app's tables.</summary>
    public static string? NameOfKnown(CochinTable table) => Known.GetValueOrDefault(table.Slug) ?? Known.GetValueOrDefault(table.Name);

    private TargetTable Decide(CochinTable table)
    {
        var shape = blueprint.Tables.FirstOrDefault(known => known.Name == _byId[table.Id]);
        var names = new FirmNames([.. Implicit.Select(field => field.Name), .. shape?.Fields.Select(field => field.Name) ?? []]);
        var taken = new HashSet<string>();
        var fields = table.Fields.Select(field => shape?.FindField(field.Slug) is { } known && taken.Add(known.Name) ? FromBlueprint(field, known) : Own(field, names)).ToImmutableArray();
        fields = [.. fields, .. Removed(shape, taken)];
        var own = fields.Where(field => field.IsOwn).Select(field => field.Field);
        return new TargetTable(table, shape is null ? Make(table, own) : Extend(shape, own), fields, shape is not null);
    }

    private TargetField FromBlueprint(CochinField source, FieldBlueprint field) => new(
        source,
        field,
        field.Type is ReferenceField ? FindId(field.Settings.Target!) : null,
        Categories.IsChoice(field.Settings),
        Categories.Find(field.Settings),
        IsOwn: false);

    /// <summary>What the blueprint requires and the firm has removed: its records have nothing there.</summary>
    private static IEnumerable<TargetField> Removed(TableBlueprint? shape, HashSet<string> taken) =>
        from field in shape?.Fields ?? []
        where field is { IsRequired: true, Default: null, Type: not ReferenceField } && !taken.Contains(field.Name)
        select new TargetField(new CochinField(-1 - shape!.Fields.IndexOf(field), 0, field.Name, field.Name, field.Type.Name, true, null), field, null, false, null, IsOwn: false);

    private TargetField Own(CochinField field, FirmNames names)
    {
        var name = names.Choose(field.Slug.Length > 0 ? field.Slug : field.Name);
        var related = field.Related is { } id ? _byId.GetValueOrDefault(id) : null;
        if (field.Type == "foreign_key" && related is not null && !(related == "devis_par_projet" && _byId[field.Table] == related))
            return new TargetField(field, Field(name, "reference", field, new FieldSettings(Target: related)) with { OnDelete = field.IsRequired ? OnDelete.Restrict : OnDelete.SetNull }, field.Related, false, null, IsOwn: true);
        if (field.Type == "choice" && related == Categories.Table)
        {
            var settings = Categories.Of(survey.FindCategory(field.Id));
            return new TargetField(field, Field(name, "choice", field, settings), null, IsChoice: true, Categories.Find(settings), IsOwn: true);
        }

        var type = Types.GetValueOrDefault(field.Type, "text");
        type = type == "number" && survey.HasFractions(field.Id) ? "decimal" : type;
        return new TargetField(field, Field(name, type, field, FieldSettings.None), null, false, null, IsOwn: true);
    }

    private static FieldBlueprint Field(string name, string type, CochinField field, FieldSettings settings) => new(
        name, FieldTypeRegistry.Find(type)!, settings, FirmNames.Label(field.Name.Length > 0 ? field.Name : field.Slug), field.IsRequired, Uniqueness.None, null, null, OnDelete.Restrict, 0);

    /// <summary>What every table has, as the blueprint's own tables have it.</summary>
    private IEnumerable<FieldBlueprint> Implicit => ImplicitNames.Select(name => blueprint.Tables[0].FindField(name)!);

    private TableBlueprint Make(CochinTable table, IEnumerable<FieldBlueprint> own) => new(
        _byId[table.Id],
        FirmNames.Label(table.Name),
        [Implicit.First(), .. own, .. Implicit.Skip(1)],
        ["id"],
        null,
        true,
        [],
        [],
        0);

    private static TableBlueprint Extend(TableBlueprint known, IEnumerable<FieldBlueprint> own)
    {
        var at = known.Fields.Length - 2;
        return known with { Fields = [.. known.Fields[..at], .. own, .. known.Fields[at..]] };
    }

    private long? FindId(string name) => source.Tables.Where(table => _byId[table.Id] == name).Select(table => (long?)table.Id).FirstOrDefault();
}
