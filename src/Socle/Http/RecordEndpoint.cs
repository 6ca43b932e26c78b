using Socle.Catalog;
using Socle.Kernel;
using Socle.Records;
using Socle.Records.Running;

namespace Socle.Http;

/// <summary>The <c>/api/{table}</c> and <c>/{table}</c> doors: a request goes in, an envelope comes out.</summary>
public sealed class RecordEndpoint(RecordStore records, LiveCatalog catalog, ServerState state)
{
    public async Task Handle(HttpContext context)
    {
        // One snapshot from the first room to the last.
        var snapshot = catalog.Current;
        var address = RecordAddress.Read(context, snapshot);
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.Allow = address.Id is null ? "GET, HEAD, POST, PATCH, DELETE, OPTIONS" : "GET, HEAD, PUT, PATCH, DELETE, OPTIONS";
            return;
        }

        if (Refuse(context, snapshot, address.Table) is { } refusal)
        {
            await FaultAnswers.Write(context, refusal);
            return;
        }

        RequestLog.SetTable(context, address.Table);
        var request = await RequestReader.Read(context, address);
        if (request.IsFault)
        {
            await FaultAnswers.Write(context, request.Faults);
            return;
        }

        var answer = await records.Run(request.Value, snapshot, context.RequestAborted);
        if (answer.IsFault)
        {
            await FaultAnswers.Write(context, answer.Faults);
            return;
        }

        await using var rows = answer.Value;
        if (request.Value.IsExport && request.Value.Action is RecordAction.List or RecordAction.Get)
            await RecordAnswers.WriteCsv(context, rows, address.Table);
        else
            await RecordAnswers.WriteJson(context, rows);
    }

    private Fault? Refuse(HttpContext context, CatalogSnapshot snapshot, string table)
    {
        if (!state.IsReady)
            return ServerState.NotReady;
        var found = snapshot.GetTable(table);
        if (found.IsFault)
            return found.Faults[0];
        if (Formats.CanAnswer(context.Request))
            return null;
        return new Fault(
            FaultCode.NotAcceptable,
            "Records are answered as application/json or text/csv. Ask for one of them in Accept.",
            "Les enregistrements sont donnés en application/json ou text/csv. Demandez l'un des deux dans Accept.");
    }
}
