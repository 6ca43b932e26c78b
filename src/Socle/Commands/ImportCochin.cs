using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.Access;
using Socle.Access.Passwords;
using Socle.Auditing;
using Socle.Cochin;
using Socle.Host;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Commands;

/// <summary><c>socle import cochin FILE</c>: an existing Cochin Project Manager database becomes tables, records, rules and accounts.</summary>
internal static class ImportCochin
{
    public static Command Create()
    {
        var settings = SettingOptions.ForData();
        var file = new Argument<string>("file") { Description = "Cochin's SQLite file, such as data/db/db.sqlite3" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Do everything, say what came of it, and take it back" };
        var report = new Option<string?>("--report") { Description = "Write what was done to this file, as JSON" };
        var command = new Command("cochin", "Bring over a database of Cochin Project Manager: tables, records, links, rules and accounts.") { file, dryRun, report };
        settings.AddTo(command);
        command.SetAction((parsed, cancellation) => Run(settings.Read(parsed), parsed.GetValue(file)!, parsed.GetValue(dryRun), parsed.GetValue(report), cancellation));
        return command;
    }

    /// <summary>The file is judged before anything is made or started for it.</summary>
    private static async Task<int> Run(Result<ServerOptions> options, string file, bool isDryRun, string? reportFile, CancellationToken cancellation)
    {
        try
        {
            var source = await CochinSource.Open(file, cancellation);
            if (source.IsFault)
                return ExitCodes.Refuse(source.Faults);
            using var opened = source.Value;
            if (reportFile is not null)
                await File.WriteAllTextAsync(reportFile, "", cancellation);
            return await BlueprintRun.Run(options, database => Run(database, options.Value, opened, isDryRun, reportFile, cancellation), isOwn: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ExitCodes.Refuse([new Fault(
                FaultCode.InvalidFile,
                $"A file cannot be read or written: {exception.Message}",
                $"Un fichier ne peut pas être lu ou écrit : {exception.Message}")]);
        }
    }

    private static async Task<int> Run(Database database, ServerOptions options, CochinSource source, bool isDryRun, string? reportFile, CancellationToken cancellation)
    {
        var made = new List<User>();
        var accounts = new ImportedAccounts(new PasswordHashes(database.Maintenance));
        var request = new CochinRequest(isDryRun, options.TimeZone, (connection, people, stop) => Write(accounts, connection, people, made, stop));
        var report = await new CochinImport(database.Maintenance).Run(source, request, cancellation);
        if (report.IsFault)
            return ExitCodes.Refuse(report.Faults);
        if (reportFile is not null)
            await File.WriteAllTextAsync(reportFile, CochinReportJson.Write(report.Value), cancellation);
        foreach (var user in report.Value.IsApplied ? made : [])
            await new AuditLog(database).Write(Caller.English, requestId: null, AuditEvents.UserCreated, user.Address, new JsonObject { ["role"] = user.Role, ["by"] = "import" }, actor: Terminal.Actor);
        CochinSummary.Print(report.Value);
        return report.Value switch
        {
            { Differences.IsEmpty: false } => ExitCodes.Failed,
            { IsClean: false } => ExitCodes.SomeRejected,
            _ => ExitCodes.Done,
        };
    }

    /// <summary>Django's superusers are administrators, its staff managers, everybody else members.</summary>
    private static async Task<ImmutableArray<PersonReport>> Write(ImportedAccounts accounts, NpgsqlConnection connection, ImmutableArray<CochinUser> people, List<User> made, CancellationToken cancellation)
    {
        var reports = ImmutableArray.CreateBuilder<PersonReport>();
        foreach (var person in people)
        {
            var result = await accounts.Write(connection, Read(person), cancellation);
            if (result.User is { } user)
                made.Add(user);
            reports.Add(new PersonReport(person.Username, result.User?.Role, result.User?.PasswordHash is not null, result.Problem));
        }

        return reports.ToImmutable();
    }

    private static ImportedAccount Read(CochinUser person) => new(
        person.SocleId,
        person.Username,
        person.Email,
        person.Name,
        person.IsSuperuser ? Caller.Admin : person.IsStaff ? "manager" : "member",
        !person.IsActive,
        person.Password,
        person.PasswordChangedAt,
        person.LastLogin,
        person.JoinedAt,
        [.. person.FormerPasswords.Select(former => (former.Hash, former.At))]);
}
