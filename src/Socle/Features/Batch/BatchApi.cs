using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;
using Socle.Records.Running;

namespace Socle.Features.Batch;

/// <summary>
/// <c>POST /api/batch</c>: many operations as one transaction, in their order, all or none. Answers what each of them
/// would have answered alone; refuses the whole with the first one's fault.
/// </summary>
public static class BatchApi
{
    public const string Path = "/api/batch";
    private const string Methods = "POST, OPTIONS";

    public static void MapBatch(this WebApplication app) => app.Map(Path, Handle);

    private static async Task Handle(HttpContext context, RecordStore records, AtomicWork work, LiveCatalog catalog, ServerState state)
    {
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.Allow = Methods;
        }
        else if (!HttpMethods.IsPost(context.Request.Method))
        {
            await FaultAnswers.WriteMethodNotAllowed(context, Methods);
        }
        else if (!state.IsReady)
        {
            await FaultAnswers.Write(context, ServerState.NotReady);
        }
        else
        {
            await Run(context, records, work, catalog.Current.For(RequestReader.CallerOf(context.Request)));
        }
    }

    private static async Task Run(HttpContext context, RecordStore records, AtomicWork work, CatalogSnapshot snapshot)
    {
        RequestLog.SetTable(context, "batch");
        var body = await RequestReader.ReadBody(context);
        var operations = body.IsFault ? body.Faults : BatchReader.Read(body.Value!.Value, RequestReader.CallerOf(context.Request), snapshot);
        var key = IdempotencyHeader.Read(context.Request, body.IsFault ? null : body.Value);
        if (operations.IsFault || key.IsFault)
        {
            await Refuse(context, operations.IsFault ? operations.Faults : key.Faults);
            return;
        }

        var buffer = AnswerBuffer.Rent();
        try
        {
            var origin = RequestReader.OriginOf(context, "batch");
            var settings = RecordStore.SettingsOf(RequestReader.CallerOf(context.Request), snapshot, origin);
            var run = new BatchRun(operations.Value, records, snapshot, origin, buffer);
            var done = await work.Run(settings, key.Value, snapshot, transaction => run.Run(transaction, context.RequestAborted), context.RequestAborted);
            if (done.IsFault)
                await Refuse(context, done.Faults);
            else
                await WholeAnswers.Write(context, done.Value);
        }
        finally
        {
            AnswerBuffer.Return(buffer);
        }
    }

    private static Task Refuse(HttpContext context, System.Collections.Immutable.ImmutableArray<Fault> faults)
    {
        if (faults[0].Code == FaultCode.MethodNotAllowed)
            context.Response.Headers.Allow = Methods;
        return FaultAnswers.Write(context, faults);
    }
}
