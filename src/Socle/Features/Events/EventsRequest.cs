using System.Collections.Immutable;
using Microsoft.Net.Http.Headers;
using Socle.Kernel;

namespace Socle.Features.Events;

/// <summary>Takes a request for events, gives the tables asked for and where the listener stopped. Refuses parameters that would be without effect.</summary>
/// <param name="Tables">As written; none for all.</param>
/// <param name="LastId">From the header, which browsers send when they connect again, or from the address.</param>
internal sealed record EventsRequest(ImmutableArray<string> Tables, string? LastId)
{
    private const string TableParameter = "table";
    private const string LastIdParameter = "lastEventId";

    public static Result<EventsRequest> Read(HttpRequest request)
    {
        var faults = request.Query.Keys.Where(key => key is not (TableParameter or LastIdParameter)).Select(Unknown).ToList();
        if (!CanAnswer(request))
            faults.Add(NotAcceptable);
        if (faults.Count > 0)
            return faults;
        var lastId = request.Headers["Last-Event-ID"].FirstOrDefault(id => id?.Length > 0) ?? request.Query[LastIdParameter].FirstOrDefault(id => id?.Length > 0);
        return new EventsRequest([.. request.Query[TableParameter].SelectMany(names => names!.Split(','))], lastId);
    }

    private static bool CanAnswer(HttpRequest request) =>
        request.Headers.Accept.Count == 0
        || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types)
        || types.Any(type => type.Quality is not 0 && type.MediaType.Value is "text/event-stream" or "text/*" or "*/*");

    private static Fault Unknown(string name) => new(
        FaultCode.InvalidRequest,
        $"'{name}' does not choose events: table= does, with one or more names. Filter the records that the events bring.",
        $"« {name} » ne choisit pas d'événements : c'est table= qui le fait, avec un ou plusieurs noms. Filtrez les enregistrements que les événements apportent.",
        name);

    private static Fault NotAcceptable { get; } = new(
        FaultCode.NotAcceptable,
        "Events are answered as text/event-stream. Ask for it in Accept.",
        "Les événements sont donnés en text/event-stream. Demandez-le dans Accept.");
}
