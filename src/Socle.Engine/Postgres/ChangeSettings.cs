using System.Buffers;
using System.Text;
using System.Text.Json;
using Npgsql;
using Socle.Kernel;

namespace Socle.Postgres;

/// <summary>Tells the history's triggers where a transaction's changes come from, by a setting that ends with it.</summary>
public static class ChangeSettings
{
    /// <summary>$1 is <see cref="Text"/>. Must be in the same transaction as the changes, before them.</summary>
    public const string Sql = "SELECT set_config('socle.change', $1, true)";

    public static string Text(ChangeOrigin origin)
    {
        var buffer = new ArrayBufferWriter<byte>(160);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, origin.Id);
            json.WriteString("source"u8, origin.Source);
            if (origin.Actor is not null)
                json.WriteString("actor"u8, origin.Actor);
            if (origin.RequestId is not null)
                json.WriteString("request"u8, origin.RequestId);
            if (origin.Undoes is { } undone)
                json.WriteString("undoes"u8, undone);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>For transactions of several round trips: on a connection whose transaction is open.</summary>
    public static async Task Set(NpgsqlConnection connection, ChangeOrigin origin, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = Text(origin) } } };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
