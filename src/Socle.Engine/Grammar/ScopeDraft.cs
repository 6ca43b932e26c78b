using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Grammar;

/// <summary>A <see cref="QueryScope"/> while parameters are still being added to it.</summary>
internal sealed class ScopeDraft
{
    private ImmutableArray<SelectItem>.Builder? _select;
    private ImmutableArray<Condition>.Builder? _where;
    private List<(int Index, ScopeDraft Scope)>? _embeds;

    public ImmutableArray<OrderTerm>? Order { get; set; }

    public long? Limit { get; set; }

    public long? Offset { get; set; }

    public void Add(SelectItem item) => (_select ??= ImmutableArray.CreateBuilder<SelectItem>()).Add(item);

    public void AddEmbed(SelectEmbed embed, ScopeDraft scope)
    {
        Add(embed);
        (_embeds ??= []).Add((_select!.Count - 1, scope));
    }

    public void Add(Condition condition) => (_where ??= ImmutableArray.CreateBuilder<Condition>(2)).Add(condition);

    /// <summary>Adds the embeds that a filter calls by this name: those that appear under it, else those of the table, in either way of writing it.</summary>
    public void FindEmbeds(string name, List<ScopeDraft> into)
    {
        if (_embeds is null)
            return;
        var before = into.Count;
        foreach (var (index, scope) in _embeds)
        {
            if (((SelectEmbed)_select![index]).Name == name)
                into.Add(scope);
        }

        if (into.Count > before)
            return;
        foreach (var (index, scope) in _embeds)
        {
            if (ApiNames.ToCamelCase(((SelectEmbed)_select![index]).Target) == ApiNames.ToCamelCase(name))
                into.Add(scope);
        }
    }

    public IEnumerable<string> EmbedNames => _embeds is null ? [] : _embeds.Select(embed => ((SelectEmbed)_select![embed.Index]).Name);

    /// <param name="emptySelect">What to give when nothing was selected.</param>
    public QueryScope Build(ImmutableArray<SelectItem> emptySelect)
    {
        foreach (var (index, scope) in _embeds ?? [])
            _select![index] = (SelectEmbed)_select[index] with { Scope = scope.Build([]) };
        return new QueryScope(_select?.DrainToImmutable() ?? emptySelect, _where?.DrainToImmutable() ?? [], Order ?? [], Limit, Offset);
    }
}
