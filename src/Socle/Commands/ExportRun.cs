using System.Buffers;
using System.Text.Json.Nodes;
using Npgsql;
using Socle.Auditing;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Host;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records;
using Socle.Records.Export;
using Socle.Records.Running;

namespace Socle.Commands;

/// <summary>Takes a wish, gives its files: each is written beside its place and moved there when it is whole.</summary>
internal sealed class ExportRun(ExportWish wish, RecordStore records, AuditLog audit, CatalogSnapshot catalog, TimeZoneInfo zone, CancellationToken cancellation)
{
    private const int PartBytes = 65_536;

    /// <returns>The exit code.</returns>
    public static async Task<int> Run(Result<ServerOptions> options, ExportWish wish, CancellationToken cancellation)
    {
        if (options.IsFault)
            return ExitCodes.Refuse(options.Faults);
        var address = await DatabaseAddress.Join(options.Value, _ => { });
        if (address.IsFault)
            return ExitCodes.Refuse(address.Faults);
        await using var held = address.Value;
        await using var database = Database.Open(held.Connection, options.Value.StatementTimeout);
        try
        {
            await SystemSchema.Upgrade(database.Maintenance, cancellation);
            await using var connection = await database.Maintenance.OpenConnectionAsync(cancellation);
            var catalog = await CatalogReader.Read(connection, held.Schemas, 1, cancellation);
            var run = new ExportRun(wish, new RecordStore(database, options.Value.MaxRows, options.Value.TimeZone), new AuditLog(database), catalog, options.Value.TimeZone, cancellation);
            var faults = await run.Export();
            return faults.Count > 0 ? ExitCodes.Refuse(faults) : ExitCodes.Done;
        }
        catch (Exception exception) when (FindFault(exception) is { } fault)
        {
            return ExitCodes.Refuse([fault]);
        }
    }

    private static Fault? FindFault(Exception exception) => exception switch
    {
        RowsFailedException failed => failed.Fault,
        _ when ConnectionFaults.Find(exception) is { } fault => fault,
        NpgsqlException and not PostgresException => DatabaseAddress.NoAnswer,
        IOException or UnauthorizedAccessException => new(
            FaultCode.InvalidRequest,
            $"The file could not be written: {exception.Message}",
            $"Le fichier n'a pas pu être écrit : {exception.Message}"),
        _ => null,
    };

    private async Task<IReadOnlyList<Fault>> Export()
    {
        if (!wish.IsAll)
            return await Export(wish.Table!, wish.Target);
        Directory.CreateDirectory(wish.Target!);
        foreach (var table in catalog.Tables.Where(table => table.Kind is TableKind.Table or TableKind.ForeignTable))
        {
            // A table may be called as no file can be.
            var name = table.Name.Replace('/', '_') + ExportFile.Suffix(wish.Format);
            var faults = await Export(table.Name, Path.Combine(wish.Target!, name));
            if (faults.Count > 0)
                return faults;
        }

        return [];
    }

    private async Task<IReadOnlyList<Fault>> Export(string table, string? file)
    {
        var query = QueryReader.Read(wish.Query);
        if (query.IsFault)
            return query.Faults;
        var caller = wish.Language == Language.French ? Caller.French : Caller.English;
        var answer = await records.Run(new RecordRequest(RecordAction.List, table, query.Value, caller, Export: wish.Format), catalog, within: null, cancellation);
        if (answer.IsFault)
            return answer.Faults;
        await using var rows = answer.Value;
        if (catalog.HasSystemSchema)
            await audit.Write(caller, requestId: null, AuditEvents.Exported, table, new JsonObject { ["format"] = wish.Format.ToString().ToLowerInvariant() }, Terminal.Actor);
        if (file is null)
        {
            await using var output = Console.OpenStandardOutput();
            await Write(rows, table, output);
            return [];
        }

        await WriteWhole(rows, table, file);
        return [];
    }

    private async Task WriteWhole(RecordAnswer rows, string table, string file)
    {
        var unfinished = $"{file}.{Environment.ProcessId}.unfinished";
        try
        {
            await using (var output = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
                await Write(rows, table, output);
            File.Move(unfinished, file, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private async Task Write(RecordAnswer answer, string table, Stream output)
    {
        var bytes = new ArrayBufferWriter<byte>(PartBytes);
        using var file = ExportFile.Open(wish.Format, answer, table, wish.Language, zone, bytes);
        file.Start();
        while (await answer.Rows.Next())
        {
            file.Write(answer.Rows);
            if (bytes.WrittenCount >= PartBytes)
                await Send(bytes, output);
        }

        file.Finish();
        await Send(bytes, output);
        await output.FlushAsync(cancellation);
    }

    private async Task Send(ArrayBufferWriter<byte> bytes, Stream output)
    {
        await output.WriteAsync(bytes.WrittenMemory, cancellation);
        bytes.ResetWrittenCount();
    }
}
