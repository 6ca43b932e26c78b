using System.CommandLine;
using Socle.Blueprints;
using Socle.Host;
using Socle.Kernel;

namespace Socle.Commands;

/// <summary><c>socle serve</c></summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var settings = SettingOptions.ForServer();
        var sample = new Option<bool>("--sample") { Description = "Give new tables their sample records [SAMPLE_DATA]" };
        var command = new Command("serve", "Run the server.") { sample };
        settings.AddTo(command);
        command.SetAction(parsed => Run(settings.Read(parsed, parsed.GetValue(sample))));
        return command;
    }

    private static async Task<int> Run(Result<ServerOptions> options)
    {
        if (options.IsFault)
            return ExitCodes.Refuse(options.Faults);
        Blueprint? blueprint = null;
        if (options.Value.Blueprint is { } name)
        {
            var found = BlueprintLibrary.Find(name);
            if (found.IsFault)
                return ExitCodes.Refuse(found.Faults);
            blueprint = found.Value;
        }

        var ended = await SocleServer.Run(options.Value, blueprint);
        return ended.IsFault ? ExitCodes.Refuse(ended.Faults) : ended.Value;
    }
}
