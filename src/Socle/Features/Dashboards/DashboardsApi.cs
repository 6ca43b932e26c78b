using System.Collections.Immutable;
using System.Text.Json;
using Socle.Access;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;
using Socle.Views;

namespace Socle.Features.Dashboards;

/// <summary><c>/api/dashboard</c>: widgets that count and sum, with what they show to whoever looks. <c>/api/dashboard/summary</c> is the first shared one.</summary>
public static class DashboardsApi
{
    public static void MapDashboards(this WebApplication app)
    {
        app.MapRoute("/api/dashboard", GateKind.Anybody, ("GET", context => List(new AccountCall(context))), ("POST", context => Create(new AccountCall(context))));
        app.MapRoute("/api/dashboard/summary", GateKind.Anybody, ("GET", context => Summary(new AccountCall(context))));
        app.MapRoute(
            "/api/dashboard/{id}",
            GateKind.Anybody,
            ("GET", context => Get(new AccountCall(context))),
            ("PATCH", context => Change(new AccountCall(context))),
            ("DELETE", context => Delete(new AccountCall(context))));
    }

    private static async Task List(AccountCall call)
    {
        call.Allow();
        if (call.Faults is { IsEmpty: false } faults)
            await call.Refuse(faults);
        else
            await EnvelopeAnswers.WriteList(call.Context, await call.Get<DashboardRegister>().List(call.Caller, call.Cancellation), (json, dashboard) => Write(json, dashboard, call));
    }

    private static async Task Summary(AccountCall call)
    {
        call.Allow();
        if (call.Faults is { IsEmpty: false } faults)
        {
            await call.Refuse(faults);
            return;
        }

        var first = (await call.Get<DashboardRegister>().List(call.Caller, call.Cancellation)).Find(dashboard => dashboard.IsShared);
        await Show(call, first, first?.Widgets ?? call.Get<ShowDashboard>().Counts(call.Caller));
    }

    private static async Task Get(AccountCall call)
    {
        if (call.Id() is { } id && await call.Get<DashboardRegister>().Find(call.Caller, id, call.Cancellation) is { } dashboard)
            await Show(call, dashboard, dashboard.Widgets);
        else
            await call.Refuse(ViewFaults.NoDashboard);
    }

    private static async Task Create(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var (label, widgets, isShared, position) = (body.Label("label"), WidgetReader.Read(body), body.Switch("shared"), body.Number("position"));
        if (label is null && !body.Has("label"))
            body.Refuse(new Fault(FaultCode.Required, "'label' is missing.", "« label » manque.", "label"));
        var made = body.Faults is { IsEmpty: false } faults
            ? faults
            : await call.Get<DashboardRegister>().Create(call.Caller, label!.Value, widgets ?? [], isShared ?? false, position, call.Cancellation);
        await Answer(call, made, StatusCodes.Status201Created);
    }

    /// <summary>What is not sent stays; widgets are sent all together.</summary>
    private static async Task Change(AccountCall call)
    {
        if (await call.ReadBody() is not { } body)
            return;
        var change = new DashboardChange(body.Label("label"), WidgetReader.Read(body), body.Switch("shared"), new Sent<int?>(body.Has("position"), body.Number("position")));
        var changed = body.Faults is { IsEmpty: false } faults ? faults
            : call.Id() is { } id ? await call.Get<DashboardRegister>().Change(call.Caller, id, change, call.Cancellation)
            : ViewFaults.NoDashboard;
        await Answer(call, changed);
    }

    private static async Task Delete(AccountCall call) =>
        await Answer(call, call.Id() is { } id ? await call.Get<DashboardRegister>().Delete(call.Caller, id, call.Cancellation) : ViewFaults.NoDashboard);

    private static async Task Answer(AccountCall call, Result<DashboardEntry> result, int status = StatusCodes.Status200OK)
    {
        if (result.IsFault)
            await call.Refuse(result.Faults);
        else
            await EnvelopeAnswers.WriteObject(call.Context, json => Write(json, result.Value, call), status);
    }

    /// <param name="call">Who looks.</param>
    /// <param name="dashboard">Null where there is none, and its tables are counted.</param>
    /// <param name="widgets">What they see of it.</param>
    private static async Task Show(AccountCall call, DashboardEntry? dashboard, ImmutableArray<WidgetEntry> widgets)
    {
        var shown = await call.Get<ShowDashboard>().Run(widgets, call.Caller, call.Cancellation);
        await EnvelopeAnswers.WriteObject(call.Context, json =>
        {
            if (dashboard is null)
                DashboardJson.WriteNone(json);
            else
                DashboardJson.Write(json, dashboard, MayChange(dashboard, call));
            DashboardJson.WriteData(json, shown, call.Caller.Language);
        });
    }

    private static void Write(Utf8JsonWriter json, DashboardEntry dashboard, AccountCall call)
    {
        DashboardJson.Write(json, dashboard, MayChange(dashboard, call));
        DashboardJson.WriteWidgets(json, dashboard.Widgets, call.Caller.Language);
    }

    private static bool MayChange(DashboardEntry dashboard, AccountCall call) => !dashboard.IsShared || SharedRights.May(call.Caller, call.Get<LiveCatalog>().Current);
}
