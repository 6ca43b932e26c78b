using System.CommandLine;
using Socle.Blueprints;
using Socle.Host;
using Socle.Postgres;

namespace Socle.Commands;

/// <summary><c>socle apply NAME|FILE</c>: makes the database what the blueprint says, in one transaction.</summary>
internal static class ApplyCommand
{
    public static Command Create()
    {
        var settings = SettingOptions.ForData();
        var blueprint = BlueprintRun.Argument();
        var sample = new Option<bool>("--sample") { Description = "Give new tables their sample records" };
        var allowLoss = new Option<bool>("--allow-loss") { Description = "Lose values that another type has no room for" };
        var command = new Command("apply", "Make the database what a blueprint says.") { blueprint, sample, allowLoss };
        settings.AddTo(command);
        command.SetAction(parsed => BlueprintRun.Run(settings.Read(parsed), parsed.GetValue(blueprint)!, async (database, asked) =>
        {
            await SystemSchema.Apply(database.Maintenance, CancellationToken.None);
            var plan = await ApplyBlueprint.Apply(database.Maintenance, asked, parsed.GetValue(sample), parsed.GetValue(allowLoss), CancellationToken.None);
            if (plan.IsFault)
                return ExitCodes.Refuse(plan.Faults);
            Console.WriteLine(plan.Value.Describe(Terminal.Language));
            return ExitCodes.Done;
        }));
        return command;
    }
}
