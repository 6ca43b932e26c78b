using System.Threading.Channels;

namespace Socle.Realtime;

/// <summary>
/// Wakes the feed: rung after each write of this server, in process, because a NOTIFY in every transaction would make
/// commits wait for each other. Ringing an already rung bell does nothing.
/// </summary>
public sealed class ChangeBell
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private int _isRung;

    /// <summary>Records may have changed here: this server's listeners look, and the other servers are told.</summary>
    public void Ring()
    {
        if (Volatile.Read(ref _isRung) != 0)
            return;
        Volatile.Write(ref _isRung, 1);
        Wake();
    }

    /// <summary>This server's listeners look.</summary>
    internal void Wake() => _wake.Writer.TryWrite(true);

    internal async Task Wait(CancellationToken cancellation) => await _wake.Reader.ReadAsync(cancellation);

    /// <summary>Whether it was rung since the last time.</summary>
    internal bool TakeRing() => Interlocked.Exchange(ref _isRung, 0) != 0;
}
