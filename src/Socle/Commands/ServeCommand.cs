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
        command.SetAction(parsed => Run(defaults => settings.Read(parsed, parsed.GetValue(sample), defaults)));
        return command;
    }

    private static async Task<int> Run(Func<IReadOnlyDictionary<string, string>?, Result<ServerOptions>> read)
    {
        var options = read(null);
        if (options.IsFault)
            return ExitCodes.Refuse(options.Faults);
        Blueprint? blueprint = null;
        if (options.Value.Blueprint is { } name)
        {
            var found = BlueprintLibrary.Find(name);
            if (found.IsFault)
                return ExitCodes.Refuse(found.Faults);
            blueprint = found.Value;
            // Its settings were checked when it was read, and they do not change which blueprint it is.
            options = read(blueprint.Settings);
        }

        var ended = await SocleServer.Run(options.Value, blueprint);
        return ended.IsFault ? ExitCodes.Refuse(ended.Faults) : ended.Value;
    }
}
