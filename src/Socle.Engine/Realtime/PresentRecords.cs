using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Records;
using Socle.Records.Running;

namespace Socle.Realtime;

/// <summary>
/// Takes keys of one table's records as the history has them, gives each record that is there as JSON, as the API answers it
/// to whoever listens: read in one query, by the way of all reading. Fails when the database does, so that it can be asked again.
/// </summary>
internal sealed class PresentRecords(RecordStore records)
{
    /// <summary>No field is called like this; with a number, that of the key's part.</summary>
    private const string KeyAlias = "socle key ";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\\");

    public async Task<Dictionary<string, byte[]>> Read(TableSnapshot table, IReadOnlyCollection<string> keys, View view, CancellationToken cancellation)
    {
        var found = new Dictionary<string, byte[]>();
        if (Conditions(table, keys) is not { } condition)
            return found;
        var parts = table.PrimaryKey.Select((field, i) => new SelectField(new FieldPath(field.Name), KeyAlias + i, "text"));
        var query = RecordQuery.Everything with { Scope = new QueryScope([new SelectStar(), .. parts], [condition], []) };
        var answer = await records.Run(new RecordRequest(RecordAction.List, table.Name, query, view.Reader), view.Seen, within: null, cancellation);
        if (answer.IsFault)
        {
            return answer.Faults[0].Code is FaultCode.DatabaseUnavailable or FaultCode.QueryTimeout
                ? throw new IOException(answer.Faults[0].Message.English)
                : found;
        }

        await using var rows = answer.Value;
        var buffer = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(buffer, Options);
        var shown = rows.Outputs[..^table.PrimaryKey.Length];
        while (await rows.Rows.Next())
        {
            JsonRows.Write(json, rows.Rows, shown);
            json.Flush();
            found[KeyOf(rows.Rows, shown.Length, table.PrimaryKey.Length)] = buffer.WrittenSpan.ToArray();
            buffer.ResetWrittenCount();
            json.Reset();
        }

        return found;
    }

    private static Condition? Conditions(TableSnapshot table, IReadOnlyCollection<string> keys)
    {
        var key = table.PrimaryKey;
        if (key.Length == 1)
            return new Comparison(new FieldPath(key[0].Name), Operator.In, new ListOperand([.. keys], Quantifier.Any));
        // A key of before the table had its present one names no record now.
        var each = keys.Select(KeyReader.Read).Where(values => values.Length == key.Length && key.Length > 0).Select(values =>
            (Condition)new ConditionGroup(IsOr: false, [.. key.Select((field, i) => new Comparison(new FieldPath(field.Name), Operator.Equal, new TextOperand(values[i])))])).ToImmutableArray();
        return each.IsEmpty ? null : new ConditionGroup(IsOr: true, each);
    }

    /// <summary>As <c>socle_system.key_part</c> writes it.</summary>
    private static string KeyOf(RowStream row, int firstColumn, int length)
    {
        var parts = new string[length];
        for (var i = 0; i < length; i++)
        {
            var part = row.Read(firstColumn + i, out var value) ? Encoding.UTF8.GetString(value) : "";
            parts[i] = length > 1 && part.AsSpan().ContainsAny(Quoted)
                ? $"\"{part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
                : part;
        }

        return string.Join(',', parts);
    }
}
