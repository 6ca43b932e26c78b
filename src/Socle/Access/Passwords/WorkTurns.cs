using Socle.Kernel;

namespace Socle.Access.Passwords;

/// <summary>
/// Lets half of the processors work on passwords at once, so that records are served while many sign in, and a few wait.
/// Throws <see cref="PasswordBusyException"/> where more would.
/// </summary>
internal static class WorkTurns
{
    private static readonly int AtOnce = Math.Max(1, Environment.ProcessorCount / 2);

    private static readonly SemaphoreSlim Free = new(AtOnce);
    private static int inside;

    /// <summary>A few seconds' work: who would wait longer tries again.</summary>
    public static int MostInside { get; } = AtOnce * 32;

    public static async Task<Turn> Take(CancellationToken cancellation)
    {
        Enter();
        try
        {
            await Free.WaitAsync(cancellation);
            return default;
        }
        catch
        {
            Interlocked.Decrement(ref inside);
            throw;
        }
    }

    public static Turn TakeNow()
    {
        Enter();
        Free.Wait();
        return default;
    }

    private static void Enter()
    {
        if (Interlocked.Increment(ref inside) <= MostInside)
            return;
        Interlocked.Decrement(ref inside);
        throw new PasswordBusyException();
    }

    private static void Leave()
    {
        Free.Release();
        Interlocked.Decrement(ref inside);
    }

    public readonly struct Turn : IDisposable
    {
        public void Dispose() => Leave();
    }
}

/// <summary>A password that could not be checked: neither right nor wrong.</summary>
public class UncheckedPasswordException(Fault fault) : Exception(fault.Message.English)
{
    public Fault Fault { get; } = fault;
}

/// <summary>Too many passwords are being checked.</summary>
public sealed class PasswordBusyException() : UncheckedPasswordException(new Fault(
    FaultCode.TooManyRequests,
    "Too many people are signing in at this moment. Try again in a few seconds.",
    "Trop de personnes se connectent en ce moment. Réessayez dans quelques secondes."));
