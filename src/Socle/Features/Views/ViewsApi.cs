using System.Text.Json;
using Socle.Access;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;
using Socle.Views;

namespace Socle.Features.Views;

/// <summary><c>/api/views</c>: saved views of tables. Everybody has the shared ones and their own, as far as their role may read what they show.</summary>
public static class ViewsApi
{
    private const int LongestQuery = 10_000;

    public static void MapViews(this WebApplication app)
    {
        app.MapRoute("/api/views", GateKind.Anybody, ("GET", context => List(new AccountCall(context))), ("POST", context => Create(new AccountCall(context))));
        app.MapRoute(
            "/api/views/{id}",
            GateKind.Anybody,
            ("GET", context => Get(new AccountCall(context))),
            ("PATCH", context => Change(new AccountCall(context))),
            ("DELETE", context => Delete(new AccountCall(context))));
        app.MapRoute("/api/views/{id}/records", GateKind.Anybody, ("GET", context => ViewRecords.Answer(new AccountCall(context))));
    }

    /// <summary>Null where there is none, or none for the caller.</summary>
    internal static async Task<ViewEntry?> Find(AccountCall call) =>
        call.Id() is { } id ? await call.Get<ViewRegister>().Find(call.Caller, id, call.Cancellation) : null;

    private static async Task List(AccountCall call)
    {
        call.Allow("table");
        var table = call.Text("table") is { } name ? call.Get<LiveCatalog>().Current.For(call.Caller).GetTable(name) : default(Result<TableSnapshot>?);
        if (call.Faults is { IsEmpty: false } faults)
            await call.Refuse(faults);
        else if (table is { IsFault: true } unknown)
            await call.Refuse(unknown.Faults);
        else
            await EnvelopeAnswers.WriteList(call.Context, await call.Get<ViewRegister>().List(call.Caller, table?.Value, call.Cancellation), (json, view) => Write(json, view, call));
    }

    private static async Task Get(AccountCall call)
    {
        if (await Find(call) is { } view)
            await EnvelopeAnswers.WriteObject(call.Context, json => Write(json, view, call));
        else
            await call.Refuse(NotFound);
    }

    private static async Task Create(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var name = body.Required("table");
        body.Required("kind");
        var label = body.Label("label");
        var kind = ReadKind(body);
        var (query, given, isShared, position) = (body.Text("query", LongestQuery), body.Json("settings"), body.Switch("shared"), body.Number("position"));
        if (label is null && !body.Has("label"))
            body.Refuse(new Fault(FaultCode.Required, "'label' is missing.", "« label » manque.", "label"));
        var table = call.Get<LiveCatalog>().Current.For(call.Caller).GetTable(name);
        if (name.Length > 0 && table.IsFault)
            body.Refuse(table.Faults[0] with { Code = FaultCode.InvalidValue, Field = "table" });
        var settings = kind is { } known ? ViewSettingsReader.Read(known, given) : ViewSettings.None;
        // What else is wrong is told too.
        foreach (var fault in settings.IsFault && !table.IsFault ? settings.Faults.AddRange(ViewCheck.CheckQuery(query ?? "", ViewSettings.None, table.Value, call.Get<LiveCatalog>().Current.For(call.Caller))) : settings.Faults)
            body.Refuse(fault);
        var made = body.Faults is { IsEmpty: false } faults
            ? faults
            : await call.Get<ViewRegister>().Create(call.Caller, table.Value, new ViewDefinition(label!.Value, kind!.Value, query ?? "", settings.Value), isShared ?? false, position, call.Cancellation);
        await Answer(call, made, StatusCodes.Status201Created);
    }

    /// <summary>What is not sent stays.</summary>
    private static async Task Change(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var change = new ViewChange(
            body.Label("label"), ReadKind(body), body.Text("query", LongestQuery), body.Json("settings"), body.Switch("shared"), new Sent<int?>(body.Has("position"), body.Number("position")));
        var changed = body.Faults is { IsEmpty: false } faults ? faults
            : call.Id() is { } id ? await call.Get<ViewRegister>().Change(call.Caller, id, change, call.Cancellation)
            : NotFound;
        await Answer(call, changed);
    }

    private static async Task Delete(AccountCall call) =>
        await Answer(call, call.Id() is { } id ? await call.Get<ViewRegister>().Delete(call.Caller, id, call.Cancellation) : NotFound);

    private static ViewKind? ReadKind(BodyReader body) => body.Choice("kind", [.. Kinds.Views.OrderBy(kind => kind.Value).Select(kind => (kind.Key, kind.Value))]);

    private static async Task Answer(AccountCall call, Result<ViewEntry> result, int status = StatusCodes.Status200OK)
    {
        if (result.IsFault)
            await call.Refuse(result.Faults);
        else
            await EnvelopeAnswers.WriteObject(call.Context, json => Write(json, result.Value, call), status);
    }

    private static void Write(Utf8JsonWriter json, ViewEntry view, AccountCall call)
    {
        json.WriteString("id"u8, view.Id);
        json.WriteString("key"u8, view.Key);
        json.WriteString("table"u8, view.Table.Name);
        json.WriteLabel("label"u8, view.Label);
        json.WriteString("kind"u8, Kinds.Word(view.Kind));
        json.WriteString("query"u8, view.Query);
        json.WritePropertyName("settings"u8);
        view.Settings.Write(json);
        json.WriteBoolean("shared"u8, view.IsShared);
        if (view.Position is { } position)
            json.WriteNumber("position"u8, position);
        else
            json.WriteNull("position"u8);
        json.WriteString("blueprint"u8, view.Blueprint);
        json.WriteBoolean("mayChange"u8, !view.IsShared || SharedRights.May(call.Caller, call.Get<LiveCatalog>().Current));
        json.WriteStartArray("problems"u8);
        foreach (var fault in view.Problems)
            json.WriteStringValue(fault.Message.In(call.Caller.Language));
        json.WriteEndArray();
        json.WriteMoment("createdAt", view.CreatedAt);
        json.WriteMoment("updatedAt", view.UpdatedAt);
    }

    internal static Fault NotFound { get; } = new(
        FaultCode.NotFound,
        "There is no such view. GET /api/views lists them.",
        "Il n'y a pas de telle vue. GET /api/views les liste.");
}
