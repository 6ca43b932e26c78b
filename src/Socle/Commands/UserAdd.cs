using System.CommandLine;
using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Auditing;
using Socle.Host;
using Socle.Kernel;

namespace Socle.Commands;

/// <summary><c>socle user add ADDRESS</c>: a new account, with a password or with a link to choose one. Makes the tables of accounts where there are none.</summary>
internal static class UserAdd
{
    public static Command Create()
    {
        var settings = SettingOptions.ForAccounts();
        var address = UserCommand.Address();
        var role = new Option<string>("--role") { Description = "admin, manager, member, viewer or one of the blueprint's (default: member)", DefaultValueFactory = _ => "member" };
        var name = new Option<string>("--name") { Description = "What people call them", DefaultValueFactory = _ => "" };
        var invite = new Option<bool>("--invite") { Description = "Print a link by which they choose their password" };
        var fromInput = PasswordPrompt.Option();
        var command = new Command("add", "Add an account.") { address, role, name, invite, fromInput };
        settings.AddTo(command);
        command.SetAction(parsed =>
        {
            var options = settings.Read(parsed);
            var user = NewUser(parsed.GetValue(address)!, parsed.GetValue(role)!, parsed.GetValue(name)!);
            return UserRun.Run(options, run => Add(run, options.Value, user, parsed.GetValue(invite), parsed.GetValue(fromInput)), makesTables: true);
        });
        return command;
    }

    private static User NewUser(string address, string role, string name) => new()
    {
        Email = address.Contains('@') ? address : null,
        Username = address.Contains('@') ? null : address,
        Role = role,
        Name = name,
        Language = Terminal.Language,
    };

    private static async Task<int> Add(UserRun run, ServerOptions options, User user, bool isInvited, bool fromInput)
    {
        var password = isInvited ? "" : PasswordPrompt.Read(fromInput);
        var added = password.IsFault ? password.Faults : await run.Get<Accounts>().Create(user, isInvited ? null : password.Value);
        if (added.IsFault)
            return ExitCodes.Refuse(added.Faults);
        if (isInvited)
        {
            var token = await run.Get<AccountLinks>().Make(LinkPurpose.Invite, user.Id, CancellationToken.None);
            Console.WriteLine(LinkMail.LinkTo(SetupLink.AddressOf(options.Door, options.Host, options.Port), LinkPurpose.Invite, token));
        }

        return await run.Done(isInvited ? AuditEvents.UserInvited : AuditEvents.UserCreated, user, new JsonObject { ["role"] = user.Role });
    }
}
