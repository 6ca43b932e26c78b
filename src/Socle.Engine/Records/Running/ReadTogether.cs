using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Planning;
using Socle.Records.Statements;

namespace Socle.Records.Running;

/// <summary>The rows of one request as a JSON array, and which of their members group and which are aggregates.</summary>
public sealed record RowsAsJson(ReadOnlyMemory<byte> Json, ImmutableArray<string> Groups, ImmutableArray<string> Values);

/// <summary>
/// Takes several requests of one caller for lists, gives the rows or the faults of each. All run in one round trip; where one fails
/// those behind it take another, so that one fault never hides what the others have to say. Refuses to take long: each has its
/// time, and so have all together.
/// </summary>
/// <param name="database">Where.</param>
/// <param name="zone">The time zone in which moments have their day.</param>
public sealed class ReadTogether(Database database, TimeZoneInfo zone)
{
    private const int MostRows = 1000;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The time of each.</summary>
    internal static readonly TimeSpan Each = TimeSpan.FromSeconds(5);

    /// <summary>After which no further one is begun.</summary>
    private static readonly TimeSpan All = TimeSpan.FromSeconds(15);

    private sealed record Waiting(int Place, ReadPlan Plan);

    /// <param name="requests">Lists, of one caller.</param>
    /// <param name="caller">As whom.</param>
    /// <param name="snapshot">What the database looks like.</param>
    /// <param name="tooLate">What is told of those whose turn did not come.</param>
    /// <param name="cancellation">The caller left.</param>
    public async Task<ImmutableArray<Result<RowsAsJson>>> Run(IReadOnlyList<RecordRequest> requests, Caller caller, CatalogSnapshot snapshot, Fault tooLate, CancellationToken cancellation)
    {
        var seen = snapshot.For(caller);
        var results = new Result<RowsAsJson>[requests.Count];
        var waiting = new List<Waiting>();
        for (var i = 0; i < requests.Count; i++)
        {
            var plan = ReadPlanner.Plan(requests[i], seen, MostRows, zone.Id);
            if (plan.IsFault)
                results[i] = plan.Faults;
            else
                waiting.Add(new Waiting(i, plan.Value));
        }

        var started = TimeProvider.System.GetTimestamp();
        var settings = RecordStore.SettingsOf(caller, seen, origin: null);
        for (var isAgain = false; waiting.Count > 0;)
        {
            if (TimeProvider.System.GetElapsedTime(started) > All)
            {
                waiting.ForEach(item => results[item.Place] = tooLate);
                break;
            }

            var done = await Run(waiting, settings, results, isAgain, cancellation);
            isAgain = done == 0;
            waiting.RemoveRange(0, done);
        }

        return [.. results];
    }

    /// <returns>How many of them have their result; 0 where all are to be tried again.</returns>
    private async Task<int> Run(List<Waiting> waiting, TransactionSettings settings, Result<RowsAsJson>[] results, bool isAgain, CancellationToken cancellation)
    {
        await using var connection = await database.Requests.OpenConnectionAsync(cancellation);
        if (isAgain)
            connection.UnprepareAll();
        var done = 0;
        try
        {
            await using var batch = Batch(connection, waiting, settings);
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            var rows = new RowStream(connection, reader, isOwned: false, cancellation);
            try
            {
                for (var i = batch.BatchCommands.Count - waiting.Count; i > 0; i--)
                    await rows.NextStatement();
                for (; done < waiting.Count; done++)
                {
                    if (done > 0)
                        await rows.NextStatement();
                    results[waiting[done].Place] = await Read(rows, waiting[done].Plan);
                }

                await rows.Finish();
            }
            finally
            {
                await rows.Close();
            }

            return waiting.Count;
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException && !isAgain && MayRepeat(exception, connection))
        {
            return 0;
        }
        catch (PostgresException exception) when (done < waiting.Count && DatabaseFaults.Find(exception, waiting[done].Plan.Scope.Table, null) is { } fault)
        {
            StatementRunner.Forget(connection, exception);
            results[waiting[done].Place] = fault;
            return done + 1;
        }
    }

    private static NpgsqlBatch Batch(NpgsqlConnection connection, List<Waiting> waiting, TransactionSettings settings)
    {
        var batch = new NpgsqlBatch(connection);
        if (!settings.IsEmpty)
            batch.BatchCommands.Add(settings.ToCommand());
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT set_config('statement_timeout', '{(long)Each.TotalMilliseconds}', true)"));
        foreach (var item in waiting)
        {
            var statement = ReadStatements.Rows(item.Plan);
            var command = new NpgsqlBatchCommand(settings.Mark(statement.Sql));
            StatementRunner.Bind(command.Parameters, statement);
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    private static async Task<RowsAsJson> Read(RowStream rows, ReadPlan plan)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, Plain);
        json.WriteStartArray();
        while (await rows.Next())
            JsonRows.Write(json, rows, plan.Scope.Outputs);
        json.WriteEndArray();
        json.Flush();
        var values = plan.Scope.Outputs.OfType<ValueOutput>().ToLookup(output => output.Value.Aggregate is not null, output => output.Key.Value);
        return new RowsAsJson(bytes.WrittenMemory, [.. values[false]], [.. values[true]]);
    }

    /// <summary>A table changed under what a connection has prepared, or PostgreSQL restarted under a pooled connection.</summary>
    private static bool MayRepeat(Exception exception, NpgsqlConnection connection) =>
        exception is PostgresException { SqlState: StatementRunner.CachedPlanChanged } || (exception is not PostgresException && connection.State != System.Data.ConnectionState.Open);
}
