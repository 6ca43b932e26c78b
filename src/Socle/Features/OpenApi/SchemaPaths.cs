using System.Net.Http;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Socle.Catalog;

namespace Socle.Features.OpenApi;

/// <summary>The doors by which tables and fields are made, changed and dropped.</summary>
internal static class SchemaPaths
{
    private const string Table = "SchemaTable";
    private const string Field = "SchemaField";
    private const string Plan = "SchemaPlan";
    private const string Migration = "SchemaMigration";
    private const string Tables = "/api/schema/tables";

    public static IReadOnlyList<string> Schemas { get; } = [Table, Field, Plan, Migration];

    public static void AddTo(ApiDraft draft, CatalogSnapshot catalog)
    {
        var tag = "schema";
        while (catalog.FindTable(tag) is not null)
            tag += "_";
        draft.Document.Tags!.Add(new OpenApiTag { Name = tag, Description = draft.Say("Tables and fields, for administrators", "Tables et champs, pour les administrateurs") });
        AddSchemas(draft);
        var admin = new AccountOperations(draft, tag, security: null);
        AddTables(draft, admin);
        AddFields(draft, admin);
        AddMigrations(draft, admin);
        draft.Document.Paths.Add("/api/schema/blueprint", Blueprint(draft, tag));
    }

    private static void AddSchemas(ApiDraft draft)
    {
        draft.Add(Field, Open(HistorySchemas.Object(
            ("name", ApiDraft.Text()), ("type", ApiDraft.Text()), ("id", ApiDraft.Text()), ("label", Label()), ("required", AccountSchemas.Switch()), ("unique", new OpenApiSchema()), ("default", new OpenApiSchema()), ("index", AccountSchemas.Switch()), ("isImplicit", AccountSchemas.Switch()))));
        draft.Add(Table, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "name", "label", "blueprint", "isEditable", "reason" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["name"] = ApiDraft.Text(),
                ["label"] = Label(),
                ["blueprint"] = AccountSchemas.Optional(),
                ["isEditable"] = AccountSchemas.Switch(),
                ["reason"] = AccountSchemas.Optional(),
                ["id"] = ApiDraft.Text(),
                ["key"] = ListOf(ApiDraft.Text()),
                ["timestamps"] = AccountSchemas.Switch(),
                ["history"] = AccountSchemas.Switch(),
                ["search"] = new OpenApiSchema { Type = JsonSchemaType.Array | JsonSchemaType.Null, Items = ApiDraft.Text() },
                ["indexes"] = ListOf(new OpenApiSchema()),
                ["fields"] = ListOf(draft.Schema(Field)),
                ["gaps"] = ListOf(HistorySchemas.Object(("field", AccountSchemas.Optional()), ("reason", ApiDraft.Text()))),
            },
        });
        (string, IOpenApiSchema)[] step = [("words", ApiDraft.Text()), ("table", AccountSchemas.Optional()), ("verdict", Word("harmless", "needs_scan", "moves_aside", "loses_values")), ("rows", Count()), ("losses", Count())];
        draft.Add(Plan, HistorySchemas.Object(
            ("steps", ListOf(HistorySchemas.Object([.. step, ("lock", Word("none", "share", "share_row_exclusive", "access_exclusive")), ("locked", ListOf(ApiDraft.Text()))]))),
            ("losesValues", AccountSchemas.Switch()),
            ("notes", ListOf(ApiDraft.Text()))));
        draft.Add(Migration, HistorySchemas.Object(
            ("id", HistorySchemas.Number()), ("appliedAt", AccountSchemas.Moment(isNullable: false)), ("takenDownAt", AccountSchemas.Moment(isNullable: true)), ("state", Word("applied", "taken_down", "superseded")), ("blueprint", ApiDraft.Text()), ("steps", ListOf(HistorySchemas.Object(step)))));
    }

    private static void AddTables(ApiDraft draft, AccountOperations admin)
    {
        var (table, body) = (draft.Schema(Table), draft.Say("The same keys as a blueprint's, in camelCase or snake_case.", "Les mêmes clés que dans un blueprint, en camelCase ou snake_case."));
        admin.Add(Tables, HttpMethod.Get, "listSchemaTables", draft.Say("The tables, and why some cannot be changed here", "Les tables, et pourquoi certaines ne se modifient pas ici"), ListOf(table));
        admin.Add(Tables, HttpMethod.Post, "createSchemaTable", draft.Say("A new table, served when it is answered", "Une nouvelle table, servie dès la réponse"), Planned(draft, table), Body(body, "name", "fields"), created: true, parameters: Terms(draft));
        admin.Add(Tables + "/{table}", HttpMethod.Get, "getSchemaTable", draft.Say("One table as it is", "Une table telle qu'elle est"), table);
        admin.Add(Tables + "/{table}", HttpMethod.Patch, "changeSchemaTable", draft.Say("What is sent changes, null takes a key away; `name` renames, `order` arranges the fields, `fields` adds, changes and (with null) drops some", "Ce qui est envoyé change, null retire une clé ; `name` renomme, `order` range les champs, `fields` en ajoute, modifie et (par null) supprime"), Planned(draft, table), Body(body), parameters: Terms(draft));
        admin.Add(Tables + "/{table}", HttpMethod.Delete, "dropSchemaTable", draft.Say("Set the table aside for 30 days", "Mettre la table de côté pendant 30 jours"), Planned(draft, table), parameters: Terms(draft));
        SetParts(draft, Tables + "/{table}", "table");
    }

    private static void AddFields(ApiDraft draft, AccountOperations admin)
    {
        const string fields = Tables + "/{table}/fields";
        var (field, body) = (draft.Schema(Field), draft.Say("The keys of a field in a blueprint, and its name.", "Les clés d'un champ dans un blueprint, et son nom."));
        admin.Add(fields, HttpMethod.Get, "listSchemaFields", draft.Say("The fields of a table, in their order", "Les champs d'une table, dans leur ordre"), ListOf(field));
        admin.Add(fields, HttpMethod.Post, "createSchemaField", draft.Say("A new field", "Un nouveau champ"), Planned(draft, field), Body(body, "name", "type"), created: true, parameters: Terms(draft));
        admin.Add(fields + "/{field}", HttpMethod.Get, "getSchemaField", draft.Say("One field", "Un champ"), field);
        admin.Add(fields + "/{field}", HttpMethod.Patch, "changeSchemaField", draft.Say("Another name, type, label or rule; null takes a key away", "Un autre nom, type, libellé ou règle ; null retire une clé"), Planned(draft, field), Body(body), parameters: Terms(draft));
        admin.Add(fields + "/{field}", HttpMethod.Delete, "dropSchemaField", draft.Say("Set the field and its values aside for 30 days", "Mettre le champ et ses valeurs de côté pendant 30 jours"), Planned(draft, draft.Schema(Table)), parameters: Terms(draft));
        SetParts(draft, fields, "table");
        SetParts(draft, fields + "/{field}", "table", "field");
    }

    private static void AddMigrations(ApiDraft draft, AccountOperations admin)
    {
        const string migrations = "/api/schema/migrations";
        var (list, asked) = (ListOf(draft.Schema(Migration)), AccountSchemas.Body([], ("count", new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" }), ("allow_loss", AccountSchemas.Switch())));
        admin.Add(migrations, HttpMethod.Get, "listMigrations", draft.Say("What was done to the schema, newest first", "Ce qui a été fait au schéma, le plus récent d'abord"), list, page: true);
        admin.Add(migrations + "/down", HttpMethod.Post, "takeMigrationsDown", draft.Say("Take back the last one, or the last `count`", "Défaire la dernière, ou les `count` dernières"), list, asked);
        admin.Add(migrations + "/up", HttpMethod.Post, "bringMigrationsUp", draft.Say("Bring up again what was taken down, or the first `count` of it", "Remettre ce qui a été défait, ou les `count` premières"), list, asked);
    }

    private static OpenApiPathItem Blueprint(ApiDraft draft, string tag)
    {
        var summary = draft.Say("The tables as they are, as a blueprint that makes the same elsewhere", "Les tables telles qu'elles sont, en un blueprint qui crée les mêmes ailleurs");
        var content = new Dictionary<string, IOpenApiMediaType> { ["application/yaml"] = new OpenApiMediaType { Schema = ApiDraft.Text() } };
        var item = new OpenApiPathItem();
        item.AddOperation(HttpMethod.Get, new OpenApiOperation
        {
            OperationId = "writeBlueprint",
            Summary = summary,
            Tags = new HashSet<OpenApiTagReference> { draft.Tag(tag) },
            Parameters = [ListParameters.Query("name", ApiDraft.Text(), draft.Say("The blueprint's name; without it, after the database.", "Le nom du blueprint ; sans lui, d'après la base."))],
            Responses = Faults.Responses(draft, [(StatusCodes.Status200OK, new OpenApiResponse { Description = summary, Content = content })], []),
        });
        return item;
    }

    private static OpenApiParameter[] Terms(ApiDraft draft) =>
    [
        ListParameters.Query("dry_run", AccountSchemas.Switch(), draft.Say("Answers the plan alone, and changes nothing.", "Ne répond que le plan, et ne modifie rien.")),
        ListParameters.Query("allow_loss", AccountSchemas.Switch(), draft.Say("Values may go that do not survive; taking the migration down brings them back.", "Des valeurs qui ne survivent pas peuvent partir ; défaire la migration les ramène.")),
    ];

    private static void SetParts(ApiDraft draft, string path, params string[] names) => ((OpenApiPathItem)draft.Document.Paths[path]).Parameters =
        [.. names.Select(name => new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Schema = ApiDraft.Text() })];

    private static OpenApiSchema Planned(ApiDraft draft, IOpenApiSchema now) => new()
    {
        AnyOf = [new OpenApiSchema { AllOf = [now, HistorySchemas.Object(("plan", draft.Schema(Plan)))] }, HistorySchemas.Object(("plan", draft.Schema(Plan)))],
    };

    private static OpenApiSchema Body(string description, params string[] required) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Required = required.ToHashSet(),
        Properties = required.ToDictionary(name => name, name => name == "fields" ? (IOpenApiSchema)new OpenApiSchema() : ApiDraft.Text()),
    };

    private static OpenApiSchema Open(OpenApiSchema schema)
    {
        schema.AdditionalPropertiesAllowed = true;
        return schema;
    }

    private static OpenApiSchema Label() => new() { AnyOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, HistorySchemas.Object(("fr", ApiDraft.Text()), ("en", ApiDraft.Text()))] };

    private static OpenApiSchema ListOf(IOpenApiSchema item) => new() { Type = JsonSchemaType.Array, Items = item };

    private static OpenApiSchema Word(params string[] words) => new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (JsonNode)word)] };

    private static OpenApiSchema Count() => new() { Type = JsonSchemaType.Integer | JsonSchemaType.Null, Format = "int64" };
}
