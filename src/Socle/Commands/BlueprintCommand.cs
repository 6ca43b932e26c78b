using System.CommandLine;
using Socle.Blueprints.Live;
using Socle.Host;
using Socle.Postgres;

namespace Socle.Commands;

/// <summary><c>socle blueprint</c>: writes the tables as they are, made by hand and by blueprints alike, as a blueprint to standard output.</summary>
internal static class BlueprintCommand
{
    public static Command Create()
    {
        var settings = SettingOptions.ForData();
        var name = new Option<string?>("--name") { Description = "The blueprint's name (default: after the database)" };
        var command = new Command("blueprint", "Write the tables as they are as a blueprint.") { name };
        settings.AddTo(command);
        command.SetAction(parsed => BlueprintRun.Run(settings.Read(parsed), async database =>
        {
            if (!await SystemSchema.Upgrade(database.Maintenance, CancellationToken.None))
                return ExitCodes.Refuse([EditSchema.NotLookedAfter]);
            var text = await EditSchema.Write(database.Maintenance, parsed.GetValue(name), Terminal.Language, CancellationToken.None);
            if (text.IsFault)
                return ExitCodes.Refuse(text.Faults);
            Console.Write(text.Value);
            return ExitCodes.Done;
        }));
        return command;
    }
}
