using Npgsql;
using Socle.Access;
using Socle.Catalog;
using Socle.Host;
using Socle.Policies;
using Socle.Postgres;

namespace Socle.Doctor;

/// <summary>Whether the database answers, whether what it is told travels safely, and who may come in. Beside a running server or without one.</summary>
internal static class DatabaseFindings
{
    private static readonly string[] ThisMachine = ["localhost", "127.0.0.1", "::1"];

    public static async Task<IReadOnlyList<Finding>> Find(ServerOptions options)
    {
        // The first start makes it.
        if (options.DatabaseUrl is null && !File.Exists(AdoptedDatabase.PathIn(options.DataFolder)) && !Directory.Exists(Path.Combine(options.DataFolder, "postgres")))
            return [];
        var address = await DatabaseAddress.Join(options, _ => { });
        if (address.IsFault)
            return [.. address.Faults.Select(Finding.Error)];
        await using var held = address.Value;
        List<Finding> findings = [.. FindUnencrypted(held.Connection)];
        try
        {
            findings.AddRange(await Ask(options, held));
        }
        catch (Exception exception) when (ConnectionFaults.Find(exception) is { } fault)
        {
            findings.Add(Finding.Error(fault));
        }
        catch (Exception exception) when (Absence.Is(exception))
        {
            findings.Add(Finding.Error(DatabaseAddress.NoAnswer));
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            findings.Add(Finding.Warning(
                "The database was last used by another version of Socle, so its accounts and policies were not looked at: start the server once.",
                "La base a été utilisée en dernier par une autre version de Socle : ses comptes et ses règles d'accès n'ont pas été examinés. Démarrez une fois le serveur."));
        }

        return findings;
    }

    private static async Task<List<Finding>> Ask(ServerOptions options, DatabaseAddress held)
    {
        await using var database = Database.Open(held.Connection, options.StatementTimeout);
        var catalog = new LiveCatalog();
        await using (var connection = await database.Maintenance.OpenConnectionAsync())
            catalog.Swap(await CatalogReader.Read(connection, held.Schemas, catalog.NextVersion(), CancellationToken.None));
        List<Finding> findings = [];
        if (!catalog.Current.HasSystemSchema)
            return findings;
        if (AnonymousRole.Refuse(options, catalog.Current) is { } unknown)
            findings.Add(Finding.Error(unknown));
        using var users = new UserStore(database, options.Access);
        if (!await users.HasActiveAdmin(CancellationToken.None))
            findings.Add(NoAdministrator);
        var policies = await new PolicyRegister(database, catalog, new AccessTransaction(database, catalog, held.Schemas)).List(null, null, CancellationToken.None);
        findings.AddRange(policies.Where(policy => !policy.Faults.IsEmpty).Select(Broken));
        return findings;
    }

    private static IEnumerable<Finding> FindUnencrypted(NpgsqlConnectionStringBuilder connection)
    {
        if (connection.Host is not { } host || host.StartsWith('/') || ThisMachine.Contains(host) || connection.SslMode is SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull)
            yield break;
        yield return Finding.Warning(
            $"The database is on {host}, and nothing demands that the connection be encrypted: add sslmode=verify-full to DATABASE_URL.",
            $"La base est sur {host}, et rien n'exige que la connexion soit chiffrée : ajoutez sslmode=verify-full à DATABASE_URL.");
    }

    private static Finding NoAdministrator { get; } = Finding.Warning(
        "There is no administrator. Open the link that the server prints when it starts, or run 'socle user add ADDRESS --role admin'.",
        "Il n'y a pas d'administrateur. Ouvrez le lien que le serveur affiche au démarrage, ou lancez « socle user add ADRESSE --role admin ».");

    private static Finding Broken(PolicyEntry policy) => Finding.Warning(
        $"The policy of the role {policy.Role} to {policy.Action.ToString().ToLowerInvariant()} {policy.Table} does not hold as written: {policy.Faults[0].Message.English}",
        $"La règle d'accès du rôle {policy.Role} ({policy.Action.ToString().ToLowerInvariant()}, {policy.Table}) ne tient pas telle qu'écrite : {policy.Faults[0].Message.French}");
}
