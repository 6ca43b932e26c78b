using Microsoft.AspNetCore.Http.Features;
using Socle.Catalog;
using Socle.Http;
using Socle.Imports;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Features.Import;

/// <summary>How the server imports.</summary>
/// <param name="MaxBytes">The largest file.</param>
/// <param name="Folder">Where a file waits while it arrives.</param>
/// <param name="Zone">Whose clocks moments without an offset were read from.</param>
public sealed record ImportSettings(long MaxBytes, string Folder, TimeZoneInfo Zone);

/// <summary>
/// <c>POST /api/{table}/import</c>: the body is a file (CSV, XLSX, JSON, or one of them in a form); its rows go into the table as one change
/// set, or with <c>dry_run=true</c> nowhere. Answers the report; with <c>Accept: text/csv</c> the rejected rows as a file.
/// </summary>
public static class ImportApi
{
    public static void MapImport(this WebApplication app, ImportSettings settings) =>
        app.MapPost("/api/{table}/import", (HttpContext context, Database database, LiveCatalog catalog, ServerState state) =>
            Handle(context, settings, database, catalog, state));

    private static async Task Handle(HttpContext context, ImportSettings settings, Database database, LiveCatalog catalog, ServerState state)
    {
        var table = state.IsReady ? Find(context, catalog) : ServerState.NotReady;
        if (table.IsFault)
        {
            await FaultAnswers.Write(context, table.Faults);
            return;
        }

        RequestLog.SetTable(context, table.Value.Name);
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = settings.MaxBytes;
        var wanted = ImportRequestReader.Read(context.Request, settings.Zone);
        if (wanted.IsFault)
        {
            await FaultAnswers.Write(context, wanted.Faults);
            return;
        }

        await using var file = new SpooledFile(settings.Folder);
        var received = await ImportBody.Receive(context, file.Stream);
        if (received.IsFault)
        {
            await FaultAnswers.Write(context, received.Faults);
            return;
        }

        // A large file takes its time, and policies may be others by then.
        table = Find(context, catalog);
        if (table.IsFault)
        {
            await FaultAnswers.Write(context, table.Faults);
            return;
        }

        await Import(context, settings, database, table.Value, wanted.Value with { Format = received.Value }, file);
    }

    /// <summary>The table as the caller sees it, where they may import into it at all.</summary>
    private static Result<TableSnapshot> Find(HttpContext context, LiveCatalog catalog)
    {
        var name = Uri.UnescapeDataString((string)context.Request.RouteValues["table"]!);
        var table = catalog.Current.For(RequestReader.CallerOf(context.Request)).GetTable(name);
        return !table.IsFault && ImportRights.Refuse(table.Value) is { } refusal ? refusal : table;
    }

    private static async Task Import(HttpContext context, ImportSettings settings, Database database, TableSnapshot table, ImportRequest request, SpooledFile file)
    {
        await using var rejects = new SpooledFile(settings.Folder);
        var source = SourceFile.Detect(file.Stream, request);
        var origin = RequestReader.OriginOf(context, "import");
        var result = source.IsFault
            ? source.Faults
            : await new Importer(database.Maintenance).Run(source.Value, table, request, origin, rejects.Stream, progress: null, context.RequestAborted);
        if (result.IsFault)
        {
            await FaultAnswers.Write(context, result.Faults);
            return;
        }

        var report = result.Value;
        if (report.ChangeId is { } change)
            context.Response.Headers["Change-Id"] = change.ToString();
        if (request.IsAllOrNothing && !request.IsDryRun && report.Rejected > 0)
            await FaultAnswers.Write(context, [.. report.Rejections.Select(rejection => rejection.Fault with { Field = $"[{rejection.Line}].{rejection.Fault.Field ?? "row"}" })]);
        else if (Wants(context.Request, "text/csv"))
            await ImportAnswers.WriteRejects(context, report, rejects.Stream);
        else
            await ImportAnswers.WriteReport(context, report);
    }

    private static bool Wants(HttpRequest request, string mediaType) =>
        request.Headers.Accept.Any(accepted => accepted?.Contains(mediaType, StringComparison.OrdinalIgnoreCase) == true);
}
