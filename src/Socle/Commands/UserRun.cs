using System.Text.Json.Nodes;
using Socle.Access;
using Socle.Auditing;
using Socle.Host;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Commands;

/// <summary>One command about accounts: the database, the accounts in it, and what is written into the audit.</summary>
internal sealed class UserRun(IServiceProvider services)
{
    private static Fault NoAccounts { get; } = new(
        FaultCode.NotFound,
        "This database has no accounts yet. 'socle user add' makes the first one.",
        "Cette base n'a pas encore de comptes. « socle user add » crée le premier.");

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <param name="makesTables">Whether a database that has no accounts gets their tables.</param>
    public static Task<int> Run(Result<ServerOptions> options, Func<UserRun, Task<int>> use, bool makesTables = false) => BlueprintRun.Run(options, async database =>
    {
        if (makesTables)
            await SystemSchema.Apply(database.Maintenance, CancellationToken.None);
        else if (!await SystemSchema.Upgrade(database.Maintenance, CancellationToken.None))
            return ExitCodes.Refuse([NoAccounts]);
        await using var services = new ServiceCollection().AddLogging().AddAccounts(options.Value.Access, database).BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        return await use(new UserRun(scope.ServiceProvider));
    });

    public static Task<int> Run(Result<ServerOptions> options, string address, Func<UserRun, User, Task<int>> use) => Run(options, async run =>
        await run.Find(address) is { } user ? await use(run, user) : ExitCodes.Refuse([Unknown(address)]));

    /// <summary>Notes what was done, and says so.</summary>
    public async Task<int> Done(string what, User user, JsonObject? detail = null)
    {
        await Get<AuditLog>().Write(Caller.English, requestId: null, what, user.Address, detail, actor: Terminal.Actor);
        Terminal.WriteLine($"socle: {user.Address}: {what}");
        return ExitCodes.Done;
    }

    private Task<User?> Find(string address) => address.Contains('@') ? Get<Accounts>().Find(address, null) : Get<Accounts>().Find(null, address);

    private static Fault Unknown(string address) => new(
        FaultCode.NotFound,
        $"There is no account '{address}'. 'socle user list' lists them.",
        $"Il n'y a pas de compte « {address} ». « socle user list » les liste.");
}
