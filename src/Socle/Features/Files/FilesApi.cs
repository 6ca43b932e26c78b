using Socle.Catalog;
using Socle.Files;
using Socle.Http;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Features.Files;

/// <summary>
/// <c>/api/files</c>: files go up in one request or, by tus, in as many as it takes; down whole, in ranges, or as a small picture.
/// Who may read a record that points to a file may read the file; what a caller may not read is not there.
/// </summary>
public static class FilesApi
{
    public static IServiceCollection AddFiles(this IServiceCollection services, string dataFolder, StorageLimits limits, Database database)
    {
        var store = new FileStore(database, new FileFolder(dataFolder), limits);
        return services
            .AddSingleton(store)
            .AddSingleton(new DirectUploads(store))
            .AddSingleton(new Uploads(database, store))
            .AddSingleton(_ => new Previews(store.Folder));
    }

    public static void MapFiles(this WebApplication app)
    {
        Map(app, "/api/files", ("GET", FileRoutes.List), ("POST", UploadRoutes.Receive));
        Map(app, "/api/files/uploads", ("POST", TusRoutes.Begin), ("OPTIONS", TusRoutes.Describe));
        Map(app, "/api/files/uploads/{id}", ("GET", TusRoutes.Tell), ("PATCH", TusRoutes.Append), ("DELETE", TusRoutes.Cancel), ("POST", TusRoutes.Override), ("OPTIONS", TusRoutes.Describe));
        Map(app, "/api/files/{id}", ("GET", DownloadRoutes.Send), ("DELETE", FileRoutes.Delete));
        Map(app, "/api/files/{id}/info", ("GET", FileRoutes.Get));
        Map(app, "/api/files/{id}/thumbnail", ("GET", DownloadRoutes.SendThumbnail));
        Map(app, "/api/files/{id}/preview", ("GET", DownloadRoutes.SendPreview));
        Map(app, "/api/files/{id}/{name}", ("GET", DownloadRoutes.Send));
    }

    private static void Map(WebApplication app, string pattern, params (string Method, Func<FileCall, Task> Handle)[] handlers) =>
        app.MapRoute(pattern, GateKind.Anybody, [.. handlers.Select(handler => (handler.Method, (RequestDelegate)(context => Handle(new FileCall(context), handler.Handle))))]);

    private static Task Handle(FileCall call, Func<FileCall, Task> handle) => call.Refusal is { } fault ? call.Refuse(fault) : handle(call);
}

/// <summary>A request about files: who asks, and what the address says.</summary>
internal sealed class FileCall
{
    private readonly CatalogSnapshot _snapshot;
    private readonly Caller _caller;

    public FileCall(HttpContext context)
    {
        Context = context;
        _snapshot = context.RequestServices.GetRequiredService<LiveCatalog>().Current;
        _caller = RequestReader.CallerOf(context.Request);
    }

    public HttpContext Context { get; }

    public CancellationToken Cancellation => Context.RequestAborted;

    public Language Language => Languages.Of(Context.Request);

    public FileCaller Caller => FileCaller.From(_caller, _snapshot, RequestReader.OriginOf(Context, "api"));

    /// <summary>Why there is nothing to be had here at all.</summary>
    public Fault? Refusal =>
        !Context.RequestServices.GetRequiredService<ServerState>().IsReady ? ServerState.NotReady
        : !_snapshot.HasSystemSchema || !_snapshot.Access.IsEnforced ? NoFiles
        : null;

    /// <summary>Why the caller may store nothing: nobody who may only read has a use for it.</summary>
    public Fault? UploadRefusal =>
        Caller.IsAdministrator || _snapshot.For(_caller).Tables.Any(table => table.IsInsertable || table.IsUpdatable) ? null : Gate.Forbidden;

    public Guid? Id => Guid.TryParseExact((string?)Context.Request.RouteValues["id"], "D", out var id) ? id : null;

    public T Get<T>()
        where T : notnull => Context.RequestServices.GetRequiredService<T>();

    public string? Text(string name) => Context.Request.Query.TryGetValue(name, out var values) && values is [{ } text] && !text.Contains('\0') ? text : null;

    /// <summary>A whole number in the query; null where it is none, and the fallback where it is left out.</summary>
    public int? Number(string name, int fallback) =>
        Text(name) is not { } text ? fallback : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    public Task Refuse(Fault fault) => FaultAnswers.Write(Context, fault);

    public Task Refuse(System.Collections.Immutable.ImmutableArray<Fault> faults) => FaultAnswers.Write(Context, faults);

    private static Fault NoFiles { get; } = new(
        FaultCode.Conflict,
        "This server holds no files: it serves a database that somebody else looks after. Files need a database with a blueprint, or the server's own.",
        "Ce serveur ne garde pas de fichiers : il sert une base gérée par quelqu'un d'autre. Les fichiers demandent une base avec un blueprint, ou celle du serveur.");
}
