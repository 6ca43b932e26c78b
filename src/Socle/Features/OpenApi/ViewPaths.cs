using System.Net.Http;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Socle.Catalog;
using Socle.Views;

namespace Socle.Features.OpenApi;

/// <summary>The doors of saved views and dashboards.</summary>
internal static class ViewPaths
{
    public const string View = "SavedView";
    public const string Dashboard = "Dashboard";
    public const string Shown = "DashboardShown";

    public static IReadOnlyList<string> All { get; } = [View, Dashboard, Shown];

    public static void AddTo(ApiDraft draft, CatalogSnapshot catalog)
    {
        AddSchemas(draft);
        var tag = "views";
        while (catalog.FindTable(tag) is not null)
            tag += "_";
        draft.Document.Tags!.Add(new OpenApiTag { Name = tag, Description = draft.Say("Saved views and dashboards", "Vues enregistrées et tableaux de bord") });
        AddViews(draft, new AccountOperations(draft, tag, security: null));
        AddDashboards(draft, new AccountOperations(draft, tag, security: null));
    }

    private static void AddViews(ApiDraft draft, AccountOperations anybody)
    {
        var view = draft.Schema(View);
        (string, IOpenApiSchema)[] parts = [("query", ApiDraft.Text()), ("settings", Anything()), ("shared", AccountSchemas.Switch()), ("position", Position())];
        anybody.Add("/api/views", HttpMethod.Get, "findViews", draft.Say("The views that I have: shared ones and my own", "Les vues dont je dispose : les partagées et les miennes"), TableSchemas.List(view), parameters: [ListParameters.Query("table", ApiDraft.Text(), draft.Say("Of one table only.", "D'une seule table."))]);
        anybody.Add("/api/views", HttpMethod.Post, "makeView", draft.Say("A new view", "Une nouvelle vue"), view, AccountSchemas.Body(["table"], [("label", PolicyPaths.Label()), ("kind", Kind(Kinds.Views.Keys)), .. parts]), created: true);
        anybody.Add("/api/views/{id}", HttpMethod.Get, "readView", draft.Say("One view", "Une vue"), view);
        anybody.Add("/api/views/{id}", HttpMethod.Patch, "changeView", draft.Say("What is sent changes", "Ce qui est envoyé change"), view, AccountSchemas.Body([], [("label", PolicyPaths.Label()), ("kind", Kind(Kinds.Views.Keys)), .. parts]));
        anybody.Add("/api/views/{id}", HttpMethod.Delete, "removeView", draft.Say("Remove a view", "Retirer une vue"), view);
        anybody.Add("/api/views/{id}/records", HttpMethod.Get, "readViewRecords", draft.Say("The records of a view; conditions in the address hold besides its own", "Les enregistrements d'une vue ; les conditions de l'adresse s'ajoutent aux siennes"), TableSchemas.List(Anything()), page: true);
    }

    private static void AddDashboards(ApiDraft draft, AccountOperations anybody)
    {
        var (dashboard, shown) = (draft.Schema(Dashboard), draft.Schema(Shown));
        var widgets = new OpenApiSchema { Type = JsonSchemaType.Array, MaxItems = 50, Items = AccountSchemas.Body(["table", "query"], ("id", ApiDraft.Text()), ("label", PolicyPaths.Label()), ("kind", Kind(Kinds.Widgets.Keys))) };
        (string, IOpenApiSchema)[] parts = [("label", PolicyPaths.Label()), ("widgets", widgets), ("shared", AccountSchemas.Switch()), ("position", Position())];
        anybody.Add("/api/dashboard", HttpMethod.Get, "findDashboards", draft.Say("The dashboards that I have: shared ones first, then my own", "Les tableaux de bord dont je dispose : les partagés, puis les miens"), TableSchemas.List(dashboard));
        anybody.Add("/api/dashboard", HttpMethod.Post, "makeDashboard", draft.Say("A new dashboard", "Un nouveau tableau de bord"), dashboard, AccountSchemas.Body([], parts), created: true);
        anybody.Add("/api/dashboard/summary", HttpMethod.Get, "readSummary", draft.Say("The first shared dashboard with its numbers; without one, how many records each table holds", "Le premier tableau de bord partagé avec ses chiffres ; sans lui, le nombre d'enregistrements de chaque table"), shown);
        anybody.Add("/api/dashboard/{id}", HttpMethod.Get, "readDashboard", draft.Say("One dashboard with its numbers", "Un tableau de bord avec ses chiffres"), shown);
        anybody.Add("/api/dashboard/{id}", HttpMethod.Patch, "changeDashboard", draft.Say("What is sent changes; widgets are sent all together", "Ce qui est envoyé change ; les widgets s'envoient tous ensemble"), dashboard, AccountSchemas.Body([], parts));
        anybody.Add("/api/dashboard/{id}", HttpMethod.Delete, "removeDashboard", draft.Say("Remove a dashboard", "Retirer un tableau de bord"), dashboard);
    }

    private static void AddSchemas(ApiDraft draft)
    {
        (string, IOpenApiSchema)[] common = [("id", ApiDraft.Text("uuid")), ("key", AccountSchemas.Optional()), ("label", Label()), ("shared", AccountSchemas.Switch()), ("position", Position()), ("blueprint", AccountSchemas.Optional()), ("mayChange", AccountSchemas.Switch()), ("createdAt", AccountSchemas.Moment(isNullable: false)), ("updatedAt", AccountSchemas.Moment(isNullable: false))];
        (string, IOpenApiSchema)[] widget = [("id", ApiDraft.Text()), ("label", Label()), ("kind", Kind(Kinds.Widgets.Keys)), ("table", ApiDraft.Text()), ("query", ApiDraft.Text())];
        var problems = ("problems", (IOpenApiSchema)TableSchemas.List(ApiDraft.Text()));
        draft.Add(View, HistorySchemas.Object([.. common, ("table", ApiDraft.Text()), ("kind", Kind(Kinds.Views.Keys)), ("query", ApiDraft.Text()), ("settings", Anything()), problems]));
        draft.Add(Dashboard, HistorySchemas.Object([.. common, ("widgets", TableSchemas.List(HistorySchemas.Object([.. widget, problems])))]));
        var data = HistorySchemas.Object([.. widget, ("groups", TableSchemas.List(ApiDraft.Text())), ("values", TableSchemas.List(ApiDraft.Text())), ("data", TableSchemas.List(Anything())), ("error", HistorySchemas.Object(("code", ApiDraft.Text()), ("message", ApiDraft.Text())))]);
        // Either what it shows or why it does not.
        data.Required = widget.Select(member => member.Item1).ToHashSet();
        var shown = HistorySchemas.Object([.. common, ("widgets", TableSchemas.List(data))]);
        shown.Properties!["id"] = AccountSchemas.Optional("uuid");
        shown.Required = new HashSet<string> { "id", "label", "widgets" };
        draft.Add(Shown, shown);
    }

    private static OpenApiSchema Kind(IEnumerable<string> words) => new() { Type = JsonSchemaType.String, Enum = [.. words.Order(StringComparer.Ordinal).Select(word => (JsonNode)word)] };

    private static OpenApiSchema Label() => HistorySchemas.Object(("fr", ApiDraft.Text()), ("en", ApiDraft.Text()));

    private static OpenApiSchema Anything() => new() { Type = JsonSchemaType.Object };

    private static OpenApiSchema Position() => new() { Type = JsonSchemaType.Integer | JsonSchemaType.Null, Format = "int32" };
}
