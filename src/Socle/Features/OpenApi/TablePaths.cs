using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Http;

namespace Socle.Features.OpenApi;

/// <summary>A table's two paths: its list and, where it has a key, each of its records.</summary>
internal static class TablePaths
{
    public static void AddTo(ApiDraft draft, DescribedTable table)
    {
        AddParameters(draft, table);
        var list = new OpenApiPathItem();
        list.AddOperation(HttpMethod.Get, List(draft, table));
        if (table.Table.IsInsertable)
            list.AddOperation(HttpMethod.Post, Create(draft, table));
        if (table.Table.IsUpdatable)
            list.AddOperation(HttpMethod.Patch, Update(draft, table));
        if (table.Table.IsDeletable)
            list.AddOperation(HttpMethod.Delete, Delete(draft, table));

        // A table called like a door of the server's own cannot be reached.
        if (!draft.Document.Paths.TryAdd(table.Path, list))
            return;
        if (table.Table.IsInsertable)
            draft.Document.Paths.Add($"{table.Path}/import", ImportPath.Describe(draft, table));
        if (table.Table.PrimaryKey.IsEmpty)
            return;
        draft.Document.Paths.Add($"{table.Path}/{{id}}", RecordPaths.Describe(draft, table));
    }

    public static OpenApiOperation Operation(ApiDraft draft, DescribedTable table, string id, string summary) => new()
    {
        OperationId = id,
        Summary = summary,
        Tags = new HashSet<OpenApiTagReference> { draft.Tag(table.Tag) },
        Parameters = [draft.Parameter(Select(table))],
    };

    public static OpenApiResponse Answer(ApiDraft draft, string description, string schema) =>
        new() { Description = description, Content = ApiDraft.Json(draft.Schema(schema)) };

    /// <summary>The files in which records are answered too.</summary>
    public static void AddFiles(OpenApiResponse answer)
    {
        answer.Content!["text/csv"] = new OpenApiMediaType { Schema = ApiDraft.Text() };
        // Binary content has no schema (OpenAPI 3.1).
        answer.Content[Formats.Xlsx] = new OpenApiMediaType();
    }

    public static OpenApiRequestBody Body(IOpenApiSchema schema) => new() { Required = true, Content = ApiDraft.Json(schema) };

    private static string Select(DescribedTable table) => $"{table.Name}-select";

    private static string Order(DescribedTable table) => $"{table.Name}-order";

    private static void AddParameters(ApiDraft draft, DescribedTable table)
    {
        var fields = table.Table.Fields;
        var names = fields.Take(3).Select(field => QueryWriter.WriteName(field.ApiName)).ToList();
        draft.Add(Select(table), ListParameters.Query("select", ApiDraft.Text(), draft.Say("The fields to answer, and related records: `name,contracts(amount)`. All fields by default.", "Les champs à donner, et des enregistrements liés : `name,contracts(amount)`. Tous les champs par défaut."), names.Count == 0 ? null : string.Join(',', names)));
        draft.Add(Order(table), ListParameters.Query("order", ApiDraft.Text(), draft.Say("How to sort: `field.desc`, `field.asc.nullslast`, several separated by commas.", "L'ordre : `champ.desc`, `champ.asc.nullslast`, plusieurs séparés par des virgules."), names.Count == 0 ? null : $"{names[0]}.desc"));
        for (var i = 0; i < fields.Length; i++)
        {
            var field = fields[i];
            var label = field.FindLabel is { } found ? $"{found.In(draft.Language)} · " : "";
            var example = FilterExamples.For(field);
            draft.Add(table.Parameters[i], ListParameters.Query(
                QueryWriter.WriteFilterKey(field.ApiName),
                ApiDraft.Text(),
                draft.Say($"{label}A condition on this field: `operator.value`.", $"{label}Une condition sur ce champ : `opérateur.valeur`."),
                example));
        }
    }

    private static IEnumerable<IOpenApiParameter> Filters(ApiDraft draft, DescribedTable table) =>
        [draft.Parameter(ListParameters.And), draft.Parameter(ListParameters.Or), .. table.Parameters.Select(draft.Parameter)];

    private static OpenApiOperation List(ApiDraft draft, DescribedTable table)
    {
        var operation = Operation(draft, table, DescribedTable.List(table.Name), draft.Say("List records", "Lister les enregistrements"));
        var words = table.Table.SearchFields.IsEmpty ? Array.Empty<string>() : [ListParameters.Words];
        string[] names = [Order(table), ListParameters.Limit, ListParameters.Offset, ListParameters.Count, .. words, ListParameters.Range];
        operation.Parameters = [.. operation.Parameters!, .. names.Select(draft.Parameter), .. Filters(draft, table)];
        var answer = Answer(draft, draft.Say("The records; as CSV or workbook all of them, without the server's limit.", "Les enregistrements ; en CSV ou en classeur tous, sans la limite du serveur."), table.Many);
        AddFiles(answer);
        operation.Responses = Faults.Responses(draft, [(StatusCodes.Status200OK, answer)], 416);
        return operation;
    }

    private static OpenApiOperation Create(ApiDraft draft, DescribedTable table)
    {
        var operation = Operation(draft, table, DescribedTable.Create(table.Name), draft.Say("Create one record or several, all or none", "Créer un ou plusieurs enregistrements, tous ou aucun"));
        string[] names = [ListParameters.Columns, ListParameters.OnConflict, ListParameters.Prefer, ListParameters.IdempotencyKey];
        operation.Parameters = [.. operation.Parameters!, .. names.Select(draft.Parameter)];
        var sent = draft.Schema(table.New);
        operation.RequestBody = Body(new OpenApiSchema { AnyOf = [sent, TableSchemas.List(sent)] });
        IOpenApiSchema[] answers = [draft.Schema(table.One), draft.Schema(table.Many)];
        var merged = new OpenApiSchema { AnyOf = answers };
        var stored = new OpenApiSchema { AnyOf = [.. answers, TableSchemas.Envelope(new OpenApiSchema { Type = JsonSchemaType.Null })] };
        var headers = table.Table.ReturnsVersions ? ListParameters.Tag(draft) : null;
        operation.Responses = Faults.Responses(
            draft,
            [
                (StatusCodes.Status200OK, new OpenApiResponse { Description = draft.Say("Nothing was new: existing records took the sent values.", "Rien n'était nouveau : des enregistrements présents ont pris les valeurs envoyées."), Content = ApiDraft.Json(merged), Headers = headers }),
                (StatusCodes.Status201Created, new OpenApiResponse { Description = draft.Say("What was sent, as it is stored; without the records that stayed as they were.", "Ce qui a été envoyé, tel qu'enregistré ; sans les enregistrements restés tels quels."), Content = ApiDraft.Json(stored), Headers = headers }),
            ],
            409, 413, 415, 422);
        return operation;
    }

    private static OpenApiOperation Update(ApiDraft draft, DescribedTable table)
    {
        var operation = Operation(draft, table, DescribedTable.Update(table.Name), draft.Say("Change the records that match, at least one condition given", "Modifier les enregistrements trouvés, au moins une condition étant donnée"));
        operation.Parameters = [.. operation.Parameters!, .. Filters(draft, table), draft.Parameter(ListParameters.IdempotencyKey)];
        operation.RequestBody = Body(draft.Schema(table.Change));
        operation.Responses = Faults.Responses(draft, [(StatusCodes.Status200OK, Answer(draft, draft.Say("The changed records.", "Les enregistrements modifiés."), table.Many))], 409, 413, 415, 422);
        return operation;
    }

    private static OpenApiOperation Delete(ApiDraft draft, DescribedTable table)
    {
        var operation = Operation(draft, table, DescribedTable.Delete(table.Name), draft.Say("Delete the records that match, at least one condition given", "Supprimer les enregistrements trouvés, au moins une condition étant donnée"));
        operation.Parameters = [.. operation.Parameters!, .. Filters(draft, table), draft.Parameter(ListParameters.IdempotencyKey)];
        operation.Responses = Faults.Responses(draft, [(StatusCodes.Status200OK, Answer(draft, draft.Say("The records that went.", "Les enregistrements supprimés."), table.Many))], 409, 422);
        return operation;
    }
}
