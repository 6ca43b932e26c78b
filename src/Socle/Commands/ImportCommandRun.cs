using Npgsql;
using Socle.Catalog;
using Socle.Host;
using Socle.Imports;
using Socle.Kernel;
using Socle.Postgres;
using Spectre.Console;

namespace Socle.Commands;

/// <summary>Takes a file and a table's name, gives the exit code; what happened is told on the terminal.</summary>
internal sealed class ImportCommandRun(ServerOptions options, ImportRequest request, string path, string table, string? rejects, bool creates)
{
    private readonly string _rejects = rejects ?? $"{path}.rejected.csv";

    public async Task<int> Run(CancellationToken cancellation)
    {
        try
        {
            await using var file = File.OpenRead(path);
            var source = SourceFile.Detect(file, request);
            if (source.IsFault)
                return ExitCodes.Refuse(source.Faults);
            var address = await DatabaseAddress.Join(options, _ => { });
            if (address.IsFault)
                return ExitCodes.Refuse(address.Faults);
            await using var held = address.Value;
            await using var database = Database.Open(held.Connection, options.StatementTimeout);
            // Somebody else's database gets rows, and tables of ours only when it is asked for one.
            if (creates)
                await SystemSchema.Apply(database.Maintenance, cancellation);
            else
                await SystemSchema.Upgrade(database.Maintenance, cancellation);
            return await Import(database, held.Schemas, source.Value, cancellation);
        }
        catch (Exception exception) when (FindFault(exception) is { } fault)
        {
            return ExitCodes.Refuse([fault]);
        }
    }

    private async Task<int> Import(Database database, SchemaChoice schemas, SourceFile source, CancellationToken cancellation)
    {
        var found = await FindTable(database, schemas, cancellation);
        if (creates)
        {
            if (!found.IsFault)
                return ExitCodes.Refuse([CreateTable.Exists(table)]);
            if (await CreateTable.Run(database, source, request, table, cancellation) is { } ended)
                return ended;
            found = await FindTable(database, schemas, cancellation);
        }

        if (found.IsFault)
            return ExitCodes.Refuse(found.Faults);
        var result = await Import(database, source, found.Value, cancellation);
        if (result.IsFault)
            return ExitCodes.Refuse(result.Faults);
        ImportSummary.Print(result.Value, result.Value.Rejected > 0 ? _rejects : null);
        return result.Value switch
        {
            { Rejected: 0 } => ExitCodes.Done,
            { IsApplied: false, IsDryRun: false } or { Created: 0, Updated: 0, Unchanged: 0 } => ExitCodes.Failed,
            _ => ExitCodes.SomeRejected,
        };
    }

    private async Task<Result<TableSnapshot>> FindTable(Database database, SchemaChoice schemas, CancellationToken cancellation)
    {
        await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
        var found = (await CatalogReader.Read(connection, schemas, 1, cancellation)).GetTable(table);
        return !found.IsFault ? found.Value : new Fault(
            FaultCode.NotFound,
            $"{found.Faults[0].Message.English} To make it from the file, add --create.",
            $"{found.Faults[0].Message.French} Pour la créer d'après le fichier, ajoutez --create.");
    }

    /// <summary>The file for rejected rows is made by the first of them; an older one goes.</summary>
    private async Task<Result<ImportReport>> Import(Database database, SourceFile source, TableSnapshot found, CancellationToken cancellation)
    {
        await using var log = new LateFile(_rejects);
        Task<Result<ImportReport>> Start(Action<ImportProgress>? progress) =>
            new Importer(database.Maintenance).Run(source, found, request, ChangeOrigin.New("import"), log, progress, cancellation);
        if (Console.IsErrorRedirected)
            return await Start(null);
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask(Markup.Escape(table), maxValue: 1);
                return await Start(progress =>
                {
                    bar.Value = progress.Share;
                    bar.Description = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{progress.Rows:N0}");
                });
            });
    }

    private Fault? FindFault(Exception exception) => exception switch
    {
        _ when ConnectionFaults.Find(exception) is { } fault => fault,
        NpgsqlException and not PostgresException => DatabaseAddress.NoAnswer,
        FileNotFoundException or DirectoryNotFoundException => new(
            FaultCode.NotFound,
            $"There is no file '{path}'.",
            $"Il n'y a pas de fichier « {path} »."),
        UnauthorizedAccessException or IOException => new(
            FaultCode.InvalidFile,
            $"A file cannot be read or written: {exception.Message}",
            $"Un fichier ne peut pas être lu ou écrit : {exception.Message}"),
        _ => null,
    };
}
