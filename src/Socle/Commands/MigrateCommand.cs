using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Socle.Host;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Schema.Migrations;

namespace Socle.Commands;

/// <summary><c>socle migrate status|up|down</c>: what was applied, taken back step by step and brought up again.</summary>
internal static class MigrateCommand
{
    /// <summary>What a database to which no blueprint was ever applied has.</summary>
    private static Result<ImmutableArray<Migration>> NoMigrations => ImmutableArray<Migration>.Empty;

    public static Command Create() => new("migrate", "Take back what was applied, or bring it up again.")
    {
        Status(),
        Up(),
        Down(),
    };

    private static Command Status()
    {
        var settings = SettingOptions.ForData();
        var command = new Command("status", "List what was applied.");
        settings.AddTo(command);
        command.SetAction(parsed => BlueprintRun.Run(settings.Read(parsed), async database =>
        {
            var migrations = await SystemSchema.Upgrade(database.Maintenance, CancellationToken.None) ? await MigrationLog.List(database.Maintenance, CancellationToken.None) : [];
            Say(migrations, new("Nothing was applied yet.", "Rien n'a encore été appliqué."), migration => migration.State switch
            {
                MigrationState.Applied => new("applied", "appliquée"),
                MigrationState.TakenDown => new("taken down", "défaite"),
                _ => new("taken down, and another was applied since", "défaite, et une autre a été appliquée depuis"),
            });
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Up()
    {
        var settings = SettingOptions.ForData();
        var steps = new Option<int?>("--steps") { Description = "How many migrations (default: all that were taken down)" };
        RequirePositive(steps);
        var command = new Command("up", "Bring up again what was taken down, with its values.") { steps };
        settings.AddTo(command);
        command.SetAction(parsed => BlueprintRun.Run(settings.Read(parsed), async database =>
        {
            var done = await SystemSchema.Upgrade(database.Maintenance, CancellationToken.None) ? await Migrate.Up(database.Maintenance, parsed.GetValue(steps), CancellationToken.None) : NoMigrations;
            return Answer(done, new("Nothing to bring up: no migration is down.", "Rien à remettre : aucune migration n'est défaite."), new("brought up", "remise"));
        }));
        return command;
    }

    private static Command Down()
    {
        var settings = SettingOptions.ForData();
        var steps = new Option<int?>("--steps") { Description = "How many migrations, the last one first (default: 1)" };
        RequirePositive(steps);
        var allowLoss = new Option<bool>("--allow-loss") { Description = "Lose values that the type before has no room for" };
        var command = new Command("down", "Take back the last migration. What it dropped comes back, what it made is kept aside.") { steps, allowLoss };
        settings.AddTo(command);
        command.SetAction(parsed => BlueprintRun.Run(settings.Read(parsed), async database =>
        {
            var done = await SystemSchema.Upgrade(database.Maintenance, CancellationToken.None) ? await Migrate.Down(database.Maintenance, parsed.GetValue(steps) ?? 1, parsed.GetValue(allowLoss), CancellationToken.None) : NoMigrations;
            return Answer(done, new("Nothing to take down: no migration is applied.", "Rien à défaire : aucune migration n'est appliquée."), new("taken down", "défaite"));
        }));
        return command;
    }

    private static void RequirePositive(Option<int?> steps) => steps.Validators.Add(result =>
    {
        if (result.GetValue(steps) is < 1)
            result.AddError(new Text("--steps expects a number from 1 on.", "--steps attend un nombre à partir de 1.").In(Terminal.Language));
    });

    private static int Answer(Result<ImmutableArray<Migration>> done, Text nothing, Text what)
    {
        if (done.IsFault)
            return ExitCodes.Refuse(done.Faults);
        Say(done.Value, nothing, _ => what);
        return ExitCodes.Done;
    }

    /// <summary>A line a migration, and one for each of its steps below.</summary>
    private static void Say(ImmutableArray<Migration> migrations, Text nothing, Func<Migration, Text> state)
    {
        var language = Terminal.Language;
        if (migrations.IsEmpty)
            Console.WriteLine(nothing.In(language));
        foreach (var migration in migrations)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{migration.Id}  {migration.AppliedAt:yyyy-MM-dd HH:mm:ss}Z  {migration.Blueprint}  {state(migration).In(language)}"));
            foreach (var step in migration.Steps)
                Console.WriteLine($"    - {step.Words.In(language)}");
        }
    }
}
