using Microsoft.AspNetCore.Http.Features;
using Npgsql;
using Socle.Access;
using Socle.Http;
using Socle.Kernel;
using Socle.Realtime;

namespace Socle.Features.Events;

/// <summary><c>GET /api/events?table=…</c>: records created, changed and deleted from any source, as server-sent events without end.</summary>
public static class EventsApi
{
    public const string Path = "/api/events";

    private const int MostStreams = 1000;
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestSignedIn = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);
    private static int _streams;

    public static void MapEvents(this WebApplication app)
    {
        // A browser's EventSource gives up for good on any answer but a stream.
        app.MapMethods(Path, ["GET"], Answer).WithMetadata(new AnswersUnready());
        app.Map(Path, context => FaultAnswers.WriteMethodNotAllowed(context, "GET"));
    }

    private static async Task Answer(HttpContext context, Changes changes, LiveAccounts accounts, ServerState state, IHostApplicationLifetime lifetime)
    {
        var request = EventsRequest.Read(context.Request);
        if (request.IsFault)
        {
            await FaultAnswers.Write(context, request.Faults);
            return;
        }

        var caller = RequestReader.CallerOf(context.Request);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        // An access token is good for minutes: whoever came with one comes again, with a new one.
        if (caller.SessionId is not null)
            ending.CancelAfter(LongestSignedIn);
        try
        {
            if (Interlocked.Increment(ref _streams) > MostStreams)
                await FaultAnswers.Write(context, TooMany);
            else if (!state.IsReady || caller.Role is null || await Open(changes, request.Value, () => accounts.FindPresent(caller), ending.Token) is not { } stream)
                await ComeAgain(context, ending.Token);
            else if (stream.IsFault)
                await FaultAnswers.Write(context, stream.Faults);
            else
                await Stream(context, stream.Value, ending);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The listener left, or the server ends: there is no better end of a stream.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    /// <summary>Null while the database is away.</summary>
    private static async Task<Result<ChangeStream>?> Open(Changes changes, EventsRequest request, Func<Caller?> who, CancellationToken cancellation)
    {
        try
        {
            return await changes.Open(request.Tables, who, request.LastId, cancellation);
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
        {
            return null;
        }
    }

    private static async Task Stream(HttpContext context, ChangeStream stream, CancellationTokenSource ending)
    {
        var cancellation = ending.Token;
        Begin(context);
        var writer = new EventWriter(context.Response.BodyWriter, stream);
        await writer.Retry(RetryAfter, cancellation);
        await using var pages = stream.Read(cancellation).GetAsyncEnumerator(cancellation);
        while (true)
        {
            var next = pages.MoveNextAsync().AsTask();
            while (!await IsThere(next))
            {
                // Whoever may hear nothing any more need not wait for a change to learn it.
                if (stream.IsOver)
                    await ending.CancelAsync();
                else
                    await Ping(writer, cancellation);
            }

            if (!await next)
                return;
            await writer.Send(pages.Current, cancellation);
        }
    }

    private static async Task<bool> IsThere(Task next)
    {
        try
        {
            await next.WaitAsync(PingEvery);
            return true;
        }
        catch (TimeoutException) when (!next.IsCompleted)
        {
            return false;
        }
    }

    /// <summary>The next page is still awaited, and must be: it ends by the same cancellation.</summary>
    private static async Task Ping(EventWriter writer, CancellationToken cancellation)
    {
        try
        {
            await writer.Ping(cancellation);
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>A browser that is refused never comes again; one whose stream ends does, and has its place still.</summary>
    private static Task ComeAgain(HttpContext context, CancellationToken cancellation)
    {
        Begin(context);
        return new EventWriter(context.Response.BodyWriter, null).Retry(RetryAfter / 2, cancellation);
    }

    private static void Begin(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentType = "text/event-stream; charset=utf-8";
        headers.CacheControl = "no-store";
        headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private static Fault TooMany { get; } = new(
        FaultCode.TooManyStreams,
        $"{MostStreams} listeners are connected already. Close some, or come again later.",
        $"{MostStreams} abonnés sont déjà connectés. Fermez-en, ou revenez plus tard.");
}
