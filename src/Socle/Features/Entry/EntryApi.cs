using Socle.Access;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Entry;

/// <summary><c>/sign-in</c>, <c>/setup</c>, <c>/invite</c>, <c>/reset</c>: pages with a form for people with a browser, without a script. They do what /api/auth does.</summary>
public static class EntryApi
{
    public static void MapEntry(this WebApplication app)
    {
        Map(app, "/sign-in", SignInPage.Show, SignInPage.Take);
        Map(app, "/setup", LinkPages.ShowSetup, LinkPages.TakeSetup);
        Map(app, "/invite", LinkPages.ShowPassword, visit => LinkPages.TakePassword(visit, LinkPurpose.Invite));
        Map(app, "/reset", ResetPage.Show, ResetPage.Take);
    }

    private static void Map(WebApplication app, string path, Func<EntryVisit, Task> show, Func<EntryVisit, Task> take) =>
        app.MapAccounts(path, GateKind.Everybody, ("GET", call => show(new EntryVisit(call, Form: null))), ("POST", call => Receive(call, take))).WithMetadata(new WithoutCredentials());

    /// <summary>A form of another site's page could sign somebody in as somebody else.</summary>
    private static async Task Receive(AccountCall call, Func<EntryVisit, Task> take)
    {
        if (CrossSite.Refuse(call.Context, call.Get<DoorOptions>()) is { } foreign)
            await call.Refuse(foreign);
        else if (await ReadForm(call.Context) is not { } form)
            await call.Refuse(NoForm);
        else
            await take(new EntryVisit(call, form));
    }

    private static async Task<IFormCollection?> ReadForm(HttpContext context)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength is null or > 65_536)
            return null;
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception exception) when (exception is InvalidDataException)
        {
            return null;
        }
    }

    private static Fault NoForm { get; } = new(
        FaultCode.InvalidRequest,
        "This address takes the form of its page. Programs use /api/auth.",
        "Cette adresse prend le formulaire de sa page. Les programmes utilisent /api/auth.");
}

/// <summary>Somebody who opens one of the pages, or sends its form.</summary>
internal sealed record EntryVisit(AccountCall Call, IFormCollection? Form)
{
    public HttpContext Context => Call.Context;

    public Language Language => Call.Text("lang") switch
    {
        "fr" => Language.French,
        "en" => Language.English,
        _ => Call.Caller.Language,
    };

    /// <summary>What was sent; empty where there is nothing.</summary>
    public string Text(string name)
    {
        var text = Form is null ? "" : Form[name].ToString();
        return text.Length <= 4096 && !text.Contains('\0') ? text : "";
    }

    public string? Optional(string name) => Text(name) is { Length: > 0 } text ? text : null;

    public Task Show(EntryForm form, int status = StatusCodes.Status200OK) => EntryPage.Show(Context, form, status);

    /// <summary>The page again, with what is wrong.</summary>
    public Task Refuse(EntryForm form, params IEnumerable<Fault> faults)
    {
        var refused = form with { Faults = [.. faults] };
        if (refused.Faults[0].RetryAfter is { } seconds)
            Context.Response.Headers.RetryAfter = $"{seconds}";
        return Show(refused, FaultStatuses.StatusOf(refused.Faults[0].Code));
    }

    /// <summary>On by GET, so that going back sends nothing again.</summary>
    public void GoTo(string path)
    {
        Context.Response.StatusCode = StatusCodes.Status303SeeOther;
        Context.Response.Headers.Location = path;
    }
}
