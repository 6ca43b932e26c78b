using Socle.Access;
using Socle.Blueprints.Live;
using Socle.Http;

namespace Socle.Features.Schema;

/// <summary><c>GET /api/schema/blueprint</c>: the tables as they are, as a blueprint that can be applied elsewhere.</summary>
internal static class BlueprintRoute
{
    public static void Map(WebApplication app) => app.MapAccounts("/api/schema/blueprint", GateKind.Administrators, ("GET", Get));

    private static async Task Get(AccountCall call)
    {
        call.Allow("name");
        var text = call.Faults is { IsEmpty: false } faults ? faults : await call.Get<EditSchema>().Write(call.Text("name"), call.Caller.Language, call.Cancellation);
        if (text.IsFault)
        {
            await call.Refuse(text.Faults);
            return;
        }

        var response = call.Context.Response;
        response.ContentType = "application/yaml; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        await response.WriteAsync(text.Value, call.Cancellation);
    }
}
