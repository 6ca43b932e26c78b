using System.CommandLine;
using Socle.Blueprints;
using Socle.Host;

namespace Socle.Commands;

/// <summary><c>socle plan NAME|FILE</c>: what applying the blueprint would change, and what each step costs. Changes nothing.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var settings = SettingOptions.ForData();
        var blueprint = BlueprintRun.Argument();
        var command = new Command("plan", "Show what a blueprint would change.") { blueprint };
        settings.AddTo(command);
        command.SetAction(parsed => BlueprintRun.Run(settings.Read(parsed), parsed.GetValue(blueprint)!, async (database, asked) =>
        {
            var plan = await ApplyBlueprint.Plan(database.Maintenance, asked, withSample: false, CancellationToken.None);
            if (plan.IsFault)
                return ExitCodes.Refuse(plan.Faults);
            Console.WriteLine(plan.Value.Describe(Terminal.Language));
            return plan.Value.LosesValues ? ExitCodes.WouldLose : ExitCodes.Done;
        }));
        return command;
    }
}
