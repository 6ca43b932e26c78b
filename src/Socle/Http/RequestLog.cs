using System.Diagnostics;
using Npgsql;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Running;

namespace Socle.Http;

/// <summary>The outermost room: gives the request its id, catches what nobody expected, writes the log's line.</summary>
public sealed class RequestLog(RequestDelegate next, JsonLog log, ILogger<RequestLog> logger)
{
    private static readonly object TableKey = new();

    public static void SetTable(HttpContext context, string table) => context.Items[TableKey] = table;

    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var id = RequestIds.Of(context);
        AnswerHeaders.Set(context);
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller left; 499 is nginx's name for it.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = 499;
        }
        catch (BadHttpRequestException exception)
        {
            await Refuse(context, exception);
        }
        catch (RowsFailedException exception) when (!context.Response.HasStarted)
        {
            await FaultAnswers.Write(context, exception.Fault);
        }
        catch (NpgsqlException exception) when (Absence.Is(exception) && !context.Response.HasStarted)
        {
            await FaultAnswers.Write(context, Absence.Fault);
        }
        catch (Exception exception)
        {
            await Fail(context, exception, id);
        }

        log.Request(id, context.Request.Method, context.Items[TableKey] as string, context.Response.StatusCode, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private static Task Refuse(HttpContext context, BadHttpRequestException exception) => FaultAnswers.Write(context, exception.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => new Fault(
            FaultCode.TooLarge,
            "The body is larger than this server takes. Send fewer records at a time.",
            "Le corps dépasse ce que ce serveur accepte. Envoyez moins d'enregistrements à la fois."),
        _ => new Fault(
            FaultCode.InvalidRequest,
            "The request is not valid HTTP.",
            "La requête n'est pas du HTTP valide."),
    });

    private async Task Fail(HttpContext context, Exception exception, string id)
    {
        logger.LogError(exception, "Request {RequestId} failed", id);
        if (context.Response.HasStarted)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return;
        }

        await FaultAnswers.Write(context, new Fault(
            FaultCode.Internal,
            "Something went wrong on the server. It was logged under this request's id.",
            "Une erreur est survenue sur le serveur. Elle est enregistrée sous l'identifiant de cette requête."));
    }
}
