using Npgsql;
using NpgsqlTypes;
using Socle.Kernel;

namespace Socle.Records.Running;

/// <summary>A caller's name for one wish, however often it is sent.</summary>
/// <param name="Caller">Who chose the key: nobody gets the answer of somebody else's.</param>
/// <param name="Request">A hash of everything that decides what the request does.</param>
public sealed record IdempotencyKey(string Caller, string Key, byte[] Request);

/// <summary>
/// The first answers to requests with a key, kept in the transaction that they tell of: what is done is
/// answered again, what was rolled back is not.
/// </summary>
public static class IdempotencyKeys
{
    /// <summary>How long an answer is kept at least.</summary>
    private const string Kept = "24 hours";

    /// <summary>
    /// The first answer, or null when this request is the first one, which it then is for all others: they wait for the
    /// end of this transaction. Refuses a key that another request had.
    /// </summary>
    internal static async Task<Result<WholeAnswer?>> Claim(RecordTransaction transaction, IdempotencyKey key, CancellationToken cancellation)
    {
        const string insert = "INSERT INTO socle_system.idempotency (caller, key, request) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        await using (var command = new NpgsqlCommand(insert, transaction.Connection) { Parameters = { Text(key.Caller), Text(key.Key), new() { Value = key.Request } } })
        {
            if (await command.ExecuteNonQueryAsync(cancellation) == 1)
                return (WholeAnswer?)null;
        }

        const string select = "SELECT request, status, headers, body FROM socle_system.idempotency WHERE caller = $1 AND key = $2";
        await using var read = new NpgsqlCommand(select, transaction.Connection) { Parameters = { Text(key.Caller), Text(key.Key) } };
        await using var reader = await read.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return Busy();
        return key.Request.AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(0))
            ? new WholeAnswer(reader.GetInt16(1), reader.GetFieldValue<string[]>(2), reader.GetFieldValue<byte[]>(3), IsRepeated: true)
            : Reused();
    }

    internal static async Task Keep(RecordTransaction transaction, IdempotencyKey key, WholeAnswer answer, CancellationToken cancellation)
    {
        const string update = "UPDATE socle_system.idempotency SET status = $3, headers = $4, body = $5 WHERE caller = $1 AND key = $2";
        await using var command = new NpgsqlCommand(update, transaction.Connection)
        {
            Parameters =
            {
                Text(key.Caller),
                Text(key.Key),
                new() { Value = (short)answer.Status },
                new() { Value = answer.Headers },
                new() { Value = answer.Body, NpgsqlDbType = NpgsqlDbType.Bytea },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Forgets answers that are old enough.</summary>
    public static async Task<int> Purge(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"DELETE FROM socle_system.idempotency WHERE created_at < now() - interval '{Kept}'");
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>What PostgreSQL refused of a key, where that means something else than for a record.</summary>
    internal static Fault? Find(Exception exception) => (exception as PostgresException)?.SqlState switch
    {
        PostgresErrorCodes.LockNotAvailable => Busy(),
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName => new(
            FaultCode.InvalidRequest,
            "This database has none of Socle's own tables, so an Idempotency-Key cannot be kept. Send the request without it.",
            "Cette base n'a aucune des tables propres à Socle : une Idempotency-Key ne peut pas y être gardée. Envoyez la requête sans elle.",
            "Idempotency-Key"),
        _ => null,
    };

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static Fault Busy() => new(
        FaultCode.Conflict,
        "The first request with this Idempotency-Key has not ended yet. Send it again in a moment: you get its answer.",
        "La première requête avec cette Idempotency-Key n'est pas terminée. Renvoyez-la dans un instant : vous aurez sa réponse.",
        "Idempotency-Key");

    private static Fault Reused() => new(
        FaultCode.IdempotencyKeyReused,
        "This Idempotency-Key came with another request before. A retry must be the same request; a new request needs a new key.",
        "Cette Idempotency-Key est déjà venue avec une autre requête. Une nouvelle tentative doit être la même requête ; une nouvelle requête demande une nouvelle clé.",
        "Idempotency-Key");
}
