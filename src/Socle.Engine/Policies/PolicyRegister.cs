using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Policies;

/// <summary>A policy as it is listed.</summary>
/// <param name="Table">The name under which its table is served, or schema.table where it is not.</param>
/// <param name="Blueprint">The blueprint that keeps it; null when none does.</param>
/// <param name="Faults">Why it does not hold as written, and so shows nothing; empty for one that does.</param>
public sealed record PolicyEntry(
    Guid Id, string Role, string Table, PolicyAction Action, string? Filter, ImmutableArray<string>? Fields, string? Blueprint, DateTimeOffset CreatedAt, ImmutableArray<Fault> Faults);

/// <summary>The policies. Takes rules; refuses those that do not hold, with every fault at once, and a second one for the same role, table and action.</summary>
public sealed class PolicyRegister(Database database, LiveCatalog catalog, AccessTransaction access)
{
    private const string Columns = "p.id, p.role, n.nspname::text, c.relname::text, p.action, p.filter, p.fields, p.blueprint, p.created_at, p.condition";

    private const string Tables = "socle_system.tables t JOIN pg_class c ON c.oid = t.relation JOIN pg_namespace n ON n.oid = c.relnamespace";

    private sealed record StoredPolicy(PolicyEntry Entry, string Qualified, string? Condition);

    public async Task<List<PolicyEntry>> List(string? role, TableSnapshot? table, CancellationToken cancellation)
    {
        var stored = await database.Requests.List(
            $"SELECT {Columns} FROM socle_system.policies p JOIN {Tables} ON t.id = p.table_id ORDER BY n.nspname, c.relname, p.role, array_position('{{read,create,update,delete}}', p.action)", Read, cancellation);
        var snapshot = catalog.Current;
        var rules = stored.Select(policy => (Policy: policy, Table: snapshot.FindTable(policy.Qualified))).ToList();
        var compiled = PolicyCompiler.Compile(snapshot, rules.Where(item => item.Table is not null).Select(item => Rule(item.Policy.Entry, item.Table!)));
        return
        [
            .. from item in rules
               where (role is null || item.Policy.Entry.Role == role) && (table is null || item.Policy.Qualified == table.Names.Qualified)
               select item.Table is null ? item.Policy.Entry : item.Policy.Entry with { Table = item.Table.Name, Faults = FindFaults(item.Policy, compiled[Rule(item.Policy.Entry, item.Table).Key].Faults) },
        ];
    }

    public async Task<PolicyEntry?> Find(Guid id, CancellationToken cancellation) =>
        (await List(null, null, cancellation)).Find(policy => policy.Id == id);

    public Task<Result<PolicyEntry>> Create(PolicyRule rule, CancellationToken cancellation) => access.Run<PolicyEntry>(
        async connection =>
        {
            try
            {
                return await Write(
                    connection,
                    $"""
                    WITH p AS (
                        INSERT INTO socle_system.policies (role, table_id, action, filter, condition, fields)
                        SELECT r.name, t.id, $4, $5::text, CASE WHEN $5::text IS NOT NULL THEN 'false' END, $6::text[]
                        FROM {Tables}, socle_system.roles r
                        WHERE n.nspname = $1 AND c.relname = $2 AND r.name = $3 AND NOT r.is_admin
                        RETURNING *)
                    SELECT {Columns} FROM p JOIN {Tables} ON t.id = p.table_id
                    """,
                    cancellation,
                    rule.Table.Schema,
                    rule.Table.Names.Relation,
                    rule.Role,
                    rule.Action.ToString().ToLowerInvariant(),
                    rule.Filter,
                    rule.Fields?.ToArray()) is { } made ? made : rule.Role == Caller.Admin ? RegisterFaults.AdminStays() : RegisterFaults.NoSuchRole(rule.Role);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                return RegisterFaults.PolicyExists(rule);
            }
        },
        Judge,
        cancellation);

    public Task<Result<PolicyEntry>> Change(PolicyEntry policy, string? filter, ImmutableArray<string>? fields, CancellationToken cancellation) => access.Run<PolicyEntry>(
        async connection => await Write(
            connection,
            $"""
            WITH p AS (
                UPDATE socle_system.policies SET filter = $2::text, condition = CASE WHEN $2::text IS NOT NULL THEN 'false' END, fields = $3::text[] WHERE id = $1 RETURNING *)
            SELECT {Columns} FROM p JOIN {Tables} ON t.id = p.table_id
            """,
            cancellation,
            policy.Id,
            filter,
            fields?.ToArray()) is { } changed ? changed : RegisterFaults.NoSuchPolicy(),
        Judge,
        cancellation);

    public Task<Result<PolicyEntry>> Delete(PolicyEntry policy, CancellationToken cancellation) => access.Run<PolicyEntry>(
        async connection => await Write(
            connection,
            $"WITH p AS (DELETE FROM socle_system.policies WHERE id = $1 RETURNING *) SELECT {Columns} FROM p JOIN {Tables} ON t.id = p.table_id",
            cancellation,
            policy.Id) is { } gone ? gone : RegisterFaults.NoSuchPolicy(),
        (_, _) => [],
        cancellation);

    private static ImmutableArray<Fault> Judge(PolicyEntry policy, ImmutableArray<BrokenPolicy> broken) =>
        [.. broken.Where(other => other.Rule.Role == policy.Role && other.Rule.Action == policy.Action && other.Rule.Table.Names.Qualified == policy.Table).SelectMany(other => other.Faults)];

    private static ImmutableArray<Fault> FindFaults(StoredPolicy policy, ImmutableArray<Fault> faults) =>
        policy.Condition == WantedAccess.Refused ? [.. faults, PolicyFaults.Refused()] : faults;

    private static PolicyRule Rule(PolicyEntry policy, TableSnapshot table) => new(policy.Role, table, policy.Action, policy.Filter, policy.Fields);

    private static async Task<PolicyEntry?> Write(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object?[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection).With(values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader).Entry : null;
    }

    private static StoredPolicy Read(NpgsqlDataReader row)
    {
        var qualified = TableName.Qualify(row.GetString(2), row.GetString(3));
        var entry = new PolicyEntry(
            row.GetGuid(0),
            row.GetString(1),
            qualified,
            Enum.Parse<PolicyAction>(row.GetString(4), ignoreCase: true),
            row.Optional<string>(5),
            row.Optional<string[]>(6) is { } fields ? [.. fields] : null,
            row.Optional<string>(7),
            row.GetFieldValue<DateTimeOffset>(8),
            []);
        return new StoredPolicy(entry, qualified, row.Optional<string>(9));
    }
}
