using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Socle.Access;
using Socle.Access.Mail;
using Socle.Access.Passwords;
using Socle.Access.Tokens;
using Socle.Blueprints;
using Socle.Blueprints.Live;
using Socle.Catalog;
using Socle.Features.Audit;
using Socle.Features.Auth;
using Socle.Features.Batch;
using Socle.Features.Choices;
using Socle.Features.Dashboards;
using Socle.Features.Docs;
using Socle.Features.Entry;
using Socle.Features.Events;
using Socle.Features.Files;
using Socle.Features.Health;
using Socle.Features.History;
using Socle.Features.Import;
using Socle.Features.Keys;
using Socle.Features.OpenApi;
using Socle.Features.Policies;
using Socle.Features.Rules;
using Socle.Features.Schema;
using Socle.Features.Users;
using Socle.Features.Views;
using Socle.Features.Welcome;
using Socle.FieldTypes;
using Socle.Files;
using Socle.History;
using Socle.Http;
using Socle.Kernel;
using Socle.Policies;
using Socle.Postgres;
using Socle.Postgres.Cluster;
using Socle.Realtime;
using Socle.Records.Running;
using Socle.Rules.Editing;
using Socle.Schema.Migrations;
using Socle.Views;

namespace Socle.Host;

/// <summary>
/// The running server: its database first, then its door. Ends on SIGTERM: requests finish, then the private cluster stops.
/// </summary>
public static class SocleServer
{
    private static readonly TimeSpan RequestsMayFinish = TimeSpan.FromSeconds(20);

    /// <returns>The exit code.</returns>
    public static async Task<Result<int>> Run(ServerOptions options, Blueprint? blueprint)
    {
        await using var log = new JsonLog(options.LogLevel, Console.OpenStandardOutput());
        var postgresLog = log.CreateLogger("PostgreSQL");
        var address = await DatabaseAddress.Open(options, line => postgresLog.LogInformation("{Line}", line));
        if (address.IsFault)
            return address.Faults;
        await using var held = address.Value;
        var secretKey = SecretKey.Open(options.Access.SecretKey, options.DataFolder);
        if (secretKey.IsFault)
            return secretKey.Faults;
        await using var database = Database.Open(held.Connection, options.StatementTimeout, isPrivate: held.Cluster is not null);
        await using var app = Build(options, secretKey.Value, log, database, new StartupPlan(blueprint, options.WithSample, held.Cluster, held.Schemas));
        try
        {
            await app.StartAsync();
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            return PortTaken(options);
        }

        // A closed terminal ends the server like SIGTERM, so that PostgreSQL does not stay behind.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            app.Lifetime.StopApplication();
        });
        await app.WaitForShutdownAsync();
        return app.Services.GetRequiredService<Startup>().ExitCode;
    }

    /// <summary>The server, ready to start; tests read its routes.</summary>
    internal static WebApplication Build(ServerOptions options, SecretKey secretKey, JsonLog log, Database database, StartupPlan plan)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "socle", ContentRootPath = AppContext.BaseDirectory });
        // A start that fails is told by us, in one sentence.
        builder.Logging.ClearProviders().SetMinimumLevel(options.LogLevel).AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical).AddProvider(log);
        builder.WebHost.ConfigureKestrel(kestrel => Limit(kestrel, options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = RequestsMayFinish);
        builder.Services
            .AddSingleton(options)
            .AddAccounts(options.Access, database)
            .AddAccess(secretKey)
            .AddSingleton(options.Door)
            .AddSingleton(options.Mail)
            .AddCors(cors => cors.AddDefaultPolicy(policy => CrossOrigins.Describe(policy, options.Door)))
            .AddSingleton(log)
            .AddSingleton(plan)
            .AddSingleton<LiveCatalog>()
            .AddSingleton<ServerState>()
            .AddSingleton(new RecordStore(database, options.MaxRows, options.TimeZone, new SealedText(secretKey.Derive("secret fields", 32))))
            .AddSingleton(new FieldChoices(database))
            .AddSingleton(options.TimeZone)
            .AddSingleton(new AtomicWork(database))
            .AddSingleton(services => new AccessTransaction(database, services.GetRequiredService<LiveCatalog>(), plan.Schemas))
            .AddSingleton(services => new SchemaChange(database, services.GetRequiredService<LiveCatalog>(), plan.Schemas))
            .AddSingleton(services => new EditSchema(database, services.GetRequiredService<SchemaChange>()))
            .AddSingleton<RoleRegister>()
            .AddSingleton<PolicyRegister>()
            .AddSingleton(services => new RuleRegister(database, services.GetRequiredService<LiveCatalog>(), services.GetRequiredService<SchemaChange>()))
            .AddSingleton<RecordEndpoint>()
            .AddSingleton(services => new ViewRegister(database, services.GetRequiredService<LiveCatalog>()))
            .AddSingleton(services => new DashboardRegister(database, services.GetRequiredService<LiveCatalog>()))
            .AddSingleton(services => new ShowDashboard(new ReadTogether(database, options.TimeZone), services.GetRequiredService<LiveCatalog>(), options.TimeZone))
            .AddSingleton<ChangeBell>()
            .AddSingleton<Changes>()
            .AddSingleton<RecordHistory>()
            .AddSingleton<Trash>()
            .AddSingleton<ChangeLog>()
            .AddSingleton<ChangeUndo>()
            .AddFiles(options.DataFolder, options.FileLimits, database)
            .AddSingleton<Startup>()
            .AddHostedService(services => services.GetRequiredService<Startup>())
            .AddHostedService<Housekeeping>();

        var app = builder.Build();
        UseDoor(app, options.Door);
        app.UseMiddleware<Authentication>();
        app.UseMiddleware<Gate>();
        app.UseMiddleware<ChangeRinging>();
        MapDoors(app, options, plan.Blueprint?.Label);
        return app;
    }

    /// <summary>Who may ask at all, before anybody says who they are. Whom a proxy asks for comes first: all the rest goes by it.</summary>
    private static void UseDoor(WebApplication app, DoorOptions options)
    {
        if (!options.TrustedProxies.IsEmpty)
            app.UseForwardedHeaders(TrustedProxies.Describe(options));
        app.UseMiddleware<RequestLog>();
        if (!options.AllowedHosts.IsEmpty)
            app.UseMiddleware<HostCheck>();
        if (!options.CorsOrigins.IsEmpty)
            app.UseCors();
    }

    /// <summary>Every route of the server. Literal names win over tables: those names are reserved.</summary>
    private static void MapDoors(WebApplication app, ServerOptions options, Text? title)
    {
        app.MapHealth();
        app.MapJwks();
        app.MapOpenApi(title);
        app.MapDocs();
        app.MapAuth();
        app.MapEntry();
        app.MapUsers();
        app.MapKeys();
        app.MapRoles();
        app.MapChoices();
        app.MapPolicies();
        app.MapSchema();
        app.MapRules();
        app.MapAudit();
        app.MapBatch();
        app.MapEvents();
        app.MapHistory();
        app.MapFiles();
        app.MapViews();
        app.MapDashboards();
        app.MapImport(new ImportSettings(options.MaxImportBytes, Path.Combine(options.DataFolder, "imports"), options.TimeZone));
        var welcome = WelcomeApi.Map(app, title);
        var records = app.Services.GetRequiredService<RecordEndpoint>();
        app.Map("/api/{table}/{id?}", records.Handle);
        app.Map("/{table}/{id?}", context => WelcomeApi.IsNavigation(context.Request) ? welcome.ShowTable(context) : records.Handle(context)).LetIn(GateKind.Everybody);
        // The default pattern would leave out addresses that look like files.
        app.MapFallback("{*path}", context => FaultAnswers.Write(context, new Fault(
            FaultCode.NotFound,
            "There is nothing at this address. Tables are at /api/{table}, records at /api/{table}/{id}.",
            "Il n'y a rien à cette adresse. Les tables sont à /api/{table}, les enregistrements à /api/{table}/{id}.")));
    }

    private static void Limit(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.Listen(options.Host, options.Port);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        kestrel.Limits.MaxRequestLineSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
    }

    private static Fault PortTaken(ServerOptions options) => new(
        FaultCode.InvalidConfiguration,
        $"Port {options.Port} of {options.Host} is taken by another program. Stop it, or choose another port with --port.",
        $"Le port {options.Port} de {options.Host} est pris par un autre programme. Arrêtez-le, ou choisissez un autre port avec --port.",
        "PORT");
}
