using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;
using Socle.Records.Running;

namespace Socle.Features.Batch;

/// <summary>Does the operations in an open transaction, and writes what each of them answers. Stops at the first fault.</summary>
internal sealed class BatchRun(ImmutableArray<Operation> operations, RecordStore records, CatalogSnapshot snapshot, ChangeOrigin origin, AnswerBuffer buffer)
{
    public async Task<Result<WholeAnswer>> Run(RecordTransaction transaction, CancellationToken cancellation)
    {
        buffer.Clear();
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteBoolean("success"u8, true);
        json.WriteStartArray("data"u8);
        foreach (var operation in operations)
        {
            var faults = await Run(operation, transaction, cancellation);
            if (!faults.IsEmpty)
                return faults.Select(operation.Name).ToImmutableArray();
            if (buffer.Bytes.WrittenCount + json.BytesPending > WholeAnswer.MostBytes)
                return WholeAnswer.TooLarge;
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return new WholeAnswer(StatusCodes.Status200OK, operations.Any(operation => operation.IsWrite && snapshot.FindTable(operation.Request.Table) is { HasHistory: true }) ? ["Change-Id", origin.Id.ToString()] : [], buffer.Bytes.WrittenMemory);
    }

    private async Task<ImmutableArray<Fault>> Run(Operation operation, RecordTransaction transaction, CancellationToken cancellation)
    {
        var answer = await records.Run(operation.Request, snapshot, transaction, cancellation);
        if (answer.IsFault)
            return answer.Faults;
        await using var rows = answer.Value;
        var json = buffer.Json;
        json.WriteStartObject();
        json.WriteNumber("status"u8, RecordAnswers.StatusOf(rows));
        json.WritePropertyName("body"u8);
        try
        {
            var tag = await RecordAnswers.WriteWhole(buffer, rows);
            if (tag.IsFault)
                return tag.Faults;
            if (tag.Value is { } text)
                json.WriteString("etag"u8, text);
        }
        catch (RowsFailedException exception)
        {
            return [exception.Fault];
        }

        RecordAnswers.WriteMeta(json, rows);
        json.WriteEndObject();
        return [];
    }
}
