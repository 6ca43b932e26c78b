using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Policies;

/// <summary>A policy that does not hold as written, and so shows nothing, or fewer fields.</summary>
public sealed record BrokenPolicy(PolicyRule Rule, ImmutableArray<Fault> Faults);

/// <param name="HasChanged">Whether PostgreSQL enforces something else than before, so that the catalog is to be read again.</param>
/// <param name="Broken">The policies that do not hold.</param>
public sealed record Secured(bool HasChanged, ImmutableArray<BrokenPolicy> Broken);

/// <summary>
/// Makes PostgreSQL enforce what roles and policies say: row-level security on every served table, and to each role's
/// PostgreSQL role only the rights that a policy gives. Takes a database with the system schema; runs no statement when all is
/// as wanted, as it runs at each change of the catalog. Refuses when the server's user may not make roles.
/// </summary>
public static class Securing
{
    private const int InvokersSince = 15;
    private const int MostPlans = 5;

    private const string IsReadOnly = "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean";
    private const string IsSecured = "SELECT EXISTS (SELECT FROM socle_system.tables WHERE secured_at IS NOT NULL)";

    private sealed record Work(List<string> Statements, ImmutableArray<BrokenPolicy> Broken);

    public static async Task<Result<Secured>> Run(NpgsqlConnection connection, CatalogSnapshot snapshot, CancellationToken cancellation)
    {
        if (!snapshot.HasSystemSchema || await Ask(connection, IsReadOnly, cancellation))
            return new Secured(HasChanged: false, []);
        if (await DatabaseRoles.Ensure(connection, [], cancellation) is { } fault)
            return fault;
        if (await Plan(connection, snapshot, cancellation) is { Statements.Count: 0, Broken: var broken })
            return new Secured(HasChanged: false, broken);
        return await SchemaTransaction.Try<Secured>(
            connection,
            async transaction =>
            {
                var found = await RunWithin(connection, snapshot, cancellation);
                await transaction.CommitAsync(cancellation);
                return new Secured(HasChanged: true, found);
            },
            cancellation);
    }

    /// <summary>The same inside a transaction that changes the schema or the policies, and so holds the schema's lock.</summary>
    public static async Task<ImmutableArray<BrokenPolicy>> RunWithin(NpgsqlConnection connection, CatalogSnapshot snapshot, CancellationToken cancellation)
    {
        // New tables are taken in first; what their policies then ask is a second plan, and the third finds nothing to do.
        for (var i = 0; i < MostPlans; i++)
        {
            var work = await Plan(connection, snapshot, cancellation);
            if (work.Statements.Count == 0)
                return work.Broken;
            await Execute(connection, string.Join(";\n", work.Statements), cancellation);
        }

        throw new InvalidOperationException("What the policies ask of PostgreSQL does not come about.");
    }

    /// <summary>The same where the database is under policies already, after its tables were changed in this transaction.</summary>
    /// <param name="connection">Whose transaction it is.</param>
    /// <param name="isAsked">Whether to do it even where nothing is under policies yet.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<Result<ImmutableArray<BrokenPolicy>>> RunAfterChange(NpgsqlConnection connection, bool isAsked, CancellationToken cancellation)
    {
        if (!isAsked && !await Ask(connection, IsSecured, cancellation))
            return ImmutableArray<BrokenPolicy>.Empty;
        if (await DatabaseRoles.Ensure(connection, [], cancellation) is { } fault)
            return fault;
        return await RunWithin(connection, await CatalogReader.Read(connection, SchemaChoice.Default, 0, cancellation), cancellation);
    }

    private static async Task<Work> Plan(NpgsqlConnection connection, CatalogSnapshot snapshot, CancellationToken cancellation)
    {
        var state = await AccessStateReader.Read(connection, snapshot, cancellation);
        var strangers = state.Relations.Where(relation => !relation.IsAdmitted).ToList();
        if (strangers.Count > 0)
            return new Work([$"SELECT socle_system.admit_tables(ARRAY[{string.Join(", ", strangers.Select(relation => relation.Oid))}]::oid[]::regclass[])"], []);
        var rules = state.Rules(snapshot).ToList();
        var compiled = PolicyCompiler.Compile(snapshot, rules.Select(item => item.Rule));
        var policies = rules.Select(item => new GivenPolicy(item.Row, compiled[item.Rule.Key].Condition));
        var broken = from item in rules
                     let faults = compiled[item.Rule.Key].Faults
                     let isRefused = item.Row.Condition == WantedAccess.Refused
                     where !faults.IsEmpty || isRefused
                     select new BrokenPolicy(item.Rule, isRefused ? [.. faults, PolicyFaults.Refused()] : faults);
        return new Work([.. AccessChanges.Between(snapshot, state, policies, connection.PostgreSqlVersion.Major >= InvokersSince)], [.. broken]);
    }

    private static async Task<bool> Ask(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
