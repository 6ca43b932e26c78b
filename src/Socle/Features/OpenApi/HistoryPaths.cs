using Microsoft.OpenApi;
using Socle.Catalog;

namespace Socle.Features.OpenApi;

/// <summary>The doors of the history: versions of a record, the trash, change sets.</summary>
internal static class HistoryPaths
{
    public static void AddTo(ApiDraft draft, CatalogSnapshot catalog)
    {
        HistorySchemas.AddTo(draft);
        var tag = "history";
        while (catalog.FindTable(tag) is not null)
            tag += "_";
        draft.Document.Tags!.Add(new OpenApiTag { Name = tag, Description = draft.Say("What was changed, and how it is put back", "Ce qui a été modifié, et comment le remettre") });

        var record = new[] { InPath("table", ApiDraft.Text()), InPath("id", ApiDraft.Text()) };
        var one = TableSchemas.Envelope(HistorySchemas.Record(isNullable: false));
        Add(draft, tag, "/api/{table}/{id}/history", record, (HttpMethod.Get, "readHistory", draft.Say("The versions of a record, newest first", "Les versions d'un enregistrement, la plus récente d'abord"), List(draft, HistorySchemas.Version), []));
        Add(draft, tag, "/api/{table}/{id}/history/{version}/restore", [.. record, InPath("version", HistorySchemas.Number())], (HttpMethod.Post, "restoreVersion", draft.Say("Put a record back as it was at a version", "Remettre un enregistrement tel qu'il était à une version"), one, []));

        var purged = TableSchemas.Envelope(HistorySchemas.Object(("purged", HistorySchemas.Number())));
        var table = ListParameters.Query("table", ApiDraft.Text(), draft.Say("Of one table only.", "D'une seule table."));
        Add(
            draft,
            tag,
            "/api/trash",
            [table],
            (HttpMethod.Get, "readTrash", draft.Say("Deleted records that are not there again, newest first", "Les enregistrements supprimés qui ne sont pas revenus, le plus récent d'abord"), List(draft, HistorySchemas.TrashEntry), []),
            (HttpMethod.Delete, "emptyTrash", draft.Say("Forget a table's deleted records for good", "Oublier pour de bon les enregistrements supprimés d'une table"), purged, []));
        var entry = InPath("entry", HistorySchemas.Number());
        Add(draft, tag, "/api/trash/{entry}", [entry], (HttpMethod.Delete, "purgeTrash", draft.Say("Forget a deleted record and all its versions", "Oublier un enregistrement supprimé et toutes ses versions"), purged, []));
        Add(draft, tag, "/api/trash/{entry}/restore", [entry], (HttpMethod.Post, "restoreTrash", draft.Say("Restore a deleted record", "Restaurer un enregistrement supprimé"), one, []));
        AddChanges(draft, tag, table);
    }

    private static void AddChanges(ApiDraft draft, string tag, OpenApiParameter table)
    {
        var source = ListParameters.Query("source", ApiDraft.Text(), draft.Say("From one door only: `api`, `import`, `sql`, ….", "D'une seule porte : `api`, `import`, `sql`, …."));
        var actor = ListParameters.Query("actor", ApiDraft.Text(), draft.Say("By one person only.", "D'une seule personne."));
        var request = ListParameters.Query("requestId", ApiDraft.Text(), draft.Say("Of one request only.", "D'une seule requête."));
        Add(draft, tag, "/api/changes", [], (HttpMethod.Get, "readChanges", draft.Say("The change sets, newest first", "Les lots de modifications, le plus récent d'abord"), List(draft, HistorySchemas.ChangeSet), [table, source, actor, request]));
        var change = InPath("change", ApiDraft.Text("uuid"));
        var whole = new OpenApiSchema { AllOf = [draft.Schema(HistorySchemas.ChangeSet), HistorySchemas.Object(("entries", TableSchemas.List(draft.Schema(HistorySchemas.ChangeEntry))))] };
        Add(draft, tag, "/api/changes/{change}", [change], (HttpMethod.Get, "getChangeSet", draft.Say("A change set and its entries", "Un lot de modifications et ses entrées"), TableSchemas.Envelope(whole, draft.Schema(TableSchemas.Page)), []));
        var dryRun = ListParameters.Query("dry_run", new OpenApiSchema { Type = JsonSchemaType.Boolean }, draft.Say("Reports what would be, and changes nothing.", "Dit ce qui serait fait, et ne modifie rien."));
        Add(draft, tag, "/api/changes/{change}/undo", [change], (HttpMethod.Post, "undoChangeSet", draft.Say("Take a change set back as a whole; records changed since are left alone and reported", "Annuler un lot de modifications en entier ; les enregistrements modifiés depuis restent tels quels et sont signalés"), TableSchemas.Envelope(draft.Schema(HistorySchemas.UndoReport)), [dryRun]));
    }

    private static void Add(
        ApiDraft draft,
        string tag,
        string path,
        IReadOnlyList<OpenApiParameter> shared,
        params (HttpMethod Method, string Id, string Summary, IOpenApiSchema Answer, OpenApiParameter[] Parameters)[] operations)
    {
        var item = new OpenApiPathItem { Parameters = [.. shared] };
        foreach (var (method, id, summary, answer, parameters) in operations)
        {
            IOpenApiParameter[] page = method == HttpMethod.Get ? [draft.Parameter(ListParameters.Limit), draft.Parameter(ListParameters.Offset)] : [];
            item.AddOperation(method, new OpenApiOperation
            {
                OperationId = id,
                Summary = summary,
                Tags = new HashSet<OpenApiTagReference> { draft.Tag(tag) },
                Parameters = [.. parameters, .. page],
                Responses = Faults.Responses(draft, [(StatusCodes.Status200OK, new OpenApiResponse { Description = summary, Content = ApiDraft.Json(answer) })], method == HttpMethod.Get ? [416] : [409, 422]),
            });
        }

        draft.Document.Paths.TryAdd(path, item);
    }

    private static OpenApiSchema List(ApiDraft draft, string schema) => TableSchemas.Envelope(TableSchemas.List(draft.Schema(schema)), draft.Schema(TableSchemas.Page));

    private static OpenApiParameter InPath(string name, IOpenApiSchema schema) => new() { Name = name, In = ParameterLocation.Path, Required = true, Schema = schema };
}
