using System.Globalization;
using Npgsql;
using Socle.FieldTypes;
using Socle.Postgres;
using Socle.Schema;

namespace Socle.Cochin;

/// <summary>
/// Reads a table back from PostgreSQL and the file once more, and holds every record and value of the one against the other. Both come in
/// the order of the records' ids.
/// </summary>
internal sealed class Comparison(NpgsqlConnection connection, CancellationToken cancellation)
{
    private const int MostTold = 100;

    /// <summary>The first of what differs: table, record and field.</summary>
    public List<string> Differences { get; } = [];

    /// <returns>How many records are there, and how many values differ; a record that is missing or not of the file counts as one.</returns>
    public async Task<(long Written, long Different)> Compare(TargetTable table, TableConverter converter, IAsyncEnumerable<SourceRecord> records)
    {
        var (written, different) = (0L, 0L);
        using var stored = await connection.BeginTextExportAsync(
            $"COPY (SELECT id{string.Concat(table.Fields.Select(field => $", {Sql.Identifier(field.Name)}"))} FROM {SchemaNames.Table(table.Name)} ORDER BY id) TO STDOUT", cancellation);
        var row = await Next(stored);
        await foreach (var source in records)
        {
            if (converter.Convert(source).Record is not { } wanted)
                continue;
            var id = wanted.Id.ToString();
            for (; row is not null && string.CompareOrdinal(row[0], id) < 0; row = await Next(stored))
                different += Tell(table.Name, row[0], null);
            if (row is null || row[0] != id)
            {
                different += Tell(table.Name, id, null);
                continue;
            }

            written++;
            for (var i = 0; i < table.Fields.Length; i++)
            {
                if (!IsSame(table.Fields[i].Field.Type, wanted.Values[i], row[i + 1]))
                    different += Tell(table.Name, id, table.Fields[i].Name);
            }

            row = await Next(stored);
        }

        for (; row is not null; row = await Next(stored))
            different += Tell(table.Name, row[0], null);
        return (written, different);
    }

    private int Tell(string table, string? record, string? field)
    {
        if (Differences.Count < MostTold)
            Differences.Add($"{table}/{record}{(field is null ? "" : $".{field}")}");
        return 1;
    }

    private async Task<string?[]?> Next(TextReader stored) => await stored.ReadLineAsync(cancellation) is { } line ? CopyText.Read(line) : null;

    /// <summary>PostgreSQL has one writing of a value, people have several.</summary>
    private static bool IsSame(FieldType type, string? wanted, string? stored)
    {
        if (wanted == stored)
            return true;
        if (wanted is null || stored is null)
            return false;
        return type switch
        {
            DecimalField => decimal.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var one) && decimal.TryParse(stored, NumberStyles.Float, CultureInfo.InvariantCulture, out var other) && one == other,
            DateTimeField => DateTimeOffset.TryParse(wanted, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var one) && DateTimeOffset.TryParse(stored, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var other) && one == other,
            _ => false,
        };
    }
}
