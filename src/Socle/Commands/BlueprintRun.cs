using System.CommandLine;
using Npgsql;
using Socle.Blueprints;
using Socle.Host;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Commands;

/// <summary>What <c>plan</c>, <c>apply</c> and <c>migrate</c> share: the database, and a blueprint to hold it against.</summary>
internal static class BlueprintRun
{
    public static Argument<string> Argument() => new("blueprint") { Description = "A blueprint's name or file" };

    public static async Task<int> Run(Result<ServerOptions> options, string name, Func<Database, Blueprint, Task<int>> use)
    {
        if (options.IsFault)
            return ExitCodes.Refuse(options.Faults);
        var blueprint = BlueprintLibrary.Find(name);
        return blueprint.IsFault ? ExitCodes.Refuse(blueprint.Faults) : await Run(options, database => use(database, blueprint.Value), blueprint.Value.GovernsAccess);
    }

    /// <param name="options">Which database.</param>
    /// <param name="use">What to do with it.</param>
    /// <param name="isOwn">Whether that is nothing for an adopted database.</param>
    public static async Task<int> Run(Result<ServerOptions> options, Func<Database, Task<int>> use, bool isOwn = false)
    {
        if (options.IsFault)
            return ExitCodes.Refuse(options.Faults);
        var address = await DatabaseAddress.Join(options.Value, _ => { });
        if (address.IsFault)
            return ExitCodes.Refuse(address.Faults);
        await using var held = address.Value;
        if (isOwn && held.Schemas.IsAdopted)
            return ExitCodes.Refuse([ApplyBlueprint.NotForAdopted]);
        await using var database = Database.Open(held.Connection, options.Value.StatementTimeout);
        try
        {
            return await use(database);
        }
        catch (Exception exception) when (ConnectionFaults.Find(exception) is { } fault)
        {
            return ExitCodes.Refuse([fault]);
        }
        catch (NpgsqlException exception) when (exception is not PostgresException)
        {
            return ExitCodes.Refuse([DatabaseAddress.NoAnswer]);
        }
    }
}
