using Socle.Realtime;

namespace Socle.Http;

/// <summary>Rings after every request that may have changed records, however it ended: what is committed has then been committed.</summary>
public sealed class ChangeRinging(RequestDelegate next, ChangeBell bell)
{
    public Task InvokeAsync(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? next(context) : Ring(context);

    private async Task Ring(HttpContext context)
    {
        try
        {
            await next(context);
        }
        finally
        {
            bell.Ring();
        }
    }
}
