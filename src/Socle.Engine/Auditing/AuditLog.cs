using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Auditing;

/// <summary>One thing that happened to access.</summary>
/// <param name="Event">What, such as <see cref="AuditEvents.SignedIn"/>.</param>
/// <param name="Actor">Who did it, or tried to.</param>
/// <param name="Target">What it was done to.</param>
public sealed record AuditEntry(long Id, DateTimeOffset At, string Event, Guid? ActorId, string? Actor, IPAddress? Address, string? RequestId, string? Target, string? Detail);

/// <summary>Which entries to read; null is any.</summary>
/// <param name="Event">The event, or its beginning where it ends with a dot: <c>sign_in.</c>.</param>
public sealed record AuditFilter(DateTimeOffset? From, DateTimeOffset? To, string? Event, string? Actor);

/// <summary>Takes what happened to access and keeps it; gives it back, newest first. Nothing is ever changed in it: the database refuses.</summary>
public sealed class AuditLog(Database database)
{
    private const string Text = "SELECT id, at, event, actor_id, actor, address, request_id, target, detail::text FROM socle_system.audit";

    private const string Insert = """
        INSERT INTO socle_system.audit (event, actor_id, actor, address, request_id, target, detail)
        VALUES ($1, $2::uuid, $3::text, $4::inet, $5::text, $6::text, $7::text::jsonb)
        """;

    /// <summary>Written as the group that may add to it and nothing else, where there is one.</summary>
    private const string AsApp = $"""
        SELECT set_config('role', rolname, true) FROM pg_roles
        WHERE rolname = '{DatabaseRoles.Group}'
          AND pg_has_role(current_user, oid, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
          AND has_schema_privilege(oid, 'socle_system', 'USAGE') AND has_table_privilege(oid, 'socle_system.audit', 'INSERT')
        """;

    /// <param name="caller">Who did it.</param>
    /// <param name="requestId">The request, as the log names it.</param>
    /// <param name="what">One of <see cref="AuditEvents"/>.</param>
    /// <param name="target">What it was done to.</param>
    /// <param name="detail">What else is worth knowing; never a secret.</param>
    /// <param name="actor">Who is said to have done it, where the caller is not known.</param>
    public async Task Write(Caller caller, string? requestId, string what, string? target = null, JsonObject? detail = null, string? actor = null)
    {
        await using var connection = await database.Requests.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(AsApp), new(Insert) } };
        object?[] values = [what, caller.UserId, actor ?? caller.Name, caller.Address, requestId, target, detail?.ToJsonString()];
        foreach (var value in values)
            batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        try
        {
            await batch.ExecuteNonQueryAsync();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
        {
            // A standby is read, and can keep nothing.
        }
    }

    public Task<List<AuditEntry>> Read(AuditFilter filter, int limit, long offset, CancellationToken cancellation) => database.Requests.List(
        $"""
        {Text}
        WHERE ($1::timestamptz IS NULL OR at >= $1::timestamptz)
          AND ($2::timestamptz IS NULL OR at < $2::timestamptz)
          AND ($3::text IS NULL OR event = $3::text OR ($3::text LIKE '%.' AND starts_with(event, $3::text)))
          AND ($4::text IS NULL OR lower(actor) = lower($4::text) OR actor_id::text = $4::text)
        ORDER BY at DESC, id DESC LIMIT $5 OFFSET $6
        """,
        reader => new AuditEntry(
            reader.GetInt64(0),
            reader.GetFieldValue<DateTimeOffset>(1),
            reader.GetString(2),
            reader.OptionalValue<Guid>(3),
            reader.Optional<string>(4),
            reader.Optional<IPAddress>(5),
            reader.Optional<string>(6),
            reader.Optional<string>(7),
            reader.Optional<string>(8)),
        cancellation,
        filter.From?.ToUniversalTime(),
        filter.To?.ToUniversalTime(),
        filter.Event,
        filter.Actor,
        limit,
        offset);
}

/// <summary>The names of what is kept; never renamed.</summary>
public static class AuditEvents
{
    public const string SignedIn = "sign_in.succeeded";
    public const string SignInRefused = "sign_in.refused";
    public const string LockedOut = "sign_in.locked";
    public const string SignedOut = "session.ended";
    public const string SessionRevoked = "session.revoked";
    public const string TokenReused = "session.token_reused";
    public const string PasswordChanged = "password.changed";
    public const string ResetAsked = "password.reset_asked";
    public const string LinkMade = "user.link_made";
    public const string PasswordReset = "password.reset";
    public const string UserCreated = "user.created";
    public const string UserInvited = "user.invited";
    public const string UserChanged = "user.changed";
    public const string RoleChanged = "user.role_changed";
    public const string UserDisabled = "user.disabled";
    public const string UserEnabled = "user.enabled";
    public const string UserUnlocked = "user.unlocked";
    public const string SecondFactorOn = "second_factor.on";
    public const string SecondFactorOff = "second_factor.off";
    public const string SecondFactorReset = "second_factor.reset";
    public const string RecoveryCodesMade = "second_factor.recovery_codes_made";
    public const string RecoveryCodeUsed = "second_factor.recovery_code_used";
    public const string PasskeyAdded = "passkey.added";
    public const string PasskeyRemoved = "passkey.removed";
    public const string KeyCreated = "api_key.created";
    public const string KeyRevoked = "api_key.revoked";
    public const string RoleMade = "role.created";
    public const string RoleEdited = "role.changed";
    public const string RoleRemoved = "role.removed";
    public const string PolicyMade = "policy.created";
    public const string PolicyEdited = "policy.changed";
    public const string PolicyRemoved = "policy.removed";
    public const string RuleMade = "rule.created";
    public const string RuleEdited = "rule.changed";
    public const string RuleRemoved = "rule.removed";
    public const string TableMade = "table.created";
    public const string TableEdited = "table.changed";
    public const string TableRemoved = "table.dropped";
    public const string FieldMade = "field.created";
    public const string FieldEdited = "field.changed";
    public const string FieldRemoved = "field.dropped";
    public const string TakenDown = "migration.taken_down";
    public const string BroughtUp = "migration.brought_up";
    public const string AccessRefused = "access.refused";
    public const string Exported = "export";
}
