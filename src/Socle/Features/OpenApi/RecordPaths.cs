using Microsoft.OpenApi;

namespace Socle.Features.OpenApi;

/// <summary>What can be done with one record, by its id.</summary>
internal static class RecordPaths
{
    public static OpenApiPathItem Describe(ApiDraft draft, DescribedTable table)
    {
        var record = new OpenApiPathItem { Parameters = [Id(draft, table)] };
        record.AddOperation(HttpMethod.Get, Get(draft, table));
        if (table.Table.IsUpdatable)
            AddChanges(draft, table, record);
        if (table.Table.IsDeletable)
            record.AddOperation(HttpMethod.Delete, Delete(draft, table));
        return record;
    }

    private static void AddChanges(ApiDraft draft, DescribedTable table, OpenApiPathItem record)
    {
        record.AddOperation(HttpMethod.Put, Write(draft, table, "replace", draft.Say("Replace a record; what is not sent takes its default", "Remplacer un enregistrement ; ce qui n'est pas envoyé prend sa valeur par défaut"), TableSchemas.Replacement(draft, table)));
        record.AddOperation(HttpMethod.Patch, Write(draft, table, "update", draft.Say("Change the sent fields of a record", "Modifier les champs envoyés d'un enregistrement"), draft.Schema(table.Change)));
    }

    private static OpenApiParameter Id(ApiDraft draft, DescribedTable table)
    {
        var key = table.Table.PrimaryKey;
        var names = string.Join(", ", key.Select(field => $"`{field.ApiName}`"));
        return new OpenApiParameter
        {
            Name = "id",
            In = ParameterLocation.Path,
            Required = true,
            Schema = key.Length == 1 ? TableSchemas.Field(draft, table.Table, key[0], isNullable: false) : ApiDraft.Text(),
            Description = key.Length == 1 ? names : draft.Say($"The values of {names}, separated by commas.", $"Les valeurs de {names}, séparées par des virgules."),
        };
    }

    private static OpenApiOperation Get(ApiDraft draft, DescribedTable table)
    {
        var operation = TablePaths.Operation(draft, table, DescribedTable.ById("get", table.Name), draft.Say("Read a record", "Lire un enregistrement"));
        var answer = TablePaths.Answer(draft, draft.Say("The record.", "L'enregistrement."), table.One);
        TablePaths.AddFiles(answer);
        answer.Headers = ListParameters.Tag(draft);
        operation.Parameters!.Add(draft.Parameter(ListParameters.IfNoneMatch));
        var same = new OpenApiResponse { Description = draft.Say("The copy that you have is still the same.", "La copie que vous avez est toujours la même."), Headers = ListParameters.Tag(draft) };
        operation.Responses = Faults.Responses(draft, [(StatusCodes.Status200OK, answer), (StatusCodes.Status304NotModified, same)], 412);
        return operation;
    }

    private static OpenApiOperation Write(ApiDraft draft, DescribedTable table, string verb, string summary, IOpenApiSchema body)
    {
        var operation = TablePaths.Operation(draft, table, DescribedTable.ById(verb, table.Name), summary);
        operation.RequestBody = TablePaths.Body(body);
        AddHeaders(draft, operation);
        var answer = TablePaths.Answer(draft, draft.Say("The record as it is stored.", "L'enregistrement tel qu'enregistré."), table.One);
        if (table.Table.ReturnsVersions)
            answer.Headers = ListParameters.Tag(draft);
        operation.Responses = Faults.Responses(draft, [(StatusCodes.Status200OK, answer)], 409, 412, 413, 415, 422);
        return operation;
    }

    private static OpenApiOperation Delete(ApiDraft draft, DescribedTable table)
    {
        var operation = TablePaths.Operation(draft, table, DescribedTable.ById("delete", table.Name), draft.Say("Delete a record", "Supprimer un enregistrement"));
        AddHeaders(draft, operation);
        operation.Responses = Faults.Responses(draft, [(StatusCodes.Status200OK, TablePaths.Answer(draft, draft.Say("The record that went.", "L'enregistrement supprimé."), table.One))], 409, 412, 422);
        return operation;
    }

    private static void AddHeaders(ApiDraft draft, OpenApiOperation operation)
    {
        operation.Parameters!.Add(draft.Parameter(ListParameters.IfMatch));
        operation.Parameters.Add(draft.Parameter(ListParameters.IdempotencyKey));
    }
}
