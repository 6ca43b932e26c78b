using Npgsql;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Features.Health;

/// <summary><c>GET /health</c>: 200 when the server can answer, else 503 with what is wrong. Public, so it says no more than that.</summary>
public static class HealthApi
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);

    public static void MapHealth(this WebApplication app)
    {
        app.MapMethods("/health", ["GET", "HEAD"], Check).LetIn(GateKind.Everybody);
        app.Map("/health", context => FaultAnswers.WriteMethodNotAllowed(context, "GET, HEAD")).LetIn(GateKind.Everybody);
    }

    private static async Task Check(HttpContext context, Database database, ServerState state, LiveCatalog catalog)
    {
        if (!state.IsReady)
        {
            await FaultAnswers.Write(context, ServerState.NotReady);
            return;
        }

        if (await FindProblem(database, context.RequestAborted) is { } problem)
        {
            await FaultAnswers.Write(context, problem);
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(
            $$$"""{"success":true,"data":{"status":"ok","database":"ok","tables":{{{catalog.Current.Tables.Length}}},"version":"{{{ServerState.Version}}}"}}""",
            context.RequestAborted);
    }

    private static async Task<Fault?> FindProblem(Database database, CancellationToken cancellation)
    {
        try
        {
            await Ask(database).WaitAsync(Patience, cancellation);
            return null;
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException)
        {
            return new Fault(
                FaultCode.DatabaseUnavailable,
                "The database does not answer.",
                "La base de données ne répond pas.");
        }
    }

    /// <summary>Is left alone when it takes too long: a PostgreSQL that hangs does not even let a statement be cancelled.</summary>
    private static async Task Ask(Database database)
    {
        await using var command = database.Maintenance.CreateCommand("SELECT 1");
        await command.ExecuteScalarAsync();
    }
}
