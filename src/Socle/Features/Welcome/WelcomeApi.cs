using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Welcome;

/// <summary>
/// The root of the server: a page for people, the same as JSON for programs. Browsers that were given a table's
/// or a record's address at the root door get the page too, with the way to the data.
/// </summary>
public sealed class WelcomeApi(LiveCatalog catalog, ServerState state, Text? title)
{
    public static WelcomeApi Map(WebApplication app, Text? title)
    {
        var welcome = new WelcomeApi(app.Services.GetRequiredService<LiveCatalog>(), app.Services.GetRequiredService<ServerState>(), title);
        string[] reading = ["GET", "HEAD"];
        app.MapMethods("/", reading, context => IsNavigation(context.Request) ? welcome.Show(context, Notice.None) : welcome.Tell(context)).LetIn(GateKind.Everybody);
        app.MapMethods("/api", reading, welcome.Tell);
        app.MapMethods("/favicon.ico", reading, WelcomeFiles.SendIcon).LetIn(GateKind.Everybody);
        app.MapMethods("/favicon.svg", reading, WelcomeFiles.SendIcon).LetIn(GateKind.Everybody);
        app.MapMethods("/robots.txt", reading, WelcomeFiles.SendRobots).LetIn(GateKind.Everybody);
        return welcome;
    }

    /// <summary>Whether somebody opened this address in a browser, and not to save a table as a file.</summary>
    public static bool IsNavigation(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && Formats.WantsHtml(request)
        && !RecordAddress.IsFile(request.Path.Value!);

    /// <summary>The page, at the address of a table or a record.</summary>
    public Task ShowTable(HttpContext context)
    {
        var snapshot = SeenBy(context);
        var address = RecordAddress.Read(context, snapshot);
        var found = snapshot.GetTable(address.Table);
        return Show(context, found.IsFault ? Notice.Of(found.Faults[0]) : Notice.Of(found.Value, address.Id));
    }

    private async Task Show(HttpContext context, Notice notice)
    {
        var language = context.Request.Query["lang"].ToString() switch
        {
            "fr" => Language.French,
            "en" => Language.English,
            _ => Languages.Of(context.Request),
        };
        var content = new WelcomeContent(language, title, new Uri($"{context.Request.Scheme}://{context.Request.Host}"), SeenBy(context).Tables, notice, state.IsReady);
        var html = await WelcomePage.Render(content, context.RequestServices);
        WelcomeFiles.SetHeaders(context.Response, language);
        context.Response.StatusCode = content.IsReady ? notice.Status : StatusCodes.Status503ServiceUnavailable;
        if (!content.IsReady)
        {
            context.Response.Headers.RetryAfter = "2";
            context.Response.Headers["Refresh"] = "2";
        }

        await context.Response.WriteAsync(html, context.RequestAborted);
    }

    private CatalogSnapshot SeenBy(HttpContext context) => catalog.Current.For(RequestReader.CallerOf(context.Request));

    private Task Tell(HttpContext context) =>
        state.IsReady ? WelcomeJson.Write(context, SeenBy(context), title) : FaultAnswers.Write(context, ServerState.NotReady);
}
