using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Features.OpenApi;

/// <summary>A table's schemas: the record as answered, as sent when new, as sent to change it, and the envelopes around it.</summary>
internal static class TableSchemas
{
    public const string Page = "Page";

    /// <summary>Schemas that no table's may be called like.</summary>
    public static IReadOnlyList<string> Common { get; } = [Faults.Error, ServerPaths.Health, BatchPath.Operation, BatchPath.Result, Page, ImportPath.Report, FilePaths.Stored, .. HistorySchemas.All, .. AccountSchemas.All, .. SchemaPaths.Schemas, .. ViewPaths.All];

    public static void AddCommonTo(ApiDraft draft) => draft.Add(Page, PageOf(draft));

    public static void AddTo(ApiDraft draft, DescribedTable table)
    {
        draft.Add(table.Record, Record(draft, table.Table));
        draft.Add(table.One, Envelope(draft.Schema(table.Record)));
        draft.Add(table.Many, Envelope(List(draft.Schema(table.Record)), draft.Schema(Page)));
        if (table.Table.IsInsertable)
            draft.Add(table.New, New(draft, table.Table));
        if (table.Table.IsUpdatable)
            draft.Add(table.Change, Change(draft, table.Table));
    }

    /// <summary>What PUT takes: a change that leaves out no required field but the key, which the address gives.</summary>
    public static IOpenApiSchema Replacement(ApiDraft draft, DescribedTable table)
    {
        var required = RequiredFields(table.Table).Where(field => !table.Table.PrimaryKey.Contains(field)).Select(field => field.ApiName).ToHashSet();
        var change = draft.Schema(table.Change);
        return required.Count == 0 ? change : new OpenApiSchema { AllOf = [change, new OpenApiSchema { Type = JsonSchemaType.Object, Required = required }] };
    }

    public static OpenApiSchema Field(ApiDraft draft, TableSnapshot table, FieldSnapshot field, bool isNullable)
    {
        var schema = field.Type.Schema(field.Shape);
        if (isNullable)
            AllowNull(schema);
        if (Describe(draft, table, field) is { Length: > 0 } description)
            schema["description"] = description;
        if (field.IsReadOnly)
            schema["readOnly"] = true;
        return draft.Read(schema);
    }

    public static OpenApiSchema List(IOpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    public static OpenApiSchema Envelope(IOpenApiSchema data, IOpenApiSchema? page = null)
    {
        var envelope = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "success", "data" },
            Properties = new Dictionary<string, IOpenApiSchema> { ["success"] = ApiDraft.Constant(true), ["data"] = data },
        };
        if (page is not null)
            envelope.Properties["meta"] = page;
        return envelope;
    }

    /// <summary>Nothing is required of an answered record: <c>select</c> may leave out any field and add others.</summary>
    private static OpenApiSchema Record(ApiDraft draft, TableSnapshot table) => new()
    {
        Type = JsonSchemaType.Object,
        Description = table.Label.In(draft.Language),
        Properties = table.Fields.ToDictionary(field => field.ApiName, field => (IOpenApiSchema)Field(draft, table, field, !field.IsRequired)),
    };

    private static OpenApiSchema New(ApiDraft draft, TableSnapshot table) => new()
    {
        Type = JsonSchemaType.Object,
        Description = draft.Say("A record to be created.", "Un enregistrement à créer."),
        Properties = table.Fields.Where(field => !field.IsReadOnly).ToDictionary(field => field.ApiName, field => (IOpenApiSchema)Field(draft, table, field, !field.IsRequired)),
        Required = RequiredFields(table).Select(field => field.ApiName).ToHashSet(),
        AdditionalPropertiesAllowed = false,
    };

    private static OpenApiSchema Change(ApiDraft draft, TableSnapshot table) => new()
    {
        Type = JsonSchemaType.Object,
        Description = draft.Say(
            "The fields to change. What the server keeps may be sent back as it was read, so that a record can be sent as it was answered.",
            "Les champs à modifier. Ce que tient le serveur peut être renvoyé tel que lu, pour qu'un enregistrement puisse être envoyé tel qu'il a été donné."),
        Properties = table.Fields.ToDictionary(field => field.ApiName, field => (IOpenApiSchema)Field(draft, table, field, !field.IsRequired)),
        AdditionalPropertiesAllowed = false,
    };

    private static IEnumerable<FieldSnapshot> RequiredFields(TableSnapshot table) =>
        table.Fields.Where(field => field is { IsRequired: true, Default: null, IsReadOnly: false });

    private static void AllowNull(JsonObject schema)
    {
        // A schema without a type allows null already.
        if (schema["type"] is JsonValue type)
            schema["type"] = new JsonArray(type.DeepClone(), "null");
        if (schema["enum"] is JsonArray values)
            values.Add(null);
    }

    private static string Describe(ApiDraft draft, TableSnapshot table, FieldSnapshot field)
    {
        var sentences = new List<string>();
        if (field.FindLabel is { } label)
            sentences.Add(label.In(draft.Language));
        if (field.Settings.Choices is { Count: > 0 } choices)
            sentences.Add(string.Join(", ", choices.Select(choice => $"`{choice.Value}`{draft.Say(":", " :")} {choice.Label.In(draft.Language)}")));
        if (field.Settings is { Formula: { } formula })
            sentences.Add(draft.Say($"Computed: `{formula}`.", $"Calculé : `{formula}`."));
        if (field.Settings is { Format: { } format })
            sentences.Add(draft.Say($"Numbered as `{format}`.", $"Numéroté selon `{format}`."));
        if (field.Settings is { Currency: { } currency })
            sentences.Add(draft.Say($"In {currency}.", $"En {currency}."));
        if (field.Settings.ChoicesFrom is { } source && field.Way is null)
            sentences.Add(draft.Say($"One of the rows of `{source.From}`: `{ChoicePath.Of(table.Name, field.Name)}` lists them.", $"L'une des lignes de `{source.From}` : `{ChoicePath.Of(table.Name, field.Name)}` les donne."));
        if (field.Way is { } way)
            sentences.Add(draft.Say($"Computed from `{way.Target.Name}`.", $"Calculé à partir de `{way.Target.Name}`."));
        if (table.ForeignKeys.FirstOrDefault(key => key.Columns.Length == 1 && key.Columns[0] == field.Name) is { } reference)
            sentences.Add(draft.Say($"Refers to `{reference.TargetTable}`{Which("where")}.", $"Renvoie à `{reference.TargetTable}`{Which("où")}."));
        return string.Join(" · ", sentences);

        string Which(string where) => field.Settings.Where is { } filter ? $" {where} `{filter}`" : "";
    }

    private static OpenApiSchema PageOf(ApiDraft draft) => new()
    {
        Type = JsonSchemaType.Object,
        Description = draft.Say("Which part of the list this is.", "Quelle partie de la liste est donnée."),
        Required = new HashSet<string> { "limit", "offset" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["limit"] = Count(draft.Say("At most so many records.", "Au plus autant d'enregistrements.")),
            ["offset"] = Count(draft.Say("So many were skipped.", "Autant ont été sautés.")),
            ["total"] = Count(draft.Say("All records that match, where `count` was asked for.", "Tous les enregistrements trouvés, si `count` a été demandé.")),
        },
    };

    private static OpenApiSchema Count(string description) => new() { Type = JsonSchemaType.Integer, Format = "int64", Description = description };
}
