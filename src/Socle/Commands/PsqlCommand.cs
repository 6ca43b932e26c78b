using System.CommandLine;
using Socle.Host;
using Socle.Postgres;

namespace Socle.Commands;

/// <summary><c>socle psql [-- ARGS]</c>: psql on the server's database, beside a running server or without one.</summary>
internal static class PsqlCommand
{
    public static Command Create()
    {
        var settings = SettingOptions.ForData();
        var arguments = new Argument<string[]>("args") { Description = "Arguments for psql, after --", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("psql", "Open the database with psql.") { arguments };
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
            var ended = await Psql.Run(held.Connection, parsed.GetValue(arguments) ?? []);
            return ended.IsFault ? ExitCodes.Refuse(ended.Faults) : ended.Value;
        });
        return command;
    }
}
