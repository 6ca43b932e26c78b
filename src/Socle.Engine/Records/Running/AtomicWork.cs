using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Records.Running;

/// <summary>An answer that is there as a whole before any of it is sent.</summary>
/// <param name="Status">Its status, which the engine only keeps.</param>
/// <param name="Headers">Names and values in turn.</param>
/// <param name="IsRepeated">Whether it is the answer to an earlier request with the same key.</param>
public sealed record WholeAnswer(int Status, string[] Headers, ReadOnlyMemory<byte> Body, bool IsRepeated = false)
{
    /// <summary>The most that is held in memory, and kept.</summary>
    public const int MostBytes = 10_000_000;

    public static Fault TooLarge { get; } = new(
        FaultCode.TooLarge,
        $"The answer would be larger than {MostBytes / 1_000_000} MB, so nothing was done. Ask for fewer fields with select=, or send fewer records at a time.",
        $"La réponse dépasserait {MostBytes / 1_000_000} Mo : rien n'a été fait. Demandez moins de champs avec select=, ou envoyez moins d'enregistrements à la fois.");
}

/// <summary>
/// Work of several statements as one transaction and one change set. Its answer is given only when it is on disk, and
/// a request with a key is done once only: all others like it get the answer of the first.
/// </summary>
public sealed class AtomicWork(Database database)
{
    /// <param name="settings">As whom, and the change set.</param>
    /// <param name="key">The request's key, if it has one.</param>
    /// <param name="snapshot">What the database looks like.</param>
    /// <param name="work">Does it and makes the answer. It may be called twice: what the first call did is then undone.</param>
    /// <param name="cancellation">The caller left: nothing is done then, unless all was done already.</param>
    public async Task<Result<WholeAnswer>> Run(TransactionSettings settings, IdempotencyKey? key, CatalogSnapshot snapshot, Func<RecordTransaction, Task<Result<WholeAnswer>>> work, CancellationToken cancellation)
    {
        try
        {
            var (answer, mayRepeat) = await Try(settings, key, work, isAgain: false, cancellation);
            return mayRepeat ? (await Try(settings, key, work, isAgain: true, cancellation)).Answer : answer;
        }
        catch (Exception exception) when (TransactionFaults.Find(exception, snapshot) is { } fault)
        {
            return fault;
        }
    }

    private async Task<(Result<WholeAnswer> Answer, bool MayRepeat)> Try(TransactionSettings settings, IdempotencyKey? key, Func<RecordTransaction, Task<Result<WholeAnswer>>> work, bool isAgain, CancellationToken cancellation)
    {
        await using var transaction = await RecordTransaction.Begin(database, settings, cancellation, isAgain);
        if (key is not null)
        {
            var first = await Claim(transaction, key, cancellation);
            if (first.IsFault)
                return (first.Faults, false);
            if (first.Value is { } kept)
                return (kept, false);
        }

        await transaction.Act(cancellation);
        var done = await work(transaction);
        if (done.IsFault)
            return (done, transaction.MayRepeat);
        if (done.Value.Body.Length > WholeAnswer.MostBytes)
            return (WholeAnswer.TooLarge, false);
        if (key is not null)
        {
            await transaction.StopActing(cancellation);
            await IdempotencyKeys.Keep(transaction, key, done.Value, cancellation);
        }

        // From here on it is done, whether the caller still listens or not.
        await transaction.Commit(CancellationToken.None);
        return (done, false);
    }

    private static async Task<Result<WholeAnswer?>> Claim(RecordTransaction transaction, IdempotencyKey key, CancellationToken cancellation)
    {
        try
        {
            return await IdempotencyKeys.Claim(transaction, key, cancellation);
        }
        catch (Exception exception) when (IdempotencyKeys.Find(exception) is { } fault)
        {
            return fault;
        }
    }
}
