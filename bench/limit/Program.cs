using System.Text.Json;
using Npgsql;
using Socle.Bench.Limit;

// The bare limit program: the benchmark's seven requests with hand-written SQL, and nothing else (no accounts, no
// metadata, no validation beyond types). It is the ceiling that Socle is measured against.
// Run: DATABASE="<Npgsql connection string>" limit --urls http://127.0.0.1:PORT
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var connection = new NpgsqlConnectionStringBuilder(builder.Configuration["database"])
{
    MaxPoolSize = 8,
    MaxAutoPrepare = 32,
    AutoPrepareMinUsages = 2,
    NoResetOnClose = true,
};
await using var database = NpgsqlDataSource.Create(connection);
var app = builder.Build();
app.MapGet("/health", () => Results.Ok());
app.MapGet("/api/clients/{id}", GetClient);
app.MapGet("/api/clients", ListClients);
app.MapPost("/api/clients", CreateClient);
app.MapPatch("/api/clients/{id}", PatchClient);
app.MapGet("/api/engagements", ListEngagements);
await app.RunAsync();

Task GetClient(HttpContext http)
{
    if (!TryGetId(http, out var id))
        return Refuse(http, StatusCodes.Status400BadRequest);
    var command = database.CreateCommand(Clients.ById);
    command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
    return AnswerOne(http, command, StatusCodes.Status200OK);
}

Task CreateClient(HttpContext http) => Write(http, StatusCodes.Status201Created, body => Clients.Insert(database, body));

Task PatchClient(HttpContext http) => TryGetId(http, out var id)
    ? Write(http, StatusCodes.Status200OK, body => Clients.Update(database, id, body))
    : Refuse(http, StatusCodes.Status400BadRequest);

async Task ListClients(HttpContext http)
{
    var query = http.Request.Query;
    var status = query["status"].ToString();
    if (query["count"] != "exact")
    {
        await using var command = database.CreateCommand(status.Length == 0 ? Clients.ByName : Clients.ByStatus);
        if (status.StartsWith("eq.", StringComparison.Ordinal))
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = status[3..] });
        await using var list = await command.ExecuteReaderAsync();
        await AnswerMany(http, list, static (writer, row) => writer.WriteFields(row, Clients.Columns, 0, Clients.Columns.Length));
        return;
    }

    await using var batch = database.CreateBatch();
    batch.BatchCommands.Add(new NpgsqlBatchCommand(Clients.ByName));
    batch.BatchCommands.Add(new NpgsqlBatchCommand(Clients.Count));
    await using var reader = await batch.ExecuteReaderAsync();
    await AnswerMany(http, reader, static (writer, row) => writer.WriteFields(row, Clients.Columns, 0, Clients.Columns.Length));
}

async Task ListEngagements(HttpContext http)
{
    await using var command = database.CreateCommand(Clients.Engagements);
    await using var reader = await command.ExecuteReaderAsync();
    await AnswerMany(http, reader, static (writer, row) =>
    {
        const int client = Clients.EngagementFields;
        writer.WriteFields(row, Clients.EngagementColumns, 0, client);
        if (row.IsDBNull(client))
        {
            writer.Json.WriteNull("client");
            return;
        }

        writer.Json.WriteStartObject("client");
        writer.WriteFields(row, Clients.EngagementColumns, client, Clients.EngagementColumns.Length);
        writer.Json.WriteEndObject();
    });
}

static async Task Write(HttpContext http, int success, Func<JsonElement, NpgsqlCommand> prepare)
{
    try
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        await AnswerOne(http, prepare(body.RootElement), success);
    }
    catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
    {
        await Refuse(http, StatusCodes.Status400BadRequest);
    }
    catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UniqueViolation)
    {
        await Refuse(http, StatusCodes.Status409Conflict);
    }
}

static async Task AnswerOne(HttpContext http, NpgsqlCommand command, int success)
{
    await using var reader = await command.ExecuteReaderAsync();
    if (!await reader.ReadAsync())
    {
        await Refuse(http, StatusCodes.Status404NotFound);
        return;
    }

    var writer = Begin(http, success);
    writer.Json.WriteStartObject("data");
    writer.WriteFields(reader, Clients.Columns, 0, Clients.Columns.Length);
    writer.Json.WriteEndObject();
    await EndAsync(http, writer);
}

static async Task AnswerMany(HttpContext http, NpgsqlDataReader reader, Action<RowWriter, NpgsqlDataReader> writeFields)
{
    var writer = Begin(http, StatusCodes.Status200OK);
    writer.Json.WriteStartArray("data");
    while (await reader.ReadAsync())
    {
        writer.Json.WriteStartObject();
        writeFields(writer, reader);
        writer.Json.WriteEndObject();
    }

    writer.Json.WriteEndArray();
    writer.Json.WriteStartObject("meta");
    writer.Json.WriteNumber("limit", Clients.Limit);
    writer.Json.WriteNumber("offset", 0);
    if (await reader.NextResultAsync() && await reader.ReadAsync())
        writer.Json.WriteNumber("total", reader.GetInt64(0));
    writer.Json.WriteEndObject();
    await EndAsync(http, writer);
}

static RowWriter Begin(HttpContext http, int status)
{
    http.Response.StatusCode = status;
    http.Response.ContentType = "application/json; charset=utf-8";
    var writer = RowWriter.Rent();
    writer.Json.WriteStartObject();
    writer.Json.WriteBoolean("success", true);
    return writer;
}

static async Task EndAsync(HttpContext http, RowWriter writer)
{
    writer.Json.WriteEndObject();
    await writer.SendAsync(http.Response);
    RowWriter.Return(writer);
}

static Task Refuse(HttpContext http, int status)
{
    http.Response.StatusCode = status;
    return http.Response.WriteAsJsonAsync(new { success = false });
}

static bool TryGetId(HttpContext http, out Guid id) => Guid.TryParse((string?)http.Request.RouteValues["id"], out id);
