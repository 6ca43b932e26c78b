using System.Threading.Channels;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Realtime;

/// <summary>Entries that the feed has read, and what those who see them alike are told of them.</summary>
/// <param name="Told">Null for listeners that must read for themselves.</param>
/// <param name="Seen">The catalog as those see it; another one by now makes what is told out of date.</param>
internal sealed record OfferedPage(ChangeBatch Batch, EntryPage Page, EventPage? Told, CatalogSnapshot? Seen)
{
    private const long EntryBytes = 200;

    /// <summary>What it holds in memory.</summary>
    public long Size { get; } = (Told?.Size ?? 0) + (Page.Entries.Count * EntryBytes);
}

/// <summary>
/// One listener's place at the feed: the pages that it has yet to take. One that takes them too slowly is let go and reads
/// for itself what it missed, so that memory stays bounded and nobody waits for it.
/// </summary>
/// <param name="tables">What it listens to; everything when null.</param>
/// <param name="who">Who listens, as they are now; null when they are nobody any more.</param>
internal sealed class Subscription(IReadOnlySet<Guid>? tables, Func<Caller?> who)
{
    private const long MostBytes = 4_000_000;

    private readonly Channel<OfferedPage> _pages = Channel.CreateUnbounded<OfferedPage>(new() { SingleReader = true });
    private long _waiting;

    /// <summary>What it listens to; everything when null.</summary>
    public IReadOnlySet<Guid>? Tables => tables;

    /// <summary>What the feed had told when this began: the pages tell what came after.</summary>
    public TaskCompletionSource<SeenChanges> Start { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChannelReader<OfferedPage> Pages => _pages.Reader;

    /// <summary>The feed lost its own place.</summary>
    public bool IsReset { get; private set; }

    /// <summary>Whether the listener has been told of everything it was given.</summary>
    public bool IsDrained => Interlocked.Read(ref _waiting) == 0;

    public View? FindView(CatalogSnapshot snapshot) => View.Find(who(), snapshot);

    /// <returns>False when it is let go.</returns>
    public bool Offer(OfferedPage page)
    {
        if (page.Told is { } told ? !told.Events.Any(item => Wants(item.Table)) : !Wants(page.Page))
            return true;
        var waiting = Interlocked.Add(ref _waiting, page.Size);
        if (waiting <= MostBytes || waiting == page.Size)
            return _pages.Writer.TryWrite(page);
        _pages.Writer.TryComplete();
        return false;
    }

    public void Took(OfferedPage page) => Interlocked.Add(ref _waiting, -page.Size);

    public void Reset()
    {
        IsReset = true;
        _pages.Writer.TryComplete();
    }

    public bool Wants(EntryPage page) => page.Entries.Exists(entry => Wants(entry.Table.Id));

    private bool Wants(Guid table) => tables is null || tables.Contains(table);
}
