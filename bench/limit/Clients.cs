using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Socle.Bench.Limit;

internal enum Kind
{
    Text,
    Uuid,
    Time,
    TextArray,
    Json,
}

/// <summary>A column: its name in the database, its name in JSON, and how its bytes are read.</summary>
internal sealed record Column(string Name, string Json, Kind Kind, string? Sql = null)
{
    public JsonEncodedText JsonName { get; } = JsonEncodedText.Encode(Json);
}

/// <summary>
/// The SQL of the benchmark's two tables, written by hand. Takes the fields of a JSON body, gives commands with
/// parameters; the text depends only on which fields are present, so PostgreSQL keeps few prepared statements.
/// Refuses unknown and read-only fields with a JsonException.
/// </summary>
internal static class Clients
{
    public static readonly Column[] Columns =
    [
        new("id", "id", Kind.Uuid),
        new("type", "type", Kind.Text),
        new("name", "name", Kind.Text),
        new("company_name", "companyName", Kind.Text),
        new("first_name", "firstName", Kind.Text),
        new("last_name", "lastName", Kind.Text),
        new("siret", "siret", Kind.Text),
        new("email", "email", Kind.Text),
        new("phone", "phone", Kind.Text),
        new("address", "address", Kind.Text),
        new("city", "city", Kind.Text),
        new("status", "status", Kind.Text),
        new("tags", "tags", Kind.TextArray),
        new("last_service", "lastService", Kind.Text),
        new("contacts", "contacts", Kind.Json),
        new("created_at", "createdAt", Kind.Time),
        new("updated_at", "updatedAt", Kind.Time),
    ];

    /// <summary>An engagement and, from EngagementFields on, its client.</summary>
    public static readonly Column[] EngagementColumns =
    [
        new("e.id", "id", Kind.Uuid),
        new("e.title", "title", Kind.Text),
        new("e.starts_at", "startsAt", Kind.Time),
        new("c.id", "id", Kind.Uuid),
        new("c.name", "name", Kind.Text),
        new("c.city", "city", Kind.Text),
    ];

    public const int EngagementFields = 3;
    private const int WritableEnd = 15;

    private static readonly string All = string.Join(", ", Columns.Select(column => column.Name));
    private static readonly ConcurrentDictionary<int, string> Inserts = new();
    private static readonly ConcurrentDictionary<int, string> Updates = new();

    public static readonly string ById = $"SELECT {All} FROM clients WHERE id = $1";
    // The limit is a constant, as it would be by hand: PostgreSQL then plans once for few rows instead of at each execution.
    public const int Limit = 50;
    public static readonly string ByName = $"SELECT {All} FROM clients ORDER BY name LIMIT 50";
    public static readonly string ByStatus = $"SELECT {All} FROM clients WHERE status = $1 ORDER BY created_at DESC LIMIT 50";
    public const string Count = "SELECT count(*) FROM clients";
    public static readonly string Engagements =
        $"SELECT {string.Join(", ", EngagementColumns.Select(column => column.Name))} FROM engagements e " +
        "LEFT JOIN clients c ON c.id = e.client_id ORDER BY e.starts_at DESC LIMIT 50";

    public static NpgsqlCommand Insert(NpgsqlDataSource database, JsonElement body)
    {
        var (mask, values) = ReadBody(body);
        return Command(database, Inserts.GetOrAdd(mask, InsertText), mask, values);
    }

    public static NpgsqlCommand Update(NpgsqlDataSource database, Guid id, JsonElement body)
    {
        var (mask, values) = ReadBody(body);
        var command = Command(database, Updates.GetOrAdd(mask, UpdateText), mask, values);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        return command;
    }

    private static string InsertText(int mask) => mask == 0
        ? $"INSERT INTO clients DEFAULT VALUES RETURNING {All}"
        : $"INSERT INTO clients ({string.Join(", ", Present(mask))}) " +
          $"VALUES ({string.Join(", ", Present(mask).Select((_, i) => Placeholder(i)))}) RETURNING {All}";

    private static string UpdateText(int mask) => mask == 0
        ? ById
        : $"UPDATE clients SET {string.Join(", ", Present(mask).Select((name, i) => $"{name} = {Placeholder(i)}"))} " +
          $"WHERE id = {Placeholder(Present(mask).Count())} RETURNING {All}";

    private static string Placeholder(int index) => "$" + (index + 1).ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Present(int mask) =>
        Columns.Where((_, index) => (mask & (1 << index)) != 0).Select(column => column.Name);

    private static (int Mask, JsonElement[] Values) ReadBody(JsonElement body)
    {
        var mask = 0;
        var values = new JsonElement[WritableEnd];
        foreach (var property in body.EnumerateObject())
        {
            var index = 0;
            while (index < WritableEnd && !property.NameEquals(Columns[index].JsonName.EncodedUtf8Bytes))
                index++;
            if (index == WritableEnd)
                throw new JsonException($"Unknown or read-only field {property.Name}.");
            mask |= 1 << index;
            values[index] = property.Value;
        }

        return (mask, values);
    }

    private static NpgsqlCommand Command(NpgsqlDataSource database, string text, int mask, JsonElement[] values)
    {
        var command = database.CreateCommand(text);
        for (var index = 0; index < values.Length; index++)
        {
            if ((mask & (1 << index)) != 0)
                command.Parameters.Add(Parameter(Columns[index].Kind, values[index]));
        }

        return command;
    }

    private static NpgsqlParameter Parameter(Kind kind, JsonElement value)
    {
        var type = kind switch
        {
            Kind.Uuid => NpgsqlDbType.Uuid,
            Kind.TextArray => NpgsqlDbType.Array | NpgsqlDbType.Text,
            Kind.Json => NpgsqlDbType.Jsonb,
            _ => NpgsqlDbType.Text,
        };
        if (value.ValueKind == JsonValueKind.Null)
            return new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = type };
        return kind switch
        {
            Kind.Uuid => new NpgsqlParameter<Guid> { TypedValue = value.GetGuid(), NpgsqlDbType = type },
            Kind.TextArray => new NpgsqlParameter<string?[]> { TypedValue = [.. value.EnumerateArray().Select(tag => tag.GetString())], NpgsqlDbType = type },
            Kind.Json => new NpgsqlParameter<string> { TypedValue = value.GetRawText(), NpgsqlDbType = type },
            _ => new NpgsqlParameter<string?> { TypedValue = value.GetString(), NpgsqlDbType = type },
        };
    }
}
