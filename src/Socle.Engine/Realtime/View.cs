using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Running;

namespace Socle.Realtime;

/// <summary>What one listener may be told of at one moment: the tables and fields of its role, and whose records it may read.</summary>
internal sealed class View
{
    private View(Caller caller, CatalogSnapshot seen, bool seesAll)
    {
        Seen = seen;
        SeesAll = seesAll;
        IsBound = !seesAll && seen.Tables.Any(table => !table.Rights.AllowsEveryRecord(PolicyAction.Read));
        // A role without conditions reads the same for everybody who has it.
        Reader = seesAll ? Caller.English : IsBound ? caller : new Caller(Language.English, caller.Role);
    }

    public CatalogSnapshot Seen { get; }

    /// <summary>Whether no policy binds the listener: it is told also of tables that are not served yet.</summary>
    public bool SeesAll { get; }

    /// <summary>Whether it must read for itself: of some table it may read only some records.</summary>
    public bool IsBound { get; }

    /// <summary>As whom its records are read.</summary>
    public Caller Reader { get; }

    public TransactionSettings Settings => RecordStore.SettingsOf(Reader, Seen, origin: null);

    /// <summary>Null for whom nothing is left to read.</summary>
    /// <param name="caller">Who listens; null when they are nobody any more.</param>
    /// <param name="snapshot">The present catalog.</param>
    public static View? Find(Caller? caller, CatalogSnapshot snapshot)
    {
        if (caller is null)
            return null;
        var seesAll = caller.IsOperator || snapshot.Access.FindRole(caller.Role) is { IsAdmin: true };
        var seen = snapshot.For(caller);
        return seesAll || !seen.Tables.IsEmpty ? new View(caller, seen, seesAll) : null;
    }

    /// <summary>The table as the listener sees it; null where it does not, and in the moment before a new one is served.</summary>
    public TableSnapshot? Find(KeptTable kept) =>
        PageReader.Find(Seen, kept) is { } table && (SeesAll || !table.PrimaryKey.IsEmpty) ? table : null;
}
