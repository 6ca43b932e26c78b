using System.Globalization;
using System.Text;
using Npgsql;
using Socle.Postgres;
using Socle.Schema;

namespace Socle.Cochin;

/// <summary>Writes the records of a Cochin database into their tables by COPY, and notes beside them what they were called and what had no place.</summary>
internal sealed class TableLoader(NpgsqlConnection connection, CancellationToken cancellation)
{
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    /// <summary>The fields that some record has no value in, by table.</summary>
    public HashSet<(string Table, string Field)> Gaps { get; } = [];

    /// <returns>What had no place.</returns>
    public async Task<List<AsideValue>> Load(TargetTable table, TableConverter converter, IAsyncEnumerable<SourceRecord> records)
    {
        var aside = new List<AsideValue>();
        var numbers = new List<(long Id, string? CustomId)>();
        await using (var copy = await Begin($"{SchemaNames.Table(table.Name)} (id, created_at, updated_at{string.Concat(table.Fields.Select(field => $", {Sql.Identifier(field.Name)}"))})"))
        {
            var line = new StringBuilder();
            await foreach (var source in records)
            {
                var (record, kept) = converter.Convert(source);
                aside.AddRange(kept);
                if (record is null)
                    continue;
                numbers.Add((source.Id, source.CustomId));
                var created = source.CreatedAt ?? source.UpdatedAt ?? _now;
                line.Clear().Append(CultureInfo.InvariantCulture, $"{record.Id}\t{created:O}\t{source.UpdatedAt ?? created:O}");
                for (var i = 0; i < record.Values.Length; i++)
                {
                    CopyText.Append(line.Append('\t'), record.Values[i]);
                    if (record.Values[i] is null)
                        Gaps.Add((table.Name, table.Fields[i].Name));
                }

                await copy.WriteAsync(line.Append('\n'), cancellation);
            }
        }

        await Note(table.Name, numbers);
        await Keep(aside);
        return aside;
    }

    /// <summary>What had no place, where somebody can look at it and put it right.</summary>
    public async Task Keep(List<AsideValue> aside)
    {
        await using var copy = await Begin($"{SchemaNames.Table(ImportTables.Aside)} (nom_table, enregistrement, ancien_id, champ, valeur, motif)");
        foreach (var value in aside)
            await copy.WriteAsync(CopyText.Line(value.Table, value.Record is >= 0 and < 1L << 48 and var id ? RecordNumbers.IdOf(id).ToString() : null, value.Record?.ToString(CultureInfo.InvariantCulture), value.Field, value.Value, AsideReasons.TextOf(value.Reason).French));
    }

    private async Task<NpgsqlCopyTextWriter> Begin(string target)
    {
        var copy = await connection.BeginTextImportAsync($"COPY {target} FROM STDIN", cancellation);
        // At the end of a large table PostgreSQL writes its history before it answers.
        copy.Timeout = int.MaxValue;
        return copy;
    }

    private async Task Note(string table, List<(long Id, string? CustomId)> numbers)
    {
        await using var copy = await Begin($"{SchemaNames.Table(ImportTables.Identifiers)} (id, nom_table, ancien_id, custom_id)");
        foreach (var (id, custom) in numbers)
            await copy.WriteAsync(CopyText.Line(RecordNumbers.IdOf(id).ToString(), table, id.ToString(CultureInfo.InvariantCulture), custom is null ? null : SourceRecords.Clean(custom)));
    }
}

/// <summary>The text format of COPY.</summary>
internal static class CopyText
{
    public static string Line(params string?[] values)
    {
        var line = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
            Append(i == 0 ? line : line.Append('\t'), values[i]);
        return line.Append('\n').ToString();
    }

    public static void Append(StringBuilder line, string? value)
    {
        if (value is null)
        {
            line.Append("\\N");
            return;
        }

        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => line.Append("\\\\"),
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                '\t' => line.Append("\\t"),
                _ => line.Append(c),
            };
        }
    }

    public static string?[] Read(string line) => [.. line.Split('\t').Select(ReadValue)];

    private static string? ReadValue(string text)
    {
        if (text == "\\N")
            return null;
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var value = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            value.Append(text[i] != '\\' ? text[i] : text[++i] switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'b' => '\b',
                'f' => '\f',
                'v' => '\v',
                var other => other,
            });
        }

        return value.ToString();
    }
}
