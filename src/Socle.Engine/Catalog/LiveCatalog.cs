namespace Socle.Catalog;

/// <summary>The snapshot that requests take; swapped whole by the watcher, and by whoever changed what is in it.</summary>
public sealed class LiveCatalog
{
    private readonly Lock _swapping = new();
    private CatalogSnapshot _current = CatalogSnapshot.Empty;
    private long _version;

    public CatalogSnapshot Current => Volatile.Read(ref _current);

    /// <summary>For a snapshot that is read from now on.</summary>
    public long NextVersion() => Interlocked.Increment(ref _version);

    /// <summary>Puts the snapshot in its place, unless one that was read later is there.</summary>
    public void Swap(CatalogSnapshot snapshot)
    {
        lock (_swapping)
        {
            if (snapshot.Version >= _current.Version)
                Volatile.Write(ref _current, snapshot);
        }
    }
}
