using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace Socle.Features.Entry;

public sealed partial class EntryPage : ComponentBase
{
    [Parameter, EditorRequired]
    public required object Content { get; set; }

    /// <summary>The page's own address with its query, which the form is sent to.</summary>
    [Parameter, EditorRequired]
    public required string Action { get; set; }

    private EntryForm Form => (EntryForm)Content;

    internal static async Task Show(HttpContext context, EntryForm form, int status = StatusCodes.Status200OK)
    {
        var services = context.RequestServices;
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = new Dictionary<string, object?> { [nameof(Content)] = form, [nameof(Action)] = context.Request.Path + context.Request.QueryString };
            return (await renderer.RenderComponentAsync<EntryPage>(ParameterView.FromDictionary(parameters))).ToHtmlString();
        });
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        EntryFiles.SetHeaders(context.Response, form.Language);
        await context.Response.WriteAsync(html, context.RequestAborted);
    }

    private string? IsCurrent(string tag) => Form.Tag == tag ? "true" : null;

    /// <summary>The same page in another language.</summary>
    private string Other(string tag)
    {
        var (path, query) = Action.IndexOf('?') is >= 0 and var at ? (Action[..at], Action[at..]) : (Action, "");
        var kept = QueryHelpers.ParseQuery(query).Where(part => part.Key != "lang").SelectMany(part => part.Value, (part, value) => KeyValuePair.Create(part.Key, value));
        return QueryHelpers.AddQueryString(path, kept.Append(KeyValuePair.Create<string, string?>("lang", tag)));
    }

    private string? DescriptionOf(EntryField field) => Form.FaultOf(field) is null && field.Hint is null ? null : $"{field.Name}-about";
}
