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
        var head = ReadHead(request.Method, address, request.QueryString.Value, request.Headers);
        if (head.IsFault)
            return head.Faults;
        var body = head.Value.HasBody ? await ReadBody(context) : default;
        if (body.IsFault)
            return body.Faults;
        var origin = head.Value.IsRead ? null : OriginOf(context, "api");
        return head.Value.ToRequest(address, CallerOf(request), body.Value, head.Value.IsRead ? address.Format ?? Formats.FindExport(request) : null, origin);
    }

    /// <summary>Whom the door let in; nobody where no door stands.</summary>
    public static Caller CallerOf(HttpRequest request) => request.HttpContext.Features.Get<Caller>() ?? new Caller(Languages.Of(request), Role: null);

    /// <summary>A new change set of whoever asks.</summary>
    public static ChangeOrigin OriginOf(HttpContext context, string source) =>
        ChangeOrigin.New(source, RequestIds.Of(context)) with { Actor = CallerOf(context.Request).Name };

    /// <summary>Everything but the body.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="address">What the path names.</param>
    /// <param name="query">The query with its question mark, encoded as it came; null or empty for none.</param>
    /// <param name="headers">The headers that a request for records understands.</param>
    public static Result<RequestHead> ReadHead(string method, RecordAddress address, string? query, IHeaderDictionary headers)
    {
        var action = ActionOf(method, address.Id);
        if (action.IsFault)
            return action.Faults;
        var read = string.IsNullOrEmpty(query) ? RecordQuery.Everything : QueryReader.Read(query);
        if (read.IsFault)
            return read.Faults;
        var preferences = Preferences.Read(headers["Prefer"]);
        var ranged = action.Value == RecordAction.List ? Ranges.Apply(read.Value, method, headers) : read;
        if (ranged.IsFault)
            return ranged.Faults;
        var counted = ranged.Value.Count is null && preferences.Count is not null ? ranged.Value with { Count = preferences.Count } : ranged.Value;
        var versions = Preconditions.ReadVersions(action.Value, address.Id, headers);
        if (versions.IsFault)
            return versions.Faults;
        return new RequestHead(action.Value, counted, preferences.Resolution, versions.Value);
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

    /// <summary>The body as JSON, readable as long as <paramref name="context"/>'s request lives.</summary>
    public static async ValueTask<Result<JsonElement?>> ReadBody(HttpContext context)
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
