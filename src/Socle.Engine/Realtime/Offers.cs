using Socle.Catalog;

namespace Socle.Realtime;

/// <summary>
/// Takes a page of entries and listeners, gives what each is offered. It is told once for all who see alike, and all of it before anything
/// is offered: when the database fails on the way, nobody hears it twice.
/// </summary>
internal sealed class Offers(PageReader pages, LiveCatalog catalog)
{
    public async Task<Dictionary<Subscription, OfferedPage>> Prepare(ChangeBatch batch, EntryPage page, IEnumerable<Subscription> listeners, CancellationToken cancellation)
    {
        var snapshot = catalog.Current;
        var shared = new Dictionary<CatalogSnapshot, OfferedPage>();
        var offers = new Dictionary<Subscription, OfferedPage>();
        var untold = new OfferedPage(batch, page, null, null);
        foreach (var listener in listeners)
        {
            if (listener.FindView(snapshot) is not { IsBound: false } view)
            {
                offers[listener] = untold;
                continue;
            }

            if (!shared.TryGetValue(view.Seen, out var told))
                shared[view.Seen] = told = new OfferedPage(batch, page, await pages.Tell(batch, page, _ => true, view, cancellation), view.Seen);
            offers[listener] = told;
        }

        return offers;
    }
}
