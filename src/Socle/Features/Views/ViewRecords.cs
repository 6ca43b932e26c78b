using System.Collections.Immutable;
using Socle.Access;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Http;
using Socle.Kernel;
using Socle.Views;

namespace Socle.Features.Views;

/// <summary>
/// <c>/api/views/{id}/records</c>: the records of a view, as whoever asks may see them, in any form in which a table answers. Takes a page, a count,
/// words to search for, another order and further conditions; refuses another select.
/// </summary>
internal static class ViewRecords
{
    private static readonly ImmutableArray<string> TheViewsOwn = ["select", "columns", "on_conflict"];

    public static async Task Answer(AccountCall call)
    {
        var context = call.Context;
        if (await ViewsApi.Find(call) is not { } view)
        {
            await call.Refuse(ViewsApi.NotFound);
            return;
        }

        if (!view.Missing.IsEmpty)
        {
            await call.Refuse(view.Missing.Within("query"));
            return;
        }

        var snapshot = call.Get<LiveCatalog>().Current.For(call.Caller);
        var address = new RecordAddress(view.Table.Name, null, null);
        var text = Text(call, view);
        var head = text.IsFault ? text.Faults : RequestReader.ReadHead("GET", address, text.Value, context.Request.Headers);
        if (head.IsFault)
        {
            await call.Refuse(head.Faults);
            return;
        }

        RequestLog.SetTable(context, view.Table.Name);
        await call.Get<RecordEndpoint>().Answer(context, head.Value.ToRequest(address, call.Caller, null, Formats.FindExport(context.Request), null), snapshot);
    }

    /// <summary>The view's query and behind it what the address says.</summary>
    private static Result<string> Text(AccountCall call, ViewEntry view)
    {
        var query = call.Context.Request.Query;
        var foreign = TheViewsOwn.Where(query.ContainsKey).Select(name => new Fault(
            FaultCode.InvalidFilter,
            $"What the view shows is its own to say: leave '{name}' out, or ask /api/{view.Table.Name}.",
            $"Ce que la vue montre lui appartient : retirez « {name} », ou demandez /api/{view.Table.Name}.",
            name)).ToList();
        if (foreign.Count > 0)
            return foreign;
        var filled = call.Get<ViewRegister>().Fill(view, call.Caller, call.Get<TimeZoneInfo>());
        if (query.ContainsKey("order"))
            filled = filled with { Scope = filled.Scope with { Order = [] } };
        var own = QueryWriter.Write(filled);
        var more = call.Context.Request.QueryString.Value ?? "";
        return more.Length <= 1 ? $"?{own}" : $"?{own}&{more[1..]}";
    }
}
