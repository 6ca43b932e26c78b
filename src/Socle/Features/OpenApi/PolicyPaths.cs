using System.Net.Http;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Socle.Catalog;

namespace Socle.Features.OpenApi;

/// <summary>The doors of roles and policies.</summary>
internal static class PolicyPaths
{
    public const string Role = "Role";
    public const string Policy = "Policy";

    public static void AddTo(ApiDraft draft, string tag)
    {
        draft.Add(Role, HistorySchemas.Object(
            ("name", ApiDraft.Text()),
            ("label", HistorySchemas.Object(("fr", ApiDraft.Text()), ("en", ApiDraft.Text()))),
            ("default", ListOf(Action())),
            ("undo", AccountSchemas.Switch()),
            ("isAdmin", AccountSchemas.Switch()),
            ("isBuiltIn", AccountSchemas.Switch()),
            ("blueprint", AccountSchemas.Optional()),
            ("createdAt", AccountSchemas.Moment(isNullable: false))));
        draft.Add(Policy, HistorySchemas.Object(
            ("id", ApiDraft.Text("uuid")),
            ("role", ApiDraft.Text()),
            ("table", ApiDraft.Text()),
            ("action", Action()),
            ("filter", AccountSchemas.Optional()),
            ("fields", Fields()),
            ("blueprint", AccountSchemas.Optional()),
            ("createdAt", AccountSchemas.Moment(isNullable: false)),
            ("problems", ListOf(ApiDraft.Text()))));
        var admin = new AccountOperations(draft, tag, security: null);
        AddRoles(draft, admin);
        AddPolicies(draft, admin);
    }

    private static void AddRoles(ApiDraft draft, AccountOperations admin)
    {
        var role = draft.Schema(Role);
        (string, IOpenApiSchema)[] parts = [("label", Label()), ("default", ListOf(Action())), ("undo", AccountSchemas.Switch())];
        admin.Add("/api/roles", HttpMethod.Get, "listRoles", draft.Say("The roles", "Les rôles"), TableSchemas.List(role));
        admin.Add("/api/roles", HttpMethod.Post, "createRole", draft.Say("A new role; what it may by default it may to the tables that there are, too", "Un nouveau rôle ; ce qu'il peut par défaut, il le peut aussi sur les tables existantes"), role, AccountSchemas.Body(["name"], parts), created: true);
        admin.Add("/api/roles/{id}", HttpMethod.Get, "getRole", draft.Say("One role, by its name", "Un rôle, par son nom"), role);
        admin.Add("/api/roles/{id}", HttpMethod.Patch, "changeRole", draft.Say("Another label, other default actions for tables to come", "Un autre libellé, d'autres actions par défaut pour les tables à venir"), role, AccountSchemas.Body([], parts));
        admin.Add("/api/roles/{id}", HttpMethod.Delete, "deleteRole", draft.Say("Remove a role that nobody has; a built-in one stays", "Retirer un rôle que personne n'a ; un rôle prédéfini reste"), role);
        ((OpenApiPathItem)draft.Document.Paths["/api/roles/{id}"]).Parameters = [new OpenApiParameter { Name = "id", In = ParameterLocation.Path, Required = true, Schema = ApiDraft.Text() }];
    }

    private static void AddPolicies(ApiDraft draft, AccountOperations admin)
    {
        var policy = draft.Schema(Policy);
        (string, IOpenApiSchema)[] parts = [("filter", AccountSchemas.Optional()), ("fields", Fields())];
        admin.Add("/api/policies", HttpMethod.Get, "listPolicies", draft.Say("What each role may do to each table", "Ce que chaque rôle peut faire à chaque table"), TableSchemas.List(policy), parameters:
        [
            ListParameters.Query("role", ApiDraft.Text(), draft.Say("Of one role only.", "D'un seul rôle.")),
            ListParameters.Query("table", ApiDraft.Text(), draft.Say("On one table only.", "Sur une seule table.")),
        ]);
        admin.Add("/api/policies", HttpMethod.Post, "createPolicy", draft.Say("Let a role do one thing to a table: to all records, or to those that the filter names", "Permettre une chose à un rôle sur une table : pour tous les enregistrements, ou ceux que nomme le filtre"), policy, AccountSchemas.Body(["role", "table"], [("action", Action()), .. parts]), created: true);
        admin.Add("/api/policies/{id}", HttpMethod.Get, "getPolicy", draft.Say("One policy", "Une règle"), policy);
        admin.Add("/api/policies/{id}", HttpMethod.Patch, "changePolicy", draft.Say("Another filter or other fields; null takes them away", "Un autre filtre ou d'autres champs ; null les retire"), policy, AccountSchemas.Body([], parts));
        admin.Add("/api/policies/{id}", HttpMethod.Delete, "deletePolicy", draft.Say("From now on the role may not", "Désormais le rôle ne le peut plus"), policy);
    }

    private static OpenApiSchema Action() => new() { Type = JsonSchemaType.String, Enum = [.. Enum.GetValues<PolicyAction>().Select(action => (JsonNode)action.ToString().ToLowerInvariant())] };

    private static OpenApiSchema ListOf(IOpenApiSchema item) => new() { Type = JsonSchemaType.Array, Items = item };

    private static OpenApiSchema Fields() => new() { Type = JsonSchemaType.Array | JsonSchemaType.Null, Items = ApiDraft.Text() };

    public static OpenApiSchema Label() => new() { AnyOf = [ApiDraft.Text(), new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["fr"] = ApiDraft.Text(), ["en"] = ApiDraft.Text() } }] };
}
