using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Socle.Catalog;

namespace Socle.Features.Welcome;

public sealed partial class WelcomePage : ComponentBase
{
    [Parameter, EditorRequired]
    public required WelcomeContent Content { get; set; }

    public static async Task<string> Render(WelcomeContent content, IServiceProvider services)
    {
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync<WelcomePage>(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Content)] = content }));
            return page.ToHtmlString();
        });
    }

    private string Home => $"/?lang={Content.Tag}";

    private string Lead => Content.Say(
        "Your tables are in PostgreSQL and answer as a REST API.",
        "Vos tables sont dans PostgreSQL et répondent en API REST.");

    private string? IsCurrent(string tag) => Content.Tag == tag ? "true" : null;

    private string Describe(TableSnapshot table)
    {
        var fields = table.Fields.Length == 1 ? Content.Say("1 field", "1 champ") : Content.Say($"{table.Fields.Length} fields", $"{table.Fields.Length} champs");
        return table.IsInsertable || table.IsUpdatable || table.IsDeletable ? fields : $"{fields} · {Content.Say("read-only", "lecture seule")}";
    }
}
