using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Policies;
using Socle.Postgres;

namespace Socle.Schema.Migrations;

/// <summary>How a change is to be made.</summary>
/// <param name="IsTrial">Only planned: nothing is changed.</param>
/// <param name="AllowsLoss">Values may go that do not survive the change. The way down brings them back.</param>
/// <param name="Origin">Who asked, for the history.</param>
public sealed record ChangeTerms(bool IsTrial, bool AllowsLoss, ChangeOrigin Origin);

/// <summary>
/// Changes the schema while the server runs: plans, does and logs the steps in one transaction, puts the policies into force with
/// them, and gives back what was done once this server's catalog shows it. Others hear of it from the database. Waits for a busy
/// table in short tries, so that nobody queues behind it. Refuses adopted databases, and losses that nobody allowed.
/// </summary>
public sealed class SchemaChange(Database database, LiveCatalog catalog, SchemaChoice schemas) : IDisposable
{
    private static readonly TimeSpan LongestQueue = TimeSpan.FromSeconds(20);

    /// <summary>The database takes one change at a time; those of this server wait here, so that they hold no connections meanwhile.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);

    public void Dispose() => _turn.Dispose();

    /// <summary>Why nothing can be changed here at all; null where it can.</summary>
    public Fault? FindRefusal() => schemas.IsAdopted || !catalog.Current.HasSystemSchema ? ChangeFaults.Adopted() : null;

    /// <summary>Makes the steps that <paramref name="plan"/> decides upon. It is asked again, in a new transaction, when a table was busy.</summary>
    /// <param name="plan">Reads what is there and gives the steps, counted.</param>
    /// <param name="source">What was asked, to be logged.</param>
    /// <param name="terms">How.</param>
    /// <param name="cancellation">Ends the work, with nothing done.</param>
    internal Task<Result<SchemaPlan>> Apply(
        Func<NpgsqlConnection, Task<Result<ImmutableArray<SchemaStep>>>> plan, string source, ChangeTerms terms, CancellationToken cancellation) => Run<SchemaPlan>(
        async connection =>
        {
            await SchemaTransaction.Refresh(connection, cancellation);
            var steps = await plan(connection);
            if (steps.IsFault)
                return steps.Faults;
            if (terms.IsTrial)
                return new SchemaPlan(steps.Value, []);
            if (!terms.AllowsLoss && RefuseLosses(steps.Value) is { IsEmpty: false } losses)
                return losses;
            if (await ApplySteps.Run(connection, steps.Value, ApplySteps.ByHand, source, cancellation) is { } fault)
                return fault with { Field = null };
            return new SchemaPlan(steps.Value, []);
        },
        (done, broken) => done with { Notes = [.. done.Notes, .. Notes(done, broken)] },
        terms,
        cancellation);

    /// <summary>Runs any change of the schema in such a transaction.</summary>
    /// <param name="change">May run more than once; changes and logs.</param>
    /// <param name="finish">Told of the policies that do not hold afterwards.</param>
    /// <param name="terms">How.</param>
    /// <param name="cancellation">Ends the work, with nothing done.</param>
    internal async Task<Result<T>> Run<T>(
        Func<NpgsqlConnection, Task<Result<T>>> change, Func<T, ImmutableArray<BrokenPolicy>, T> finish, ChangeTerms terms, CancellationToken cancellation)
    {
        if (FindRefusal() is { } closed)
            return closed;
        if (!await _turn.WaitAsync(LongestQueue, cancellation))
            return SchemaTransaction.Busy();
        try
        {
            return await RunInTurn(change, finish, terms, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<Result<T>> RunInTurn<T>(
        Func<NpgsqlConnection, Task<Result<T>>> change, Func<T, ImmutableArray<BrokenPolicy>, T> finish, ChangeTerms terms, CancellationToken cancellation)
    {
        await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
        var done = await SchemaTransaction.Try(
            connection,
            async transaction =>
            {
                await ChangeSettings.Set(connection, terms.Origin, cancellation);
                var changed = await change(connection);
                if (changed.IsFault || terms.IsTrial)
                    return changed;
                await SchemaTransaction.Refresh(connection, cancellation);
                var secured = await Securing.RunAfterChange(connection, isAsked: false, cancellation);
                if (secured.IsFault)
                    return secured.Faults;
                await transaction.CommitAsync(CancellationToken.None);
                return finish(changed.Value, secured.Value);
            },
            cancellation);
        if (!done.IsFault && !terms.IsTrial)
            catalog.Swap(await CatalogReader.Read(connection, schemas, catalog.NextVersion(), CancellationToken.None));
        return done;
    }

    private static ImmutableArray<Fault> RefuseLosses(ImmutableArray<SchemaStep> steps) =>
        [.. steps.Where(step => step.Verdict == Verdict.LosesValues).Select(ChangeFaults.WouldLose)];

    /// <summary>A policy that named what is gone shows nothing until somebody changes it: whoever made it so should know.</summary>
    private static IEnumerable<Text> Notes(SchemaPlan plan, ImmutableArray<BrokenPolicy> broken)
    {
        var touched = plan.Steps.SelectMany(step => step is RenameTable renamed ? [renamed.To] : new[] { step.Table }).ToHashSet();
        return from policy in broken
               let action = policy.Rule.Action.ToString().ToLowerInvariant()
               where touched.Contains(policy.Rule.Table.Names.Relation)
               select new Text(
                   $"The policy of the role {policy.Rule.Role} to {action} {policy.Rule.Table.Name} does not hold and lets nothing through: {policy.Faults[0].Message.English}",
                   $"La règle du rôle {policy.Rule.Role} pour {action} {policy.Rule.Table.Name} ne tient pas et ne laisse rien passer : {policy.Faults[0].Message.French}");
    }
}
