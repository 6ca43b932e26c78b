using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Socle.Kernel;

namespace Socle.Features.OpenApi;

/// <summary>A table's import: files of any of the formats go in, the report comes out.</summary>
internal static class ImportPath
{
    public const string Report = "ImportReport";
    private const string Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static readonly (string Name, OpenApiSchema Schema, Text Meaning)[] Parameters =
    [
        ("dry_run", new() { Type = JsonSchemaType.Boolean }, new("Say what would happen, and change nothing.", "Dire ce qui arriverait, sans rien modifier.")),
        ("all_or_nothing", new() { Type = JsonSchemaType.Boolean }, new("Import nothing when a row is rejected.", "Ne rien importer si une ligne est rejetée.")),
        ("key", ApiDraft.Text(), new("The unique field that tells which records exist already; by default the table's key.", "Le champ unique qui dit quels enregistrements existent déjà ; par défaut la clé de la table.")),
        ("map", ApiDraft.Text(), new("What columns mean: `Header:field`, several separated by commas; `Header:-` leaves one out.", "Ce que désignent les colonnes : `En-tête:champ`, plusieurs séparées par des virgules ; `En-tête:-` en laisse une de côté.")),
        ("separator", Choice("semicolon", "comma", "tab", "bar"), new("Found out by default.", "Détecté par défaut.")),
        ("encoding", Choice("utf-8", "windows-1252", "utf-16", "utf-16be"), new("Found out by default.", "Détecté par défaut.")),
        ("sheet", ApiDraft.Text(), new("The sheet of a workbook; by default the first.", "La feuille d'un classeur ; par défaut la première.")),
        ("dates", Choice("dmy", "mdy"), new("Which number of 03/04/2026 is the day; by default found out over each column.", "Quel nombre de 03/04/2026 est le jour ; par défaut détecté sur chaque colonne.")),
    ];

    public static void AddTo(ApiDraft draft)
    {
        draft.Add(Report, TableSchemas.Envelope(Data()));
        foreach (var (name, schema, meaning) in Parameters)
            draft.Add($"import-{name}", ListParameters.Query(name, schema, draft.Say(meaning), null));
    }

    public static OpenApiPathItem Describe(ApiDraft draft, DescribedTable table)
    {
        var file = new OpenApiMediaType { Schema = new OpenApiSchema() };
        var answer = TablePaths.Answer(draft, draft.Say("What was imported; as CSV the rejected rows, each with its reason.", "Ce qui a été importé ; en CSV les lignes rejetées, chacune avec son motif."), Report);
        answer.Content!["text/csv"] = new OpenApiMediaType { Schema = ApiDraft.Text() };
        var path = new OpenApiPathItem();
        path.AddOperation(HttpMethod.Post, new OpenApiOperation
        {
            OperationId = DescribedTable.Import(table.Name),
            Summary = draft.Say("Import the rows of a file, as one change", "Importer les lignes d'un fichier, en une seule modification"),
            Tags = new HashSet<OpenApiTagReference> { draft.Tag(table.Tag) },
            Parameters = [.. Parameters.Select(parameter => draft.Parameter($"import-{parameter.Name}"))],
            RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new[] { "text/csv", Workbook, "application/json", "application/x-ndjson", "multipart/form-data" }.ToDictionary(type => type, IOpenApiMediaType (_) => file),
            },
            Responses = Faults.Responses(draft, [(StatusCodes.Status200OK, answer)], 409, 413, 415, 422),
        });
        return path;
    }

    private static OpenApiSchema Data()
    {
        string[] numbers = ["rows", "created", "updated", "unchanged", "rejected"];
        var properties = numbers.ToDictionary(name => name, IOpenApiSchema (_) => new OpenApiSchema { Type = JsonSchemaType.Integer });
        properties["dryRun"] = new OpenApiSchema { Type = JsonSchemaType.Boolean };
        properties["applied"] = new OpenApiSchema { Type = JsonSchemaType.Boolean };
        properties["changeId"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Format = "uuid" };
        properties["encoding"] = ApiDraft.Text();
        properties["separator"] = ApiDraft.Text();
        properties["repairedCells"] = new OpenApiSchema { Type = JsonSchemaType.Integer };
        foreach (var list in new[] { "columns", "unmapped", "rejections" })
            properties[list] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Object } };
        return new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string>([.. numbers, "dryRun", "applied", "changeId", "columns", "unmapped", "rejections"]),
            Properties = properties,
        };
    }

    private static OpenApiSchema Choice(params string[] values) =>
        new() { Type = JsonSchemaType.String, Enum = [.. values.Select(value => (JsonNode)JsonValue.Create(value))] };
}
