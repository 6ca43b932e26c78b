using Npgsql;
using Socle.Catalog;
using Socle.Postgres;

namespace Socle.Records.Running;

/// <summary>
/// Judges images of a table's records, JSON objects by column names, as PostgreSQL judges the records that are there: by the
/// condition of the role's policy, under the role. An image that the columns do not take any more is not seen.
/// </summary>
/// <param name="table">The table as the role sees it.</param>
/// <param name="settings">As whom.</param>
public sealed class Visibility(TableSnapshot table, TransactionSettings settings)
{
    // A name that no table has by chance: the condition speaks of the table by its own.
    private const string Image = "\"socle:image\"";

    private readonly string? _condition = table.Rights.ConditionOf(PolicyAction.Read);

    /// <param name="connection">The server's own; no transaction is open on it.</param>
    /// <param name="images">In any order; null is none, and not seen.</param>
    /// <param name="cancellation">The caller left.</param>
    /// <returns>Whether each may be read.</returns>
    public async Task<bool[]> Judge(NpgsqlConnection connection, IReadOnlyList<string?> images, CancellationToken cancellation)
    {
        var seen = new bool[images.Count];
        if (!table.Rights.Allows(PolicyAction.Read))
            return seen;
        for (var i = 0; i < seen.Length; i++)
            seen[i] = _condition is null && images[i] is not null;
        if (_condition is not null && seen.Length > 0)
            await Judge(connection, images, 0, images.Count, seen, cancellation);
        return seen;
    }

    public async Task<bool> Judge(NpgsqlConnection connection, string image, CancellationToken cancellation) =>
        (await Judge(connection, [image], cancellation))[0];

    /// <summary>One image that PostgreSQL cannot read must not hide the others.</summary>
    private async Task Judge(NpgsqlConnection connection, IReadOnlyList<string?> images, int from, int to, bool[] seen, CancellationToken cancellation)
    {
        try
        {
            foreach (var place in await Ask(connection, [.. images.Skip(from).Take(to - from)], cancellation))
                seen[from + place] = true;
        }
        catch (PostgresException exception) when (exception.SqlState[..2] is not ("57" or "53" or "08"))
        {
            connection.UnprepareAll();
            if (to - from == 1 || exception.SqlState[..2] is not ("22" or "23" or "P0"))
                return;
            var middle = from + ((to - from) / 2);
            await Judge(connection, images, from, middle, seen, cancellation);
            await Judge(connection, images, middle, to, seen, cancellation);
        }
    }

    /// <summary>The places of those that meet the condition.</summary>
    private async Task<List<int>> Ask(NpgsqlConnection connection, string?[] images, CancellationToken cancellation)
    {
        var sql = $"""
            SELECT {Image}.place - 1 FROM unnest($1::text[]) WITH ORDINALITY AS {Image} (text, place)
            CROSS JOIN LATERAL json_populate_record(NULL::{table.SqlName}, {Image}.text::json) AS {Sql.Identifier(table.Names.Relation)}
            WHERE {Image}.text IS NOT NULL AND ({_condition})
            """;
        await using var batch = new NpgsqlBatch(connection);
        if (!settings.IsEmpty)
            batch.BatchCommands.Add(settings.ToCommand());
        batch.BatchCommands.Add(new(settings.Mark(sql)) { Parameters = { new() { Value = images } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!settings.IsEmpty)
            await reader.NextResultAsync(cancellation);
        var places = new List<int>();
        while (await reader.ReadAsync(cancellation))
            places.Add((int)reader.GetInt64(0));
        return places;
    }
}
