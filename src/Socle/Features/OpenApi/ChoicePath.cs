using Microsoft.OpenApi;

namespace Socle.Features.OpenApi;

/// <summary>What a form may offer for a field.</summary>
internal static class ChoicePath
{
    private const string Path = "/api/schema/tables/{table}/fields/{field}/choices";

    /// <summary>The same address for one field.</summary>
    public static string Of(string table, string field) => Path.Replace("{table}", Uri.EscapeDataString(table), StringComparison.Ordinal).Replace("{field}", Uri.EscapeDataString(field), StringComparison.Ordinal);

    public static void AddTo(ApiDraft draft, string tag)
    {
        var summary = draft.Say("What a field takes: the values of a choice, the records that a reference may lead to", "Ce que prend un champ : les valeurs d'un choix, les enregistrements auxquels une référence peut mener");
        var choice = HistorySchemas.Object(("value", ApiDraft.Text()), ("label", ApiDraft.Text()));
        var item = new OpenApiPathItem();
        item.AddOperation(HttpMethod.Get, new OpenApiOperation
        {
            OperationId = "listChoices",
            Summary = summary,
            Tags = new HashSet<OpenApiTagReference> { draft.Tag(tag) },
            Parameters = [Part("table", draft.Say("The table.", "La table.")), Part("field", draft.Say("Its field.", "Son champ."))],
            Responses = Faults.Responses(draft, [(StatusCodes.Status200OK, new OpenApiResponse { Description = summary, Content = ApiDraft.Json(TableSchemas.Envelope(TableSchemas.List(choice))) })], 409),
        });
        draft.Document.Paths.Add(Path, item);
    }

    private static OpenApiParameter Part(string name, string description) =>
        new() { Name = name, In = ParameterLocation.Path, Required = true, Description = description, Schema = ApiDraft.Text() };
}
