using Npgsql;
using Socle.Catalog;
using Socle.Imports.Reading;
using Socle.Imports.Writing;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Planning;
using Socle.Records.Running;

namespace Socle.Imports;

/// <summary>
/// Brings a file's rows into a table, in one transaction and as one change set. Takes a file, the table and the caller's wishes; gives the
/// report. Refuses files that cannot be read and columns that do not fit; single rows are rejected with their reasons, and the others go in.
/// </summary>
public sealed class Importer(NpgsqlDataSource database)
{
    /// <param name="rejects">Where the rejected rows go as a file; null for nowhere.</param>
    public async Task<Result<ImportReport>> Run(SourceFile file, TableSnapshot table, ImportRequest request, ChangeOrigin origin, Stream? rejects, Action<ImportProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            var plan = ImportPlan.Read(file, table, request);
            if (plan.IsFault)
                return plan.Faults;
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await Begin(connection, origin, cancellation);
            var target = await ImportTarget.Read(connection, table, plan.Value, cancellation);
            using var rows = file.Open(plan.Value.IsExport);
            var log = new Rejects(rejects, file.RejectSeparator, request.Language);
            var run = new ImportRun(rows, target.Converter(plan.Value), target.Writer(connection, table, plan.Value), log, file.RejectSeparator);
            await run.Run(progress, cancellation);
            var report = Report(plan.Value, file, request, run, log, (rows as CsvReader)?.Repaired ?? 0);
            if (request.IsDryRun || (request.IsAllOrNothing && log.Count > 0))
                return report;
            await target.AdvanceSequences(connection, table, cancellation);
            var change = await FindChange(connection, origin, cancellation);
            await transaction.CommitAsync(cancellation);
            return report with { IsApplied = true, ChangeId = change };
        }
        catch (UnreadableFileException exception)
        {
            return exception.Fault;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && DatabaseFaults.Find(exception, table, WriteKind.Insert) is { } fault)
        {
            return fault;
        }
    }

    private static async Task Begin(NpgsqlConnection connection, ChangeOrigin origin, CancellationToken cancellation)
    {
        await ChangeSettings.Set(connection, origin, cancellation);
        // A constraint that waited for the end could no longer tell which row broke it.
        await using var command = new NpgsqlCommand("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '30s'; SET LOCAL DateStyle = 'ISO, YMD'; SET CONSTRAINTS ALL IMMEDIATE", connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The change set, where the table keeps its history and anything changed.</summary>
    private static async Task<Guid?> FindChange(NpgsqlConnection connection, ChangeOrigin origin, CancellationToken cancellation)
    {
        // An adopted database has no history.
        await using var look = new NpgsqlCommand("SELECT to_regclass('socle_system.changes') IS NOT NULL", connection);
        if (await look.ExecuteScalarAsync(cancellation) is not true)
            return null;
        await using var command = new NpgsqlCommand("SELECT id FROM socle_system.changes WHERE id = $1", connection) { Parameters = { new() { Value = origin.Id } } };
        return await command.ExecuteScalarAsync(cancellation) as Guid?;
    }

    private static ImportReport Report(ImportPlan plan, SourceFile file, ImportRequest request, ImportRun run, Rejects log, long repaired) => new(
        IsApplied: false,
        request.IsDryRun,
        run.Rows,
        run.Writer.Created,
        run.Writer.Updated,
        run.Writer.Unchanged,
        log.Count,
        ChangeId: null,
        file.Encoding,
        file.Separator,
        repaired,
        plan.Reported,
        plan.Mapping.Unmapped,
        [.. log.Shown.Select(row => new Rejection(row.Line, row.Fault))]);
}
