using Socle.Access;
using Socle.Catalog;
using Socle.Http;
using Socle.Records.Running;

namespace Socle.Features.Choices;

/// <summary><c>/api/schema/tables/{table}/fields/{field}/choices</c>: what a form may offer for a field, for whoever may read it.</summary>
public static class ChoicesApi
{
    public static void MapChoices(this WebApplication app) =>
        app.MapAccounts("/api/schema/tables/{table}/fields/{field}/choices", GateKind.Anybody, ("GET", List));

    private static async Task List(AccountCall call)
    {
        call.Allow();
        if (call.Faults is { IsEmpty: false } faults)
        {
            await call.Refuse(faults);
            return;
        }

        var choices = await call.Get<FieldChoices>().List(call.Caller, call.Get<LiveCatalog>().Current, Part(call, "table"), Part(call, "field"), call.Cancellation);
        if (choices.IsFault)
        {
            await call.Refuse(choices.Faults);
            return;
        }

        var language = Languages.Of(call.Context.Request);
        await EnvelopeAnswers.WriteList(call.Context, choices.Value, (json, choice) =>
        {
            json.WriteString("value"u8, choice.Value);
            json.WriteString("label"u8, choice.Label.In(language));
        });
    }

    private static string Part(AccountCall call, string name) => (string?)call.Context.Request.RouteValues[name] ?? "";
}
