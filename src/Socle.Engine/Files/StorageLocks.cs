using System.Globalization;
using Npgsql;

namespace Socle.Files;

/// <summary>Locks among all servers on the database, until the transaction ends.</summary>
internal static class StorageLocks
{
    // "fil1" and "fil2" in ASCII.
    private const int ContentSpace = 0x66696c31;
    private const int QuotaSpace = 0x66696c32;

    /// <summary>Whoever stores or removes this content.</summary>
    public static Task Content(NpgsqlConnection connection, string sha256) =>
        Lock(connection, ContentSpace, int.Parse(sha256.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    /// <summary>Whoever counts how much is stored and then stores more.</summary>
    public static Task Quota(NpgsqlConnection connection) => Lock(connection, QuotaSpace, 0);

    private static async Task Lock(NpgsqlConnection connection, int space, int key)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1, $2)", connection) { Parameters = { new() { Value = space }, new() { Value = key } } };
        await command.ExecuteNonQueryAsync();
    }
}
