using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Records.Planning;

namespace Socle.Views;

/// <param name="Query">What is left of the query: only what is there to be shown and sorted by.</param>
/// <param name="LeftOut">Why the rest of what it shows and sorts by was left out.</param>
/// <param name="Missing">What its conditions need and is not there: without them it would show other records than it should, so it shows none.</param>
internal sealed record FittedQuery(RecordQuery Query, ImmutableArray<Fault> LeftOut, ImmutableArray<Fault> Missing)
{
    public IEnumerable<Fault> All => LeftOut.Concat(Missing);
}

/// <summary>
/// Takes a query that was right when it was saved, gives what of it is right now for who looks: fields may be gone, or hidden from
/// their role. Pure.
/// </summary>
internal sealed class QueryFit
{
    /// <summary>Values stand where they will stand, so that they are judged too.</summary>
    private static readonly Placeholders Anybody = Placeholders.For(Guid.Empty, TimeZoneInfo.Utc);

    private readonly CatalogSnapshot _snapshot;
    private readonly List<Fault> _leftOut = [];
    private readonly List<Fault> _missing = [];

    private QueryFit(CatalogSnapshot snapshot) => _snapshot = snapshot;

    public static FittedQuery Fit(RecordQuery query, TableSnapshot table, CatalogSnapshot snapshot)
    {
        // A query that is wholly right is the rule.
        if (Faults(query.Scope, table, snapshot).Count == 0)
            return new FittedQuery(query, [], []);
        var fit = new QueryFit(snapshot);
        var scope = fit.Fit(query.Scope, table);
        return new FittedQuery(query with { Scope = scope }, [.. fit._leftOut], [.. fit._missing]);
    }

    /// <summary>All that is wrong with it.</summary>
    public static List<Fault> Faults(QueryScope scope, TableSnapshot table, CatalogSnapshot snapshot)
    {
        var context = new PlanContext();
        new ScopePlanner(snapshot, table, context).Plan(Anybody.Fill(scope, table, snapshot));
        return context.Faults;
    }

    private QueryScope Fit(QueryScope scope, TableSnapshot table)
    {
        var select = scope.Select.Select(item => Fit(item, table)).OfType<SelectItem>().ToImmutableArray();
        if (select.IsEmpty && !scope.Select.IsEmpty)
            _missing.Add(ViewFaults.NothingLeft());
        ImmutableArray<SelectItem> embeds = [.. select.Where(item => item is SelectEmbed)];
        foreach (var condition in scope.Where)
            _missing.AddRange(Faults(new QueryScope(embeds, [condition], []), table, _snapshot));
        var order = scope.Order.Where(term => IsThere(new QueryScope(select, [], [term]), table)).ToImmutableArray();
        return scope with { Select = select, Order = order };
    }

    private SelectItem? Fit(SelectItem item, TableSnapshot table)
    {
        if (item is not SelectEmbed embed)
            return IsThere(new QueryScope([item], [], []), table) ? item : null;
        var relation = RelationFinder.Get(_snapshot, table, embed);
        if (relation.IsFault)
        {
            _leftOut.AddRange(relation.Faults);
            return null;
        }

        // A related table whose conditions cannot be judged is not shown at all.
        var inner = new QueryFit(_snapshot);
        var scope = inner.Fit(embed.Scope, relation.Value.Target);
        _leftOut.AddRange(inner._leftOut);
        _leftOut.AddRange(inner._missing);
        if (inner._missing.Count == 0)
            return embed with { Scope = scope };
        // What it joins keeps records away: without it there would be more.
        if (embed.Join == EmbedJoin.Inner)
            _missing.AddRange(inner._missing);
        return null;
    }

    private bool IsThere(QueryScope scope, TableSnapshot table)
    {
        var faults = Faults(scope, table, _snapshot);
        _leftOut.AddRange(faults);
        return faults.Count == 0;
    }
}
