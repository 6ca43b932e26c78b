using Socle.Kernel;

namespace Socle.Http;

/// <summary>Maps the methods of one address: HEAD goes with GET, OPTIONS says which there are, any other is refused.</summary>
public static class Routes
{
    public static IEndpointConventionBuilder MapRoute(this WebApplication app, string pattern, GateKind gate, params (string Method, RequestDelegate Handle)[] handlers)
    {
        var allowed = string.Join(", ", handlers.Select(handler => handler.Method == "GET" ? "GET, HEAD" : handler.Method).Append("OPTIONS").Distinct());
        return app.Map(pattern, (HttpContext context) =>
        {
            var method = HttpMethods.IsHead(context.Request.Method) ? "GET" : context.Request.Method;
            var handle = handlers.FirstOrDefault(handler => handler.Method == method).Handle;
            if (HttpMethods.IsOptions(method) && handle is null)
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                context.Response.Headers.Allow = allowed;
                return Task.CompletedTask;
            }

            return handle is null ? FaultAnswers.WriteMethodNotAllowed(context, allowed) : handle(context);
        }).LetIn(gate);
    }
}
