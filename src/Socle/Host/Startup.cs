using System.Collections.Immutable;
using System.Net;
using Npgsql;
using Socle.Access;
using Socle.Blueprints;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;
using Socle.Policies;
using Socle.Postgres;
using Socle.Postgres.Cluster;
using Socle.Realtime;
using Socle.Schema.Migrations;

namespace Socle.Host;

/// <summary>What to do with the database before the first request.</summary>
/// <param name="Schemas">Which schemas to serve.</param>
public sealed record StartupPlan(Blueprint? Blueprint, bool WithSample, PrivateCluster? Cluster, SchemaChoice Schemas);

/// <summary>
/// Waits for the database, brings Socle's own schema and the blueprint up to date where there are any, reads the catalog; then keeps it true.
/// Requests get 503 until it is done.
/// </summary>
public sealed class Startup(
    StartupPlan plan,
    ServerOptions options,
    Database database,
    LiveCatalog catalog,
    ServerState state,
    Changes changes,
    LiveAccounts accounts,
    SetupLink setup,
    IHostApplicationLifetime lifetime,
    ILogger<Startup> logger) : BackgroundService
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);

    private readonly HashSet<string> _told = [];

    public int ExitCode { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await WaitForDatabase(stoppingToken);
            if (plan.Cluster is null && plan.Blueprint is null)
                await SystemSchema.Upgrade(database.Maintenance, stoppingToken);
            else
                await SystemSchema.Apply(database.Maintenance, stoppingToken);
            if (plan.Blueprint is not null && !await ApplyBlueprint(plan.Blueprint, stoppingToken))
                return;
            var watcher = new CatalogWatcher(database, catalog, plan.Schemas, plan.Schemas.IsAdopted ? null : Secure, OnWatcherFailure);
            if (await watcher.Load(stoppingToken) is { } unsecured)
            {
                Fail([unsecured]);
                return;
            }

            if (RefuseAnonymousRole() is { } unknown)
            {
                Fail([unknown]);
                return;
            }

            await accounts.Reload(stoppingToken);
            state.SetReady();
            logger.LogInformation("Serving {Tables} tables on http://{Host}:{Port}", catalog.Current.Tables.Length, options.Host, options.Port);
            WarnOfOpenDoor();
            Greeting.Print(options, catalog.Current, catalog.Current.HasSystemSchema ? await setup.Make(options.Door, options.Host, options.Port, stoppingToken) : null);
            await Task.WhenAll(watcher.Run(stoppingToken), accounts.Run(stoppingToken), changes.Run(OnFeedFailure, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception exception) when (ConnectionFaults.Find(exception) is { } fault)
        {
            Fail([fault]);
        }
        catch (Exception exception)
        {
            logger.LogCritical(exception, "The server could not start");
            End();
        }
    }

    private async Task WaitForDatabase(CancellationToken cancellation)
    {
        var isSaid = false;
        while (true)
        {
            try
            {
                await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException && IsTemporary(exception))
            {
                if (!isSaid)
                    logger.LogWarning("Waiting for the database: {Reason}", exception.Message);
                isSaid = true;
                await Task.Delay(RetryEvery, cancellation);
            }
        }
    }

    /// <summary>A server that answers and refuses (a wrong password, no such database) will refuse again.</summary>
    private static bool IsTemporary(Exception exception) =>
        exception is not PostgresException { SqlState: not ("57P03" or "53300" or "57P01" or "57P02") };

    private async Task<bool> ApplyBlueprint(Blueprint blueprint, CancellationToken cancellation)
    {
        if (await MigrationLog.FindTakenDown(database.Maintenance, blueprint.Source, cancellation) is { } taken)
        {
            logger.LogWarning("Blueprint: not applied, since migration {Migration} applied it and was taken down. 'socle migrate up' brings it up again", taken.Id);
            return true;
        }

        if (plan.Schemas.IsAdopted && blueprint.GovernsAccess)
        {
            Fail([Blueprints.ApplyBlueprint.NotForAdopted]);
            return false;
        }

        var applied = await Blueprints.ApplyBlueprint.Apply(database.Maintenance, blueprint, plan.WithSample, cancellation);
        if (!applied.IsFault)
        {
            foreach (var step in applied.Value.Steps)
                logger.LogInformation("Blueprint: {Step}", step.Words.English);
            return true;
        }

        Fail(applied.Faults);
        return false;
    }

    /// <summary>Only the database knows the roles.</summary>
    private Fault? RefuseAnonymousRole()
    {
        if (options.Access.AnonymousRole is not { } role || catalog.Current.Access.FindRole(role) is not null)
            return null;
        var known = string.Join(", ", catalog.Current.Access.Roles.Select(other => other.Name).Order(StringComparer.Ordinal));
        return new Fault(
            FaultCode.InvalidConfiguration,
            $"ANONYMOUS_ROLE is '{role}', which is no role here. Roles: {known}.",
            $"ANONYMOUS_ROLE vaut « {role} », qui n'est pas un rôle ici. Rôles : {known}.",
            "ANONYMOUS_ROLE");
    }

    private void WarnOfOpenDoor()
    {
        if (options.Access.AnonymousRole is { } role && !IPAddress.IsLoopback(options.Host))
            logger.LogWarning("Whoever reaches http://{Host}:{Port} acts as {Role} without signing in, and everything travels unencrypted: unset ANONYMOUS_ROLE, or listen on 127.0.0.1 only", options.Host, options.Port, role);
    }

    private void Fail(ImmutableArray<Fault> faults)
    {
        foreach (var fault in faults)
            logger.LogError("{Fault}", fault.Message.English);
        Terminal.Write(faults);
        End();
    }

    private void End()
    {
        ExitCode = 1;
        lifetime.StopApplication();
    }

    /// <summary>Puts the policies into force, and says once of each that it does not hold.</summary>
    private async Task<Result<bool>> Secure(NpgsqlConnection connection, CatalogSnapshot snapshot, CancellationToken cancellation)
    {
        var secured = await Securing.Run(connection, snapshot, cancellation);
        if (secured.IsFault)
            return secured.Faults;
        foreach (var policy in secured.Value.Broken)
        {
            if (_told.Add($"{policy.Rule.Role} {policy.Rule.Action} {policy.Rule.Table.Name} {policy.Rule.Filter} {policy.Faults[0].Message.English}"))
                logger.LogWarning("The policy of the role {Role} to {Action} {Table} does not hold: {Reason}", policy.Rule.Role, policy.Rule.Action, policy.Rule.Table.Name, policy.Faults[0].Message.English);
        }

        foreach (var broken in snapshot.Broken)
        {
            if (_told.Add($"{broken.Table} {broken.Field} {broken.Fault.Message.English}"))
                logger.LogWarning("The computed field {Field} of {Table} is not there: {Reason}", broken.Field, broken.Table, broken.Fault.Message.English);
        }

        return secured.Value.HasChanged;
    }

    private void OnFeedFailure(Exception exception) => logger.LogWarning("The feed of changes lost the database: {Reason}", exception.Message);

    private void OnWatcherFailure(Exception exception) => logger.LogWarning("The catalog's watcher will try again: {Reason}", exception.Message);
}
