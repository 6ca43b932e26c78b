using Npgsql;
using NpgsqlTypes;

namespace Socle.Files;

/// <summary>Counts what is stored. What is shared counts once; what is announced counts as if it were there.</summary>
internal static class StorageQuota
{
    /// <param name="connection">Holding the lock of those who count, where the answer must stay true.</param>
    /// <param name="quota">The most bytes.</param>
    /// <param name="sha256">What is to be stored; empty when nobody knows yet.</param>
    /// <param name="size">How large it is.</param>
    /// <param name="except">The upload that becomes it.</param>
    /// <param name="cancellation">The caller left.</param>
    public static async Task<bool> IsExceeded(NpgsqlConnection connection, long quota, string sha256, long size, Guid? except, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT (SELECT coalesce(sum(s.size), 0) FROM (SELECT DISTINCT sha256, size FROM socle_system.files) s)
                 + (SELECT coalesce(sum(u.size), 0) FROM socle_system.uploads u WHERE u.id IS DISTINCT FROM $1)
                 + CASE WHEN EXISTS (SELECT FROM socle_system.files f WHERE f.sha256 = $2) THEN 0 ELSE $3 END > $4
            """,
            connection)
        {
            Parameters = { new() { Value = (object?)except ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid }, new() { Value = sha256 }, new() { Value = size }, new() { Value = quota } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
