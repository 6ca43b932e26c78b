using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Views;

/// <summary>What a view shall be.</summary>
/// <param name="Query">select, conditions and order, as in an address.</param>
public sealed record ViewDefinition(Text Label, ViewKind Kind, string Query, ViewSettings Settings);

/// <summary>Holds a view against its table as it is seen: gives every fault of its query and settings at once. Pure.</summary>
public static class ViewCheck
{
    public static ImmutableArray<Fault> Check(ViewDefinition view, TableSnapshot table, CatalogSnapshot snapshot) =>
        [.. CheckQuery(view.Query, view.Settings, table, snapshot), .. CheckSettings(view.Kind, view.Settings, table)];

    /// <summary>The query alone.</summary>
    public static ImmutableArray<Fault> CheckQuery(string query, ViewSettings settings, TableSnapshot table, CatalogSnapshot snapshot)
    {
        var read = SavedQuery.Read(query, mayLimit: false);
        return (read.IsFault ? read.Faults : [.. QueryFit.Faults(Complete(read.Value, settings, table).Scope, table, snapshot)]).Within("query");
    }

    /// <summary>A whole kind's settings: those that must be there, and fields that can play their part.</summary>
    internal static ImmutableArray<Fault> CheckSettings(ViewKind kind, ViewSettings settings, TableSnapshot table)
    {
        var faults = ImmutableArray.CreateBuilder<Fault>();
        var given = settings.Items.Select(item => item.Rule.Name).ToHashSet();
        foreach (var rule in SettingRule.All[kind].Where(rule => rule.IsRequired && !given.Contains(rule.Name)))
            faults.Add(ViewFaults.MissingSetting(kind, rule.Name, rule.Expected));
        foreach (var item in settings.Items)
        {
            foreach (var name in item.Fields.Select(field => field.Name))
            {
                if (table.FindField(name) is not { } field)
                    faults.Add(ViewFaults.UnknownField(table, item.Rule, name));
                else if (!item.Rule.Accepts(field))
                    faults.Add(ViewFaults.WrongField(item.Rule, field));
            }
        }

        if (kind == ViewKind.Map)
            CheckPlace(given, faults);
        return faults.ToImmutable();
    }

    /// <summary>Besides what the query shows, the key and the fields of the settings are answered: without them nobody could draw the view.</summary>
    internal static RecordQuery Complete(RecordQuery query, ViewSettings settings, TableSnapshot table)
    {
        var select = query.Scope.Select;
        if (select.Any(item => item is SelectStar or SelectField { Aggregate: not null }))
            return query;
        var shown = select.OfType<SelectField>().Where(IsPlain).Select(item => table.FindField(item.Field!.Name)).ToHashSet();
        var more = table.PrimaryKey.Concat(settings.FieldNames.Select(table.FindField).OfType<FieldSnapshot>())
            .Where(shown.Add)
            .Select(field => (SelectItem)new SelectField(new FieldPath(field.Name)));
        return query with { Scope = query.Scope with { Select = [.. select, .. more] } };
    }

    private static bool IsPlain(SelectField item) => item is { Field.Steps.IsEmpty: true, Alias: null, Cast: null, Period: null };

    private static void CheckPlace(HashSet<string> given, ImmutableArray<Fault>.Builder faults)
    {
        if (given.Contains("position") || (given.Contains("latitude") && given.Contains("longitude")))
            return;
        faults.Add(ViewFaults.MissingSetting(ViewKind.Map, "position", new("a field that holds a position, or 'latitude' and 'longitude' with a number each", "un champ qui contient une position, ou « latitude » et « longitude » avec chacun un nombre")));
    }
}
