using System.Collections.Concurrent;
using Npgsql;
using Socle.Kernel;

namespace Socle.Postgres;

/// <summary>What PostgreSQL is told at the beginning of a transaction, and forgets at its end: as whom it runs, and where its changes come from.</summary>
/// <param name="Role">The database role whose policies hold; null for the connection's own user.</param>
/// <param name="UserId">The account, for policies that speak of it.</param>
/// <param name="Origin">Where changes come from; null for a transaction that changes nothing.</param>
public sealed record TransactionSettings(string? Role, Guid? UserId, ChangeOrigin? Origin)
{
    private const string SetUser = "set_config('socle.user_id', $1, true)";
    private const string SetCaller = ", " + SetUser;
    private const string SetChange = ", set_config('socle.change', $2, true)";

    /// <summary>The texts in front of statements, by role: few, so that each is prepared.</summary>
    private static readonly ConcurrentDictionary<string, (string Caller, string Change)> Texts = new();

    /// <summary>Whether nothing that is asked depends on who asks, but for the role.</summary>
    public bool IsRoleEnough { get; init; }

    /// <summary>What is still to be told on a connection that is the role's own.</summary>
    public NpgsqlBatchCommand? ToUserCommand() => IsRoleEnough ? null : new($"SELECT {SetUser}") { Parameters = { Text(UserText(UserId)) } };

    /// <summary>The user's id as <c>socle.user_id</c> has it; empty for nobody.</summary>
    public static string UserText(Guid? id) => id?.ToString() ?? "";

    /// <summary>Whether there is nothing to tell.</summary>
    public bool IsEmpty => Role is null && Origin is null;

    /// <summary>Told in front of the statements of the same batch, which then is one transaction.</summary>
    public NpgsqlBatchCommand ToCommand()
    {
        if (Role is null)
            return new(ChangeSettings.Sql) { Parameters = { Text(ChangeSettings.Text(Origin!)) } };
        var (caller, change) = Texts.GetOrAdd(Role, role => ($"SELECT set_config('role', {Sql.Literal(role)}, true){SetCaller}", $"SELECT set_config('role', {Sql.Literal(role)}, true){SetCaller}{SetChange}"));
        var command = new NpgsqlBatchCommand(Origin is null ? caller : change) { Parameters = { Text(UserText(UserId)) } };
        if (Origin is not null)
            command.Parameters.Add(Text(ChangeSettings.Text(Origin)));
        return command;
    }

    /// <summary>Told on a connection whose transaction is open.</summary>
    public async Task Set(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (IsEmpty)
            return;
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { ToCommand() } };
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// PostgreSQL plans a prepared statement for one role, and anew when another one comes: each gets a text of its own.
    /// </summary>
    public string Mark(string sql) => Role is null ? sql : $"{sql} -- {Role}";

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };
}
