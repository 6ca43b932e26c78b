using System.Net.Http;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Socle.Features.OpenApi;

/// <summary>The doors of conditional rules.</summary>
internal static class RulePaths
{
    public const string Rule = "Rule";

    private const string Path = "/api/schema/tables/{table}/rules";

    public static void AddTo(ApiDraft draft, string tag)
    {
        draft.Add(Rule, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = Parts().Append(("fields", new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = ApiDraft.Text() })).Append(("blueprint", AccountSchemas.Optional())).Append(("createdAt", AccountSchemas.Moment(isNullable: false))).ToDictionary(part => part.Item1, part => part.Item2),
            Required = new HashSet<string> { "id", "existing", "fields", "blueprint", "createdAt" },
        });
        var (rule, rules) = (draft.Schema(Rule), new AccountOperations(draft, tag, security: null));
        rules.Add(Path, HttpMethod.Get, "listRules", draft.Say("The conditional rules of a table", "Les règles conditionnelles d'une table"), TableSchemas.List(rule));
        rules.Add(Path, HttpMethod.Post, "createRule", draft.Say("A new rule, which the database holds from now on", "Une nouvelle règle, que la base tient désormais"), rule, AccountSchemas.Body(["id"], [.. Parts().Skip(1)]), created: true);
        rules.Add(Path + "/{id}", HttpMethod.Get, "getRule", draft.Say("One rule, by its id", "Une règle, par son id"), rule, idFormat: null);
        rules.Add(Path + "/{id}", HttpMethod.Patch, "changeRule", draft.Say("Another condition, other effects; null takes a part away", "Une autre condition, d'autres effets ; null retire une partie"), rule, AccountSchemas.Body([], [.. Parts().Skip(1)]), idFormat: null);
        rules.Add(Path + "/{id}", HttpMethod.Delete, "deleteRule", draft.Say("From now on it does not hold", "Elle ne vaut plus désormais"), rule, idFormat: null);
        rules.Add(Path + "/check", HttpMethod.Post, "checkRecord", draft.Say("What the rules say of a record, without writing it", "Ce que les règles disent d'un enregistrement, sans l'écrire"), Verdict(), AccountSchemas.Body([], ("record", HistorySchemas.Record(isNullable: false)), ("id", new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Integer | JsonSchemaType.Null })));
        foreach (var path in draft.Document.Paths.Where(path => path.Key.StartsWith(Path, StringComparison.Ordinal)).Select(path => (OpenApiPathItem)path.Value))
            path.Parameters = [.. path.Parameters ?? [], new OpenApiParameter { Name = "table", In = ParameterLocation.Path, Required = true, Schema = ApiDraft.Text() }];
    }

    private static IEnumerable<(string, IOpenApiSchema)> Parts() =>
    [
        ("id", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[a-z][a-z0-9_]{0,39}$" }),
        ("when", ApiDraft.Text()),
        ("require", Names()),
        ("hide", Names()),
        ("show", Names()),
        ("read_only", Names()),
        ("choices", new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema() } }),
        ("set", HistorySchemas.Record(isNullable: false)),
        ("message", new OpenApiSchema { AnyOf = [ApiDraft.Text(), HistorySchemas.Object(("fr", ApiDraft.Text()), ("en", ApiDraft.Text()))] }),
        ("existing", new OpenApiSchema { Type = JsonSchemaType.String, Enum = [(JsonNode)"refuse", (JsonNode)"keep"] }),
    ];

    private static OpenApiSchema Verdict() => HistorySchemas.Object(
        ("valid", AccountSchemas.Switch()),
        ("set", HistorySchemas.Record(isNullable: false)),
        ("hidden", Names()),
        ("readOnly", Names()),
        ("required", Names()),
        ("choices", HistorySchemas.Record(isNullable: false)),
        ("broken", TableSchemas.List(HistorySchemas.Object(("rule", ApiDraft.Text()), ("effect", ApiDraft.Text()), ("field", ApiDraft.Text()), ("message", ApiDraft.Text())))));

    private static OpenApiSchema Names() => new() { Type = JsonSchemaType.Array, Items = ApiDraft.Text() };
}
