using System.CommandLine;
using Npgsql;
using Socle.Adoption;
using Socle.Blueprints;
using Socle.Catalog;
using Socle.Host;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Commands;

/// <summary>
/// <c>socle adopt [DATABASE_URL]</c>: looks at somebody else's database, says what would be served of it, and remembers its
/// address in the data folder. Changes nothing in the database.
/// </summary>
internal static class AdoptCommand
{
    public static Command Create()
    {
        var settings = SettingOptions.ForAdoption();
        var url = new Argument<string?>("url") { Description = "The database: postgresql://user:password@host:5432/database [DATABASE_URL]", Arity = ArgumentArity.ZeroOrOne };
        var blueprint = new Option<string?>("--blueprint") { Description = "Write the blueprint that describes the database to this file" };
        var command = new Command("adopt", "Serve an existing PostgreSQL database as it is.") { url, blueprint };
        settings.AddTo(command);
        command.SetAction(parsed => Run(settings.Read(parsed), parsed.GetValue(url), parsed.GetValue(blueprint)));
        return command;
    }

    private static async Task<int> Run(Result<ServerOptions> options, string? url, string? blueprint)
    {
        if (options.IsFault)
            return ExitCodes.Refuse(options.Faults);
        url ??= options.Value.DatabaseUrl;
        if (Refuse(options.Value.DataFolder, url, blueprint) is { } refusal)
            return ExitCodes.Refuse([refusal]);
        var address = DatabaseUrl.Read(url!);
        if (address.IsFault)
            return ExitCodes.Refuse(address.Faults);
        try
        {
            var survey = await Survey(address.Value, options.Value);
            return survey.IsFault ? ExitCodes.Refuse(survey.Faults) : Keep(survey.Value, new AdoptedDatabase(url!, options.Value.Schemas), options.Value.DataFolder, blueprint);
        }
        catch (Exception exception) when (ConnectionFaults.Find(exception) is { } fault)
        {
            return ExitCodes.Refuse([fault]);
        }
        catch (Exception exception) when (exception is NpgsqlException and not PostgresException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return ExitCodes.Refuse([DatabaseAddress.NoAnswer]);
        }
    }

    private static async Task<Result<DatabaseSurvey>> Survey(NpgsqlConnectionStringBuilder address, ServerOptions options)
    {
        await using var database = Database.Open(address, options.StatementTimeout);
        await using var connection = await database.Maintenance.OpenConnectionAsync();
        return await DatabaseSurvey.Read(connection, new SchemaChoice(options.Schemas, IsAdopted: true), CancellationToken.None);
    }

    private static int Keep(DatabaseSurvey survey, AdoptedDatabase adopted, string dataFolder, string? blueprint)
    {
        Console.WriteLine(new AdoptReport(survey, Terminal.Language).Write());
        if (blueprint is not null && WriteBlueprint(survey, blueprint) is { IsEmpty: false } faults)
            return ExitCodes.Refuse(faults);
        if (adopted.Save(dataFolder) is { } fault)
            return ExitCodes.Refuse([fault]);
        Console.WriteLine();
        if (blueprint is not null)
            Console.WriteLine(new Text($"The blueprint is in {blueprint}. 'socle plan {blueprint}' shows what applying it would note.", $"Le blueprint est dans {blueprint}. « socle plan {blueprint} » montre ce que l'appliquer noterait.").In(Terminal.Language));
        Console.WriteLine(new Text($"Remembered in {AdoptedDatabase.PathIn(dataFolder)}. Nothing was changed in the database. Serve it: socle serve --data {dataFolder}", $"Retenu dans {AdoptedDatabase.PathIn(dataFolder)}. Rien n'a été modifié dans la base. Servez-la : socle serve --data {dataFolder}").In(Terminal.Language));
        return ExitCodes.Done;
    }

    private static System.Collections.Immutable.ImmutableArray<Fault> WriteBlueprint(DatabaseSurvey survey, string file)
    {
        var yaml = BlueprintWriter.Write(survey.Catalog, survey.Database, Terminal.Language);
        if (yaml.IsFault)
            return yaml.Faults;
        try
        {
            File.WriteAllText(file, yaml.Value);
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [Unwritable(file)];
        }
    }

    private static Fault? Refuse(string dataFolder, string? url, string? blueprint)
    {
        if (url is null)
        {
            return new Fault(
                FaultCode.InvalidConfiguration,
                "Say which database: socle adopt postgresql://user:password@host:5432/database, or set DATABASE_URL.",
                "Dites quelle base : socle adopt postgresql://utilisateur:motdepasse@hote:5432/base, ou définissez DATABASE_URL.",
                "DATABASE_URL");
        }

        if (Directory.Exists(Path.Combine(dataFolder, "postgres")))
        {
            return new Fault(
                FaultCode.InvalidConfiguration,
                $"The data folder {dataFolder} has a private PostgreSQL with data of its own. Choose another folder for the adopted database: --data other.",
                $"Le dossier de données {dataFolder} a un PostgreSQL privé avec ses propres données. Choisissez un autre dossier pour la base adoptée : --data autre.",
                "DATA_DIR");
        }

        return blueprint is not null && (File.Exists(blueprint) || Directory.Exists(blueprint)) ? Unwritable(blueprint) : null;
    }

    private static Fault Unwritable(string file) => new(
        FaultCode.InvalidConfiguration,
        $"The blueprint cannot be written to {file}: choose a file that does not exist yet, in a folder that does.",
        $"Le blueprint ne peut pas être écrit dans {file} : choisissez un fichier qui n'existe pas encore, dans un dossier qui existe.");
}
