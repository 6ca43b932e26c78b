using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Auditing;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Commands;

/// <summary><c>socle user add|list|role|passwd|unlock|reset-second-factor|disable|enable</c>: accounts, beside a running server or without one.</summary>
internal static class UserCommand
{
    public static Command Create() => new("user", "Look after accounts.")
    {
        UserAdd.Create(),
        List(),
        Role(),
        Password(),
        Change("unlock", "Let somebody try again who was locked out.", AuditEvents.UserUnlocked, (run, user) => run.Get<SignInAttempts>().Unlock(user.Id)),
        Change("reset-second-factor", "Let somebody in by the password alone who lost their authenticator or passkey. Their sessions end.", AuditEvents.SecondFactorReset, ResetSecondFactor),
        Switch("disable", "Shut somebody out, at once and everywhere.", isDisabled: true),
        Switch("enable", "Let somebody in again.", isDisabled: false),
    };

    /// <summary>A text is an e-mail address when it has an @, else a user name.</summary>
    public static Argument<string> Address() => new("address") { Description = "An e-mail address or user name" };

    private static Command List()
    {
        var settings = SettingOptions.ForData();
        var command = new Command("list", "List the accounts.");
        settings.AddTo(command);
        command.SetAction(parsed => UserRun.Run(settings.Read(parsed), async run =>
        {
            foreach (var user in await run.Get<UserStore>().List(text: null, int.MaxValue, 0, CancellationToken.None))
                Console.WriteLine(Line(user));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Command Role()
    {
        var settings = SettingOptions.ForData();
        var (address, role) = (Address(), new Argument<string>("role") { Description = "admin, manager, member, viewer or one of the blueprint's" });
        var command = new Command("role", "Give somebody another role.") { address, role };
        settings.AddTo(command);
        command.SetAction(parsed => UserRun.Run(settings.Read(parsed), parsed.GetValue(address)!, async (run, user) =>
        {
            var former = user.Role;
            user.Role = parsed.GetValue(role)!;
            var saved = await run.Get<Accounts>().Save(user);
            return saved.IsFault ? ExitCodes.Refuse(saved.Faults) : await run.Done(AuditEvents.RoleChanged, user, new JsonObject { ["from"] = former, ["to"] = user.Role });
        }));
        return command;
    }

    private static Command Password()
    {
        var settings = SettingOptions.ForData();
        var (address, fromInput) = (Address(), PasswordPrompt.Option());
        var command = new Command("passwd", "Give somebody another password. Their sessions end.") { address, fromInput };
        settings.AddTo(command);
        command.SetAction(parsed => UserRun.Run(settings.Read(parsed), parsed.GetValue(address)!, async (run, user) =>
        {
            var password = PasswordPrompt.Read(parsed.GetValue(fromInput));
            var changed = password.IsFault ? password.Faults : await run.Get<Accounts>().SetPassword(user, password.Value);
            if (changed.IsFault)
                return ExitCodes.Refuse(changed.Faults);
            await run.Get<SignInAttempts>().Unlock(user.Id);
            await run.Get<Sessions>().RevokeAll(user.Id);
            return await run.Done(AuditEvents.PasswordReset, user);
        }));
        return command;
    }

    private static Command Switch(string name, string description, bool isDisabled)
    {
        var settings = SettingOptions.ForData();
        var address = Address();
        var command = new Command(name, description) { address };
        settings.AddTo(command);
        command.SetAction(parsed => UserRun.Run(settings.Read(parsed), parsed.GetValue(address)!, async (run, user) =>
        {
            user.IsDisabled = isDisabled;
            var saved = await run.Get<Accounts>().Save(user);
            if (saved.IsFault)
                return ExitCodes.Refuse(saved.Faults);
            if (isDisabled)
                await run.Get<Sessions>().RevokeAll(user.Id);
            return await run.Done(isDisabled ? AuditEvents.UserDisabled : AuditEvents.UserEnabled, user);
        }));
        return command;
    }

    private static Command Change(string name, string description, string what, Func<UserRun, User, Task> change)
    {
        var settings = SettingOptions.ForData();
        var address = Address();
        var command = new Command(name, description) { address };
        settings.AddTo(command);
        command.SetAction(parsed => UserRun.Run(settings.Read(parsed), parsed.GetValue(address)!, async (run, user) =>
        {
            await change(run, user);
            return await run.Done(what, user);
        }));
        return command;
    }

    private static async Task ResetSecondFactor(UserRun run, User user)
    {
        await run.Get<SecondFactorStore>().RemoveAll(user.Id);
        await run.Get<Sessions>().RevokeAll(user.Id);
    }

    private static string Line(User user)
    {
        var language = Host.Terminal.Language;
        var state = user.IsDisabled ? new Text("disabled", "désactivé")
            : user.PasswordHash is null ? new Text("invited", "invité")
            : user.IsLocked(DateTimeOffset.UtcNow) ? new Text("locked", "bloqué")
            : new Text("active", "actif");
        var seen = user.LastSignInAt?.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "-";
        return $"{user.Address,-36} {user.Role,-12} {state.In(language),-10} {seen,-18} {user.Name}";
    }
}
