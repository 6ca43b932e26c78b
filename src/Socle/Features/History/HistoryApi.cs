using System.Collections.Immutable;
using System.Globalization;
using Socle.Catalog;
using Socle.History;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.History;

/// <summary>
/// <c>/api/{table}/{id}/history</c>, <c>/api/trash</c> and <c>/api/changes</c>: what was changed, by whom, and how it is put back.
/// </summary>
public static class HistoryApi
{
    public static void MapHistory(this WebApplication app)
    {
        Map(app, "/api/{table}/{id}/history", ("GET", RecordRoutes.List));
        Map(app, "/api/{table}/{id}/history/{version}/restore", ("POST", RecordRoutes.Restore));
        Map(app, "/api/trash", ("GET", TrashRoutes.List), ("DELETE", TrashRoutes.Empty));
        Map(app, "/api/trash/{entry}", ("DELETE", TrashRoutes.Purge));
        Map(app, "/api/trash/{entry}/restore", ("POST", TrashRoutes.Restore));
        Map(app, "/api/changes", ("GET", ChangeRoutes.List)).LetIn(GateKind.Undoers);
        Map(app, "/api/changes/{change}", ("GET", ChangeRoutes.Get)).LetIn(GateKind.Undoers);
        Map(app, "/api/changes/{change}/undo", ("POST", ChangeRoutes.Undo)).LetIn(GateKind.Undoers);
    }

    private static IEndpointConventionBuilder Map(WebApplication app, string pattern, params (string Method, Func<HistoryCall, Task> Handle)[] handlers)
    {
        var hasGet = handlers.Any(handler => handler.Method == "GET");
        var allowed = string.Join(", ", handlers.Select(handler => handler.Method == "GET" ? "GET, HEAD" : handler.Method).Append("OPTIONS"));
        return app.Map(pattern, async context =>
        {
            var method = HttpMethods.IsHead(context.Request.Method) && hasGet ? "GET" : context.Request.Method;
            var handle = handlers.FirstOrDefault(handler => handler.Method == method).Handle;
            if (HttpMethods.IsOptions(method))
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                context.Response.Headers.Allow = allowed;
            }
            else if (handle is null)
            {
                await FaultAnswers.WriteMethodNotAllowed(context, allowed);
            }
            else if (!context.RequestServices.GetRequiredService<ServerState>().IsReady)
            {
                await FaultAnswers.Write(context, ServerState.NotReady);
            }
            else
            {
                await handle(new HistoryCall(context, new Viewer(RequestReader.CallerOf(context.Request), context.RequestServices.GetRequiredService<LiveCatalog>().Current)));
            }
        });
    }
}

/// <summary>A request of these routes: its address's parts, its parameters, its answer.</summary>
internal sealed class HistoryCall(HttpContext context, Viewer viewer)
{
    private const int DefaultLimit = 100;
    private const int HighestLimit = 1000;

    private readonly List<Fault> _faults = [];

    public HttpContext Context => context;

    public Viewer Viewer => viewer;

    public CancellationToken Cancellation => context.RequestAborted;

    /// <summary>A new change set of whoever asks.</summary>
    public ChangeOrigin Origin(string source) => RequestReader.OriginOf(context, source);

    public Language Language => Languages.Of(context.Request);

    public T Get<T>()
        where T : notnull => context.RequestServices.GetRequiredService<T>();

    /// <summary>What is wrong with the parameters read so far, or empty.</summary>
    public ImmutableArray<Fault> Faults => [.. _faults];

    public string Segment(int index) => AddressSegments.Read(context)[index];

    public TableSnapshot? Table(string name)
    {
        RequestLog.SetTable(context, name);
        var table = viewer.Seen.GetTable(name);
        if (!table.IsFault)
            return table.Value;
        _faults.AddRange(table.Faults);
        return null;
    }

    public long Number(string text, string english, string french)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        _faults.Add(new Fault(FaultCode.InvalidValue, $"'{Clip(text)}' is no {english}: that is a whole number.", $"« {Clip(text)} » n'est pas {french} : c'est un nombre entier."));
        return 0;
    }

    public Guid Change(string text)
    {
        if (Guid.TryParseExact(text, "D", out var id))
            return id;
        _faults.Add(new Fault(FaultCode.InvalidValue, $"'{Clip(text)}' is no change set: that is a UUID.", $"« {Clip(text)} » n'est pas un lot de modifications : c'est un UUID."));
        return Guid.Empty;
    }

    public int Limit() => (int)Math.Min(HighestLimit, Place("limit") ?? DefaultLimit);

    public long Offset() => Place("offset") ?? 0;

    public string? Text(string name) => context.Request.Query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    public bool Switch(string name)
    {
        var text = Text(name);
        if (text is null or "false")
            return false;
        if (text is not ("" or "true"))
            _faults.Add(new Fault(FaultCode.InvalidFilter, $"{name} is true or false.", $"{name} vaut true ou false.", name));
        return true;
    }

    /// <summary>Refuses parameters that the address does not know.</summary>
    public void Allow(params string[] names)
    {
        foreach (var name in context.Request.Query.Keys.Where(name => !names.Contains(name)))
        {
            var known = string.Join(", ", names);
            _faults.Add(names.Length == 0
                ? new Fault(FaultCode.InvalidFilter, $"This address takes no parameters, so not '{Clip(name)}'.", $"Cette adresse ne prend pas de paramètres, donc pas « {Clip(name)} ».", Clip(name))
                : new Fault(FaultCode.InvalidFilter, $"This address knows no parameter '{Clip(name)}'. It takes: {known}.", $"Cette adresse ne connaît pas le paramètre « {Clip(name)} ». Elle prend : {known}.", Clip(name)));
        }
    }

    private long? Place(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        _faults.Add(new Fault(FaultCode.InvalidRange, $"{name} is a whole number from 0.", $"{name} est un nombre entier à partir de 0.", name));
        return null;
    }

    private static string Clip(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
