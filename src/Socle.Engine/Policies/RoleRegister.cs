using System.Collections.Immutable;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Policies;

/// <summary>A role as it is listed.</summary>
/// <param name="Blueprint">The blueprint that keeps it; null when none does.</param>
public sealed record RoleEntry(
    string Name, Text Label, ImmutableArray<PolicyAction> DefaultActions, bool MayUndo, bool IsAdmin, bool IsBuiltIn, string? Blueprint, DateTimeOffset CreatedAt);

/// <summary>The roles. Takes what they shall be; refuses to touch the administrator's, to remove a built-in one or one that somebody has.</summary>
public sealed class RoleRegister(Database database, AccessTransaction access)
{
    private const string Columns = "name, label_en, label_fr, default_actions, may_undo, is_admin, is_built_in, blueprint, created_at";

    public Task<List<RoleEntry>> List(CancellationToken cancellation) =>
        database.Requests.List($"SELECT {Columns} FROM socle_system.roles ORDER BY is_built_in DESC, created_at, name", Read, cancellation);

    public Task<RoleEntry?> Find(string name, CancellationToken cancellation) =>
        database.Requests.Find($"SELECT {Columns} FROM socle_system.roles WHERE name = $1", Read, cancellation, name);

    /// <summary>What it may by default it may to the tables that there are, too.</summary>
    public Task<Result<RoleEntry>> Create(string name, Text label, IEnumerable<PolicyAction> defaults, bool mayUndo, CancellationToken cancellation) => access.Run<RoleEntry>(
        async connection =>
        {
            try
            {
                var made = await Write(
                    connection,
                    $"INSERT INTO socle_system.roles (name, label_en, label_fr, default_actions, may_undo) VALUES ($1, $2, $3, $4, $5) RETURNING {Columns}",
                    cancellation,
                    name,
                    label.English,
                    label.French,
                    Words(defaults),
                    mayUndo);
                await Write(connection, $"WITH admitted AS (SELECT socle_system.admit_role($1)) SELECT {Columns} FROM socle_system.roles, admitted WHERE name = $1", cancellation, name);
                return made!;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                return RegisterFaults.RoleExists(name);
            }
            catch (PostgresException exception) when (exception.ConstraintName == "ck_roles_name")
            {
                return RegisterFaults.RoleName();
            }
        },
        (_, _) => [],
        cancellation);

    /// <summary>Null stays as it is. Other default actions are for tables to come.</summary>
    public Task<Result<RoleEntry>> Change(string name, Text? label, IEnumerable<PolicyAction>? defaults, bool? mayUndo, CancellationToken cancellation) => access.Run<RoleEntry>(
        async connection => await Write(
            connection,
            $"""
            UPDATE socle_system.roles
            SET label_en = coalesce($2::text, label_en), label_fr = coalesce($3::text, label_fr), default_actions = coalesce($4::text[], default_actions), may_undo = coalesce($5::boolean, may_undo)
            WHERE name = $1 AND NOT is_admin RETURNING {Columns}
            """,
            cancellation,
            name,
            label?.English,
            label?.French,
            defaults is null ? null : Words(defaults),
            mayUndo) is { } changed ? changed : name == Caller.Admin ? RegisterFaults.AdminStays() : RegisterFaults.NoSuchRole(name),
        (_, _) => [],
        cancellation);

    public Task<Result<RoleEntry>> Delete(string name, CancellationToken cancellation) => access.Run<RoleEntry>(
        async connection =>
        {
            try
            {
                return await Write(connection, $"DELETE FROM socle_system.roles WHERE name = $1 AND NOT is_built_in RETURNING {Columns}", cancellation, name) is { } gone
                    ? gone
                    : await Write(connection, $"SELECT {Columns} FROM socle_system.roles WHERE name = $1", cancellation, name) is null ? RegisterFaults.NoSuchRole(name) : RegisterFaults.BuiltIn(name);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ForeignKeyViolation)
            {
                return RegisterFaults.RoleInUse(name);
            }
        },
        (_, _) => [],
        cancellation);

    private static string[] Words(IEnumerable<PolicyAction> actions) => [.. actions.Distinct().Order().Select(action => action.ToString().ToLowerInvariant())];

    private static async Task<RoleEntry?> Write(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object?[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection).With(values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    private static RoleEntry Read(NpgsqlDataReader row) => new(
        row.GetString(0),
        new Text(row.GetString(1), row.GetString(2)),
        [.. row.GetFieldValue<string[]>(3).Select(word => Enum.Parse<PolicyAction>(word, ignoreCase: true))],
        row.GetBoolean(4),
        row.GetBoolean(5),
        row.GetBoolean(6),
        row.Optional<string>(7),
        row.GetFieldValue<DateTimeOffset>(8));
}
