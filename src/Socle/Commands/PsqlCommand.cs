using System.CommandLine;
using Npgsql;
using Socle.Host;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Commands;

/// <summary>
/// <c>socle psql [--as ACCOUNT] [-- ARGS]</c>: psql on the server's database, beside a running server or without one; with
/// <c>--as</c> under the database role of that account, so that its policies hold.
/// </summary>
internal static class PsqlCommand
{
    private const string FindAccount = """
        SELECT u.id::text, u.role FROM socle_system.users u
        WHERE (lower(u.email) = lower($1) OR lower(u.username) = lower($1)) AND NOT u.is_disabled
        """;

    public static Command Create()
    {
        var settings = SettingOptions.ForData();
        var account = new Option<string?>("--as") { Description = "See and do only what this account may (its e-mail address or user name)" };
        var arguments = new Argument<string[]>("args") { Description = "Arguments for psql, after --", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("psql", "Open the database with psql.") { account, arguments };
        settings.AddTo(command);
        command.SetAction(async parsed =>
        {
            var options = settings.Read(parsed);
            if (options.IsFault)
                return ExitCodes.Refuse(options.Faults);
            var address = await DatabaseAddress.Join(options.Value, _ => { });
            if (address.IsFault)
                return ExitCodes.Refuse(address.Faults);
            await using var held = address.Value;
            var connection = parsed.GetValue(account) is { } name ? await ActAs(held.Connection, name) : (Result<NpgsqlConnectionStringBuilder>)held.Connection;
            if (connection.IsFault)
                return ExitCodes.Refuse(connection.Faults);
            var ended = await Psql.Run(connection.Value, parsed.GetValue(arguments) ?? []);
            return ended.IsFault ? ExitCodes.Refuse(ended.Faults) : ended.Value;
        });
        return command;
    }

    /// <summary>The session begins with the role and the account's id as its settings; the names of roles need no quotes.</summary>
    private static async Task<Result<NpgsqlConnectionStringBuilder>> ActAs(NpgsqlConnectionStringBuilder connection, string account)
    {
        try
        {
            await using var database = NpgsqlDataSource.Create(connection);
            await using var command = database.CreateCommand(FindAccount);
            command.Parameters.Add(new() { Value = account });
            await using var reader = await command.ExecuteReaderAsync();
            if (await reader.ReadAsync())
                return new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Options = $"{connection.Options} -c role=socle_{reader.GetString(1)} -c socle.user_id={reader.GetString(0)}".Trim() };
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            // Then there are no accounts at all.
        }

        return new Fault(
            FaultCode.NotFound,
            $"There is no active account '{account}'. 'socle user list' shows them.",
            $"Il n'y a pas de compte actif « {account} ». « socle user list » les montre.");
    }
}
