using System.Collections.Immutable;
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
            var watcher = new CatalogWatcher(database, catalog, plan.Schemas, plan.Schemas.IsAdopted ? null : Secure, OnWatcherFailure);
            var prepared = await Prepare(watcher, stoppingToken);
            if (prepared.IsFault)
            {
                Fail(prepared.Faults);
                return;
            }

            state.SetReady();
            logger.LogInformation("Serving {Tables} tables on http://{Host}:{Port}", catalog.Current.Tables.Length, options.Host, options.Port);
            foreach (var warning in Warnings.Find(options))
                logger.LogWarning("{Warning}", warning.English);
            Greeting.Print(options, catalog.Current, prepared.Value);
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

    /// <summary>Waits for a database that is not there yet, and for one that goes away in the middle: then all of it is done again.</summary>
    /// <returns>The first administrator's link, while there is no administrator.</returns>
    private async Task<Result<Uri?>> Prepare(CatalogWatcher watcher, CancellationToken cancellation)
    {
        string? said = null;
        while (true)
        {
            try
            {
                return await PrepareOnce(watcher, cancellation);
            }
            catch (Exception exception) when (Absence.Is(exception))
            {
                if (said != exception.Message)
                    logger.LogWarning("Waiting for the database: {Reason}", exception.Message);
                said = exception.Message;
                await Task.Delay(RetryEvery, cancellation);
            }
        }
    }

    private async Task<Result<Uri?>> PrepareOnce(CatalogWatcher watcher, CancellationToken cancellation)
    {
        if (plan.Cluster is null && plan.Blueprint is null)
            await SystemSchema.Upgrade(database.Maintenance, cancellation);
        else
            await SystemSchema.Apply(database.Maintenance, cancellation);
        if (plan.Blueprint is not null && await ApplyBlueprint(plan.Blueprint, cancellation) is { IsEmpty: false } refused)
            return refused;
        if (await watcher.Load(cancellation) is { } unsecured)
            return unsecured;
        if (AnonymousRole.Refuse(options, catalog.Current) is { } unknown)
            return unknown;
        await accounts.Reload(cancellation);
        return catalog.Current.HasSystemSchema ? await setup.Make(options.Door, options.Host, options.Port, cancellation) : null;
    }

    private async Task<ImmutableArray<Fault>> ApplyBlueprint(Blueprint blueprint, CancellationToken cancellation)
    {
        if (await MigrationLog.FindTakenDown(database.Maintenance, blueprint.Source, cancellation) is { } taken)
        {
            logger.LogWarning("Blueprint: not applied, since migration {Migration} applied it and was taken down. 'socle migrate up' brings it up again", taken.Id);
            return [];
        }

        if (plan.Schemas.IsAdopted && blueprint.GovernsAccess)
            return [Blueprints.ApplyBlueprint.NotForAdopted];
        var applied = await Blueprints.ApplyBlueprint.Apply(database.Maintenance, blueprint, plan.WithSample, cancellation);
        if (applied.IsFault)
            return applied.Faults;
        foreach (var step in applied.Value.Steps)
            logger.LogInformation("Blueprint: {Step}", step.Words.English);
        return [];
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
