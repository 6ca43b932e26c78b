using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Auditing;
using Socle.Blueprints.Live;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Schema;

/// <summary><c>/api/schema</c>: administrators list, create, change and drop tables and fields while the server runs. What is answered is in force.</summary>
public static class SchemaApi
{
    private const string Tables = "/api/schema/tables";

    public static void MapSchema(this WebApplication app)
    {
        app.MapAccounts(Tables, GateKind.Administrators, ("GET", List), ("POST", Create));
        app.MapAccounts(Tables + "/{table}", GateKind.Administrators, ("GET", Get), ("PATCH", Change), ("DELETE", Drop));
        app.MapAccounts(Tables + "/{table}/fields", GateKind.Administrators, ("GET", ListFields), ("POST", AddField));
        app.MapAccounts(Tables + "/{table}/fields/{field}", GateKind.Administrators, ("GET", GetField), ("PATCH", ChangeField), ("DELETE", DropField));
        MigrationRoutes.Map(app);
        BlueprintRoute.Map(app);
    }

    private static async Task List(AccountCall call)
    {
        var tables = await call.Get<EditSchema>().List(call.Cancellation);
        await EnvelopeAnswers.WriteList(call.Context, tables, (json, table) => SchemaAnswers.WriteMembers(json, LiveTableJson.Of(table, call.Caller.Language)));
    }

    private static async Task Get(AccountCall call)
    {
        var table = await call.Get<EditSchema>().Get(Name(call, "table"), call.Cancellation);
        if (table.IsFault)
            await call.Refuse(table.Faults);
        else if (await Preconditions.Hold(call.Context, SchemaAnswers.TagOf(table.Value)))
            await EnvelopeAnswers.WriteObject(call.Context, json => SchemaAnswers.WriteMembers(json, LiveTableJson.Of(table.Value, call.Caller.Language)));
    }

    private static async Task ListFields(AccountCall call)
    {
        var table = await call.Get<EditSchema>().Get(Name(call, "table"), call.Cancellation);
        if (table.IsFault)
            await call.Refuse(table.Faults);
        else
            await EnvelopeAnswers.WriteList(call.Context, LiveTableJson.Of(table.Value, call.Caller.Language)["fields"] as JsonArray ?? [], (json, field) => SchemaAnswers.WriteMembers(json, field!.AsObject()));
    }

    private static async Task GetField(AccountCall call)
    {
        var table = await call.Get<EditSchema>().Get(Name(call, "table"), call.Cancellation);
        if (table.IsFault)
            await call.Refuse(table.Faults);
        else if (LiveTableJson.FindField(table.Value, Name(call, "field")) is { } field)
            await EnvelopeAnswers.WriteObject(call.Context, json => SchemaAnswers.WriteMembers(json, field));
        else
            await call.Refuse(EditSchema.NoField(table.Value, Name(call, "field")));
    }

    private static Task Create(AccountCall call) => Edit(
        call, AuditEvents.TableMade, StatusCodes.Status201Created, (schema, body, request) => schema.Create(body, request, call.Cancellation));

    private static Task Change(AccountCall call) => Edit(
        call, AuditEvents.TableEdited, StatusCodes.Status200OK, (schema, body, request) => schema.Change(Name(call, "table"), body, request, call.Cancellation));

    private static Task Drop(AccountCall call) => EditWithoutBody(
        call, AuditEvents.TableRemoved, (schema, request) => schema.Drop(Name(call, "table"), request, call.Cancellation));

    private static Task AddField(AccountCall call) => Edit(
        call, AuditEvents.FieldMade, StatusCodes.Status201Created, (schema, body, request) => schema.AddField(Name(call, "table"), body, request, call.Cancellation));

    private static Task ChangeField(AccountCall call) => Edit(
        call, AuditEvents.FieldEdited, StatusCodes.Status200OK, (schema, body, request) => schema.ChangeField(Name(call, "table"), Name(call, "field"), body, request, call.Cancellation));

    private static Task DropField(AccountCall call) => EditWithoutBody(
        call, AuditEvents.FieldRemoved, (schema, request) => schema.DropField(Name(call, "table"), Name(call, "field"), request, call.Cancellation));

    private static async Task Edit(AccountCall call, string what, int status, Func<EditSchema, JsonElement, EditRequest, Task<Result<SchemaEdit>>> edit)
    {
        var body = await SchemaRequests.ReadBody(call.Context);
        if (body.IsFault)
            await call.Refuse(body.Faults);
        else
            await Edit(call, what, status, body.Value, request => edit(call.Get<EditSchema>(), body.Value, request));
    }

    private static Task EditWithoutBody(AccountCall call, string what, Func<EditSchema, EditRequest, Task<Result<SchemaEdit>>> edit) =>
        Edit(call, what, StatusCodes.Status200OK, null, request => edit(call.Get<EditSchema>(), request));

    private static async Task Edit(AccountCall call, string what, int status, JsonElement? body, Func<EditRequest, Task<Result<SchemaEdit>>> edit)
    {
        var request = SchemaRequests.Read(call, body);
        var done = request.IsFault ? request.Faults : await edit(request.Value);
        if (done.IsFault)
        {
            await call.Refuse(done.Faults);
            return;
        }

        if (!request.Value.Terms.IsTrial && !done.Value.Plan.IsEmpty)
            await call.Note(what, SchemaAnswers.TargetOf(done.Value), SchemaAnswers.Detail(done.Value.Plan));
        await SchemaAnswers.Write(call, done.Value, request.Value.Terms.IsTrial, request.Value.Terms.IsTrial ? StatusCodes.Status200OK : status, isGone: HttpMethods.IsDelete(call.Context.Request.Method));
    }

    private static string Name(AccountCall call, string parameter) => (string)call.Context.Request.RouteValues[parameter]!;
}
