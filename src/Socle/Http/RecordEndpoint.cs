using Socle.Catalog;
using Socle.Kernel;
using Socle.Records;
using Socle.Records.Running;

namespace Socle.Http;

/// <summary>The <c>/api/{table}</c> and <c>/{table}</c> doors: a request goes in, an envelope comes out.</summary>
public sealed class RecordEndpoint(RecordStore records, LiveCatalog catalog, ServerState state, TimeZoneInfo zone)
{
    public async Task Handle(HttpContext context)
    {
        // One snapshot from the first room to the last.
        var snapshot = catalog.Current;
        var address = RecordAddress.Read(context, snapshot);
        if (Refuse(context, snapshot, address.Table) is { } refusal)
        {
            await FaultAnswers.Write(context, refusal);
            return;
        }

        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.Allow = Methods(snapshot.FindTable(address.Table), address.Id);
            return;
        }

        RequestLog.SetTable(context, address.Table);
        var request = await RequestReader.Read(context, address);
        var answer = request.IsFault ? request.Faults : await records.Run(request.Value, snapshot, within: null, context.RequestAborted);
        if (answer.IsFault)
        {
            if (answer.Faults[0].Code == FaultCode.MethodNotAllowed)
                context.Response.Headers.Allow = Methods(snapshot.FindTable(address.Table), address.Id);
            await FaultAnswers.Write(context, answer.Faults);
            return;
        }

        await using var rows = answer.Value;
        if (request.Value.Origin is { } origin)
            context.Response.Headers["Change-Id"] = origin.Id.ToString();
        if (request.Value.Export is { } format)
            await RecordAnswers.WriteFile(context, rows, address.Table, format, zone);
        else
            await RecordAnswers.WriteJson(context, rows);
    }

    /// <summary>What works on the table, or on one record of it.</summary>
    private static string Methods(TableSnapshot? table, string? id)
    {
        var canInsert = id is null && table is { IsInsertable: true };
        var canReplace = id is not null && table is { IsUpdatable: true };
        var canChange = table is { IsUpdatable: true };
        var canDelete = table is { IsDeletable: true };
        return $"GET, HEAD{(canInsert ? ", POST" : "")}{(canReplace ? ", PUT" : "")}{(canChange ? ", PATCH" : "")}{(canDelete ? ", DELETE" : "")}, OPTIONS";
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
            "Records are answered as application/json, text/csv or application/vnd.openxmlformats-officedocument.spreadsheetml.sheet. Ask for one of them in Accept.",
            "Les enregistrements sont donnés en application/json, text/csv ou application/vnd.openxmlformats-officedocument.spreadsheetml.sheet. Demandez l'un d'eux dans Accept.");
    }
}
