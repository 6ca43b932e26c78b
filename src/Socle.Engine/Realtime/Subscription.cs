using System.Threading.Channels;

namespace Socle.Realtime;

/// <summary>
/// One listener's place at the feed: the pages that it has yet to take. One that takes them too slowly is let go and reads
/// for itself what it missed, so that memory stays bounded and nobody waits for it.
/// </summary>
internal sealed class Subscription(IReadOnlySet<Guid>? tables)
{
    private const long MostBytes = 4_000_000;

    private readonly Channel<EventPage> _pages = Channel.CreateUnbounded<EventPage>(new() { SingleReader = true });
    private long _waiting;

    /// <summary>What it listens to; everything when null.</summary>
    public IReadOnlySet<Guid>? Tables => tables;

    /// <summary>What the feed had told when this began: the pages tell what came after.</summary>
    public TaskCompletionSource<SeenChanges> Start { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChannelReader<EventPage> Pages => _pages.Reader;

    /// <summary>The feed lost its own place.</summary>
    public bool IsReset { get; private set; }

    /// <summary>Whether the listener has been told of everything it was given.</summary>
    public bool IsDrained => Interlocked.Read(ref _waiting) == 0;

    /// <returns>False when it is let go.</returns>
    public bool Offer(EventPage page)
    {
        if (!page.Events.Any(told => Wants(told.Table)))
            return true;
        var waiting = Interlocked.Add(ref _waiting, page.Size);
        if (waiting <= MostBytes || waiting == page.Size)
            return _pages.Writer.TryWrite(page);
        _pages.Writer.TryComplete();
        return false;
    }

    public void Took(EventPage page) => Interlocked.Add(ref _waiting, -page.Size);

    public void Reset()
    {
        IsReset = true;
        _pages.Writer.TryComplete();
    }

    public bool Wants(Guid table) => tables is null || tables.Contains(table);
}
