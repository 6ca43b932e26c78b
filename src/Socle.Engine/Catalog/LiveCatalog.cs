namespace Socle.Catalog;

/// <summary>The snapshot that requests take; swapped whole by the watcher.</summary>
public sealed class LiveCatalog
{
    private CatalogSnapshot _current = CatalogSnapshot.Empty;

    public CatalogSnapshot Current => Volatile.Read(ref _current);

    public void Swap(CatalogSnapshot snapshot) => Volatile.Write(ref _current, snapshot);
}
