using Microsoft.OpenApi;

namespace Socle.Features.OpenApi;

/// <summary>The stream of changes.</summary>
internal static class EventPaths
{
    private const string Path = "/api/events";

    public static void AddTo(ApiDraft draft, string tag)
    {
        var summary = draft.Say("Records created, changed and deleted, as server-sent events", "Les enregistrements créés, modifiés et supprimés, en événements envoyés par le serveur");
        var stream = new OpenApiResponse
        {
            Description = draft.Say(
                "Events without end: `created`, `updated`, `deleted`, each with the record's table, id and change, and `reset` where the place of the last event is not known. See `/docs/realtime.md`.",
                "Des événements sans fin : `created`, `updated`, `deleted`, chacun avec la table, l'id et la modification de l'enregistrement, et `reset` quand la place du dernier événement est inconnue. Voir `/docs/realtime.md`."),
            Content = new Dictionary<string, IOpenApiMediaType> { ["text/event-stream"] = new OpenApiMediaType { Schema = ApiDraft.Text() } },
        };
        var item = new OpenApiPathItem();
        item.AddOperation(HttpMethod.Get, new OpenApiOperation
        {
            OperationId = "getEvents",
            Summary = summary,
            Tags = new HashSet<OpenApiTagReference> { draft.Tag(tag) },
            Parameters =
            [
                Parameter("table", ParameterLocation.Query, draft.Say("The tables to hear of, separated by commas; without it, all that keep a history.", "Les tables à suivre, séparées par des virgules ; sans lui, toutes celles qui gardent un historique.")),
                Parameter("lastEventId", ParameterLocation.Query, draft.Say("As `Last-Event-ID`, for those who cannot send headers.", "Comme `Last-Event-ID`, pour qui ne peut pas envoyer d'en-têtes.")),
                Parameter("Last-Event-ID", ParameterLocation.Header, draft.Say("The id of the last event received: the stream goes on right after it.", "L'id du dernier événement reçu : le flux reprend juste après.")),
            ],
            Responses = Faults.Responses(draft, [(StatusCodes.Status200OK, stream)], StatusCodes.Status429TooManyRequests),
        });
        draft.Document.Paths.Add(Path, item);
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation place, string description) =>
        new() { Name = name, In = place, Description = description, Schema = ApiDraft.Text() };
}
