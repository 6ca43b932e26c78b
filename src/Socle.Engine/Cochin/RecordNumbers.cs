using System.Globalization;

namespace Socle.Cochin;

/// <summary>
/// Which records a Cochin database has, by the numbers that it gives them, and what they are called in Socle. A record's id there
/// stands in the last twelve digits of its id here, so that either is found from the other.
/// </summary>
internal sealed class RecordNumbers
{
    private readonly Dictionary<long, long> _tables = [];
    private readonly Dictionary<(long Table, string CustomId), long> _customIds = [];
    private readonly HashSet<long> _refused = [];

    public static async Task<RecordNumbers> Read(SqliteFile file, bool hasCustomId, CancellationToken cancellation)
    {
        var numbers = new RecordNumbers();
        await foreach (var row in file.Rows($"SELECT json_array(id, table_id, {(hasCustomId ? "custom_id" : "NULL")}) FROM database_dynamicrecord ORDER BY id", cancellation))
        {
            if (CochinReader.Number(row[0]) is not (>= 0 and < 1L << 48 and var id) || CochinReader.Number(row[1]) is not { } table)
                throw new UnreadableSqliteException(SqliteFaults.WrongShape("the number of a record is out of bounds", "le numéro d'un enregistrement est hors limites"));
            numbers._tables[id] = table;
            // Of several with one number the first is meant.
            if (CochinReader.Text(row[2]) is { } custom)
                numbers._customIds.TryAdd((table, custom), id);
        }

        return numbers;
    }

    /// <summary>Its id in Socle (RFC 9562, version 8).</summary>
    public static Guid IdOf(long record) => Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"c0c41000-0000-8000-8000-{record:x12}"));

    public static Guid IdOfUser(long user) => Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"c0c41000-0001-8000-8000-{user:x12}"));

    /// <summary>It has no record in Socle: what refers to it refers to nothing.</summary>
    public void Refuse(long record) => _refused.Add(record);

    public long? FindById(long table, string number) =>
        long.TryParse(number, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var id)
        && _tables.TryGetValue(id, out var owner) && owner == table && !_refused.Contains(id) ? id : null;

    public long? FindByCustomId(long table, string number) => _customIds.TryGetValue((table, number.Trim()), out var id) && !_refused.Contains(id) ? id : null;
}
