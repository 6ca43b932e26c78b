using System.Text.Json;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Records;

namespace Socle.Http;

/// <summary>HttpContext → RecordRequest: method, path, query, preferences and body, held against the grammar only.</summary>
public static class RequestReader
{
    private static readonly JsonDocumentOptions BodyOptions = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>The body stays readable as long as <paramref name="context"/>'s request lives.</summary>
    public static async ValueTask<Result<RecordRequest>> Read(HttpContext context, RecordAddress address)
    {
        var request = context.Request;
        var action = ActionOf(request.Method, address.Id);
        if (action.IsFault)
            return action.Faults;
        var query = request.QueryString.HasValue ? QueryReader.Read(request.QueryString.Value!) : RecordQuery.Everything;
        if (query.IsFault)
            return query.Faults;
        var preferences = Preferences.Read(request.Headers["Prefer"]);
        var ranged = action.Value == RecordAction.List ? Ranges.Apply(query.Value, request) : query;
        if (ranged.IsFault)
            return ranged.Faults;
        var body = action.Value is RecordAction.Create or RecordAction.Replace or RecordAction.Patch ? await ReadBody(context) : default;
        if (body.IsFault)
            return body.Faults;
        return new RecordRequest(
            action.Value,
            address.Table,
            ranged.Value.Count is null && preferences.Count is not null ? ranged.Value with { Count = preferences.Count } : ranged.Value,
            Languages.Of(request) == Language.French ? Caller.French : Caller.English,
            address.Id,
            body.Value,
            preferences.Resolution,
            Export: action.Value is RecordAction.List or RecordAction.Get ? address.Format ?? Formats.FindExport(request) : null,
            action.Value is RecordAction.List or RecordAction.Get ? null : ChangeOrigin.New("api", RequestIds.Of(context)));
    }

    private static Result<RecordAction> ActionOf(string method, string? id) => (method, id) switch
    {
        ("GET" or "HEAD", null) => RecordAction.List,
        ("GET" or "HEAD", _) => RecordAction.Get,
        ("POST", null) => RecordAction.Create,
        ("PUT", not null) => RecordAction.Replace,
        ("PATCH", _) => RecordAction.Patch,
        ("DELETE", _) => RecordAction.Delete,
        _ => new Fault(
            FaultCode.MethodNotAllowed,
            id is null ? $"{method} does not work on a table. Use GET, POST, PATCH or DELETE." : $"{method} does not work on a record. Use GET, PUT, PATCH or DELETE.",
            id is null ? $"{method} ne s'applique pas à une table. Utilisez GET, POST, PATCH ou DELETE." : $"{method} ne s'applique pas à un enregistrement. Utilisez GET, PUT, PATCH ou DELETE."),
    };

    private static async ValueTask<Result<JsonElement?>> ReadBody(HttpContext context)
    {
        var request = context.Request;
        if (!Formats.IsJson(request.ContentType))
        {
            return new Fault(
                FaultCode.UnsupportedMediaType,
                "The body must be JSON: send it with Content-Type: application/json.",
                "Le corps doit être du JSON : envoyez-le avec Content-Type: application/json.");
        }

        try
        {
            var document = await JsonDocument.ParseAsync(request.Body, BodyOptions, context.RequestAborted);
            context.Response.RegisterForDispose(document);
            return document.RootElement;
        }
        catch (IOException exception) when (exception is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            // Kestrel's own word for chunks of impossible sizes.
            throw new BadHttpRequestException("The body cannot be read.", exception);
        }
        catch (InvalidOperationException)
        {
            // The name of a member, which is compared with the others, is no text.
            return new Fault(
                FaultCode.InvalidJson,
                "The body holds half of a surrogate pair (such as \\ud800 alone), which is no Unicode text.",
                "Le corps contient une moitié de paire de substitution (comme \\ud800 seul), qui n'est pas un texte Unicode.");
        }
        catch (JsonException exception)
        {
            var line = (exception.LineNumber ?? 0) + 1;
            var column = (exception.BytePositionInLine ?? 0) + 1;
            return new Fault(
                FaultCode.InvalidJson,
                $"The body is not valid JSON: see line {line}, byte {column}.",
                $"Le corps n'est pas du JSON valide : voyez la ligne {line}, octet {column}.");
        }
    }
}
