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
        command.SetAction(parsed => Run(Read(defaults => settings.Read(parsed, parsed.GetValue(sample), defaults))));
        return command;
    }

    /// <summary>What was asked for.</summary>
    /// <param name="Options">With the settings that the blueprint gives.</param>
    /// <param name="Blueprint">Null where none was named.</param>
    public sealed record Asked(ServerOptions Options, Blueprint? Blueprint);

    /// <param name="read">Reads the settings; takes those that hold where nothing else is said.</param>
    public static Result<Asked> Read(Func<IReadOnlyDictionary<string, string>?, Result<ServerOptions>> read)
    {
        var options = read(null);
        if (options.IsFault)
            return options.Faults;
        if (options.Value.Blueprint is not { } name)
            return new Asked(options.Value, null);
        var found = BlueprintLibrary.Find(name);
        if (found.IsFault)
            return found.Faults;
        // Its settings do not change which blueprint it is.
        var settled = read(found.Value.Settings);
        return settled.IsFault ? settled.Faults : new Asked(settled.Value, found.Value);
    }

    private static async Task<int> Run(Result<Asked> asked)
    {
        if (asked.IsFault)
            return ExitCodes.Refuse(asked.Faults);
        var ended = await SocleServer.Run(asked.Value.Options, asked.Value.Blueprint);
        return ended.IsFault ? ExitCodes.Refuse(ended.Faults) : ended.Value;
    }
}
