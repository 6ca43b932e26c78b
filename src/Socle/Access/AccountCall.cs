using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Socle.Access.Passwords;
using Socle.Auditing;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>A request about accounts: who asks, what the address says, what goes into the audit.</summary>
public sealed class AccountCall(HttpContext context)
{
    private const int DefaultLimit = 100;
    private const int HighestLimit = 1000;

    private readonly List<Fault> _faults = [];

    public HttpContext Context => context;

    public CancellationToken Cancellation => context.RequestAborted;

    public Caller Caller => RequestReader.CallerOf(context.Request);

    public string RequestId => RequestIds.Of(context);

    /// <summary>What is wrong with the address.</summary>
    public ImmutableArray<Fault> Faults => [.. _faults];

    /// <summary>The account that asks, on routes for people; programs with a key have none.</summary>
    public Guid UserId => Caller.UserId!.Value;

    /// <summary>Where a change of the schema comes from.</summary>
    public ChangeOrigin SchemaOrigin() => ChangeOrigin.New("schema", RequestId) with { Actor = Caller.Name };

    public T Get<T>()
        where T : notnull => context.RequestServices.GetRequiredService<T>();

    public string? Text(string name) => context.Request.Query.TryGetValue(name, out var values) && values is [{ } text] && !text.Contains('\0') ? text : null;

    /// <summary>The id in the address; null where it is none, which is as good as an id that nobody has.</summary>
    public Guid? Id() => Guid.TryParseExact((string?)context.Request.RouteValues["id"], "D", out var id) ? id : null;

    public int Limit() => (int)Math.Min(HighestLimit, Number("limit") ?? DefaultLimit);

    public long Offset() => Number("offset") ?? 0;

    public DateTimeOffset? Moment(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            return moment;
        _faults.Add(new Fault(FaultCode.InvalidFilter, $"{name} is a moment such as 2027-01-31 or 2027-01-31T12:00:00Z.", $"{name} est un instant comme 2027-01-31 ou 2027-01-31T12:00:00Z.", name));
        return null;
    }

    /// <summary>Refuses parameters that the address does not know.</summary>
    public void Allow(params string[] names) => _faults.AddRange(context.Request.Query.Keys.Where(name => !names.Contains(name)).Select(name => new Fault(
        FaultCode.InvalidFilter,
        $"This address knows no such parameter. It takes: {string.Join(", ", names)}.",
        $"Cette adresse ne connaît pas ce paramètre. Elle prend : {string.Join(", ", names)}.",
        name.Length <= 60 ? name : name[..60] + "…")));

    /// <summary>The body; null where it could not be read, and the caller has been told.</summary>
    public async Task<BodyReader?> ReadBody()
    {
        var body = await BodyReader.Read(context);
        if (!body.IsFault)
            return body.Value;
        await Refuse(body.Faults);
        return null;
    }

    public Task Refuse(Fault fault) => FaultAnswers.Write(context, fault);

    public Task Refuse(ImmutableArray<Fault> faults) => FaultAnswers.Write(context, faults);

    public Task Note(string what, string? target = null, JsonObject? detail = null, string? actor = null) =>
        Get<AuditLog>().Write(Caller, RequestId, what, target, detail, actor);

    /// <summary>
    /// Where people reach this server: PUBLIC_URL. Without it as this request came, where ALLOWED_HOSTS vouches for that, and else by
    /// address and port: a Host that anybody may write never stands in a link that opens an account.
    /// </summary>
    public Uri PublicAddress()
    {
        var door = Get<DoorOptions>();
        var host = door.AllowedHosts.IsEmpty ? $"{new IPEndPoint(context.Connection.LocalIpAddress!, context.Connection.LocalPort)}" : context.Request.Host.Value;
        return new(door.PublicUrl ?? $"{context.Request.Scheme}://{host}");
    }

    private long? Number(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        _faults.Add(new Fault(FaultCode.InvalidRange, $"{name} is a whole number from 0.", $"{name} est un nombre entier à partir de 0.", name));
        return null;
    }
}

/// <summary>Maps routes about accounts. They answer 409 in a database that has none, and 429 when too many passwords are to be looked at.</summary>
public static class AccountRoutes
{
    private static Fault NoAccounts { get; } = new(
        FaultCode.Conflict,
        "This database has no accounts. 'socle user add' makes their tables and the first account.",
        "Cette base n'a pas de comptes. « socle user add » crée leurs tables et le premier compte.");

    private static Fault ForPeople { get; } = new(
        FaultCode.Forbidden,
        "This is for people who have signed in; an API key has no account.",
        "Ceci est réservé aux personnes connectées ; une clé d'API n'a pas de compte.");

    public static IEndpointConventionBuilder MapAccounts(this WebApplication app, string pattern, GateKind gate, params (string Method, Func<AccountCall, Task> Handle)[] handlers) =>
        app.MapRoute(pattern, gate, [.. handlers.Select(handler => (handler.Method, (RequestDelegate)(context => Handle(new AccountCall(context), handler.Handle))))]);

    /// <summary>For callers who have no credentials yet, or old ones.</summary>
    public static IEndpointConventionBuilder MapOpen(this WebApplication app, string pattern, Func<AccountCall, Task> handle) =>
        app.MapAccounts(pattern, GateKind.Everybody, ("POST", handle)).WithMetadata(new WithoutCredentials());

    /// <summary>For people who have signed in.</summary>
    public static IEndpointConventionBuilder MapPeople(this WebApplication app, string pattern, params (string Method, Func<AccountCall, Task> Handle)[] handlers) =>
        app.MapAccounts(pattern, GateKind.Anybody, [.. handlers.Select(handler => (handler.Method, (Func<AccountCall, Task>)(call => RefuseAllButPeople(call.Caller) is { } fault ? call.Refuse(fault) : handler.Handle(call))))]);

    private static Fault? RefuseAllButPeople(Caller caller) => caller.UserId is not null ? null : caller.Name is null ? Gate.Unauthenticated : ForPeople;

    private static async Task Handle(AccountCall call, Func<AccountCall, Task> handle)
    {
        if (!call.Get<ServerState>().IsReady)
        {
            await call.Refuse(ServerState.NotReady);
            return;
        }

        if (!call.Get<LiveCatalog>().Current.HasSystemSchema)
        {
            await call.Refuse(NoAccounts);
            return;
        }

        try
        {
            await handle(call);
        }
        catch (UncheckedPasswordException exception)
        {
            await call.Refuse(exception.Fault);
        }
    }
}
