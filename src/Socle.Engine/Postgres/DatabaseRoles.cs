using Npgsql;
using Socle.Kernel;

namespace Socle.Postgres;

/// <summary>
/// The PostgreSQL roles under which requests run: the group <c>socle_app</c> and one <c>socle_&lt;name&gt;</c> for each of Socle's
/// roles. Takes a database with the system schema, makes what is missing. Refuses a user that may not make roles, and a role of
/// such a name that is above row-level security. Roles belong to the whole cluster: none is ever dropped, since another database may use it.
/// </summary>
public static class DatabaseRoles
{
    public const string Group = "socle_app";

    private const int Attempts = 10;

    /// <summary>Whether every role is there, in the group, and open to the server's own user. One row for each that is not.</summary>
    private const string Missing = $"""
        SELECT w.name, r.oid IS NULL, r.oid IS NOT NULL AND (r.rolsuper OR r.rolbypassrls)
        FROM (SELECT '{Group}' AS name UNION ALL SELECT 'socle_' || name FROM socle_system.roles UNION ALL SELECT 'socle_' || unnest($1)) w
        LEFT JOIN pg_roles r ON r.rolname = w.name
        LEFT JOIN pg_roles g ON g.rolname = '{Group}'
        WHERE r.oid IS NULL OR r.rolsuper OR r.rolbypassrls
           OR NOT pg_has_role(r.oid, g.oid, 'USAGE')
           OR NOT pg_has_role(current_user, r.oid, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
        ORDER BY w.name <> '{Group}', w.name
        """;

    private const string HasSystemRights = $"""
        SELECT has_schema_privilege('{Group}', 'socle_system', 'USAGE') AND has_table_privilege('{Group}', 'socle_system.audit', 'INSERT')
           AND has_column_privilege('{Group}', 'socle_system.users', 'name', 'SELECT') AND has_column_privilege('{Group}', 'socle_system.files', 'name', 'SELECT')
        """;

    /// <summary>Another server may give the same rights at the same moment.</summary>
    private const string SystemRights = $"""
        DO $$ BEGIN
            GRANT USAGE ON SCHEMA socle_system TO {Group};
            GRANT INSERT ON socle_system.audit TO {Group};
            GRANT SELECT (id, name, email) ON socle_system.users TO {Group};
            GRANT SELECT (id, name, size, content_type, charset, sha256, created_at, url) ON socle_system.files TO {Group};
        EXCEPTION WHEN internal_error OR serialization_failure THEN
            PERFORM pg_sleep(0.05);
        END $$
        """;

    /// <summary>The PostgreSQL role of one of Socle's.</summary>
    public static string NameOf(string role) => "socle_" + role;

    /// <param name="connection">May be inside a transaction; after a fault that can only be rolled back.</param>
    /// <param name="also">Names of roles besides those in socle_system.roles.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task<Fault?> Ensure(NpgsqlConnection connection, string[] also, CancellationToken cancellation)
    {
        var user = "";
        try
        {
            user = await Read<string>(connection, "SELECT current_user::text", cancellation);
            for (var i = 0; i < Attempts; i++)
            {
                var missing = await ReadMissing(connection, also, cancellation);
                if (missing.Find(role => role.IsAbove) is { } above)
                    return Above(above.Name);
                if (missing.Count == 0)
                    break;
                foreach (var role in missing)
                    await Execute(connection, Make(role), cancellation);
            }

            for (var i = 0; i < Attempts && !await Read<bool>(connection, HasSystemRights, cancellation); i++)
                await Execute(connection, SystemRights, cancellation);
            return null;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return MayNotMakeRoles(user);
        }
    }

    private sealed record MissingRole(string Name, bool IsNew, bool IsAbove);

    /// <summary>Others may make the same role at the same moment: what went wrong then is looked at again.</summary>
    private static string Make(MissingRole role)
    {
        var name = Sql.Identifier(role.Name);
        return $"""
            DO $$ BEGIN
                {(role.IsNew ? $"CREATE ROLE {name} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT;" : "")}
                {(role.Name == Group ? "" : $"GRANT {Group} TO {name};")}
                IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
                    GRANT {name} TO CURRENT_USER;
                END IF;
            EXCEPTION WHEN duplicate_object OR unique_violation OR internal_error OR undefined_object OR serialization_failure THEN
                PERFORM pg_sleep(0.05);
            END $$
            """;
    }

    private static async Task<List<MissingRole>> ReadMissing(NpgsqlConnection connection, string[] also, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Missing, connection) { Parameters = { new() { Value = also } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var missing = new List<MissingRole>();
        while (await reader.ReadAsync(cancellation))
            missing.Add(new MissingRole(reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2)));
        return missing;
    }

    private static Fault MayNotMakeRoles(string user)
    {
        var name = Sql.Identifier(user);
        return new Fault(
            FaultCode.InvalidConfiguration,
            $"The database user '{user}' may not make the PostgreSQL roles by which Socle decides who sees what. As a superuser run: ALTER ROLE {name} CREATEROLE; where the roles are another user's, also: GRANT {Group} TO {name} WITH ADMIN OPTION, and the same for each socle_… role.",
            $"L'utilisateur de base de données « {user} » ne peut pas créer les rôles PostgreSQL par lesquels Socle décide qui voit quoi. En superutilisateur, exécutez : ALTER ROLE {name} CREATEROLE; si les rôles sont à un autre utilisateur, aussi : GRANT {Group} TO {name} WITH ADMIN OPTION, et de même pour chaque rôle socle_….",
            "DATABASE_URL");
    }

    private static Fault Above(string role) => new(
        FaultCode.InvalidConfiguration,
        $"The PostgreSQL role '{role}' is a superuser or has BYPASSRLS, so that no policy would hold under it. Rename it, or run: ALTER ROLE {Sql.Identifier(role)} NOSUPERUSER NOBYPASSRLS",
        $"Le rôle PostgreSQL « {role} » est superutilisateur ou a BYPASSRLS : aucune règle n'y tiendrait. Renommez-le, ou exécutez : ALTER ROLE {Sql.Identifier(role)} NOSUPERUSER NOBYPASSRLS",
        "DATABASE_URL");

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<T> Read<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
