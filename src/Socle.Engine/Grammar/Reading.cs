using Socle.Kernel;

namespace Socle.Grammar;

/// <summary>
/// The state of one reading: the faults found so far and how much may still be read.
/// The limits keep hostile text from costing much more than its length.
/// </summary>
internal sealed class Reading
{
    public const int DeepestNesting = 32;
    public const int MostItems = 2000;
    public const int MostMembers = 20_000;
    public const int MostFaults = 20;

    private int _items;
    private int _members;

    /// <summary>Whether a condition may speak of related records.</summary>
    public bool AllowsRelated { get; init; }

    /// <summary>The faults found so far; null while there are none.</summary>
    public List<Fault>? Faults { get; private set; }

    /// <summary>Whether so much is wrong that looking for more helps nobody.</summary>
    public bool IsHopeless => Faults?.Count >= MostFaults;

    public void Add(Fault fault)
    {
        Faults ??= [];
        if (!IsHopeless)
            Faults.Add(fault);
    }

    public void Note(string key, string english, string french, FaultCode code = FaultCode.InvalidFilter) =>
        Add(new Fault(code, english, french, key));

    /// <summary>Notes a fault when the parameter was given before.</summary>
    public bool IsFirst(string key, bool given)
    {
        if (given)
            Note(key, $"\"{key}\" is given more than once: give it once.", $"« {key} » est donné plusieurs fois : donnez-le une seule fois.");
        return !given;
    }

    /// <summary>Counts one column, condition, sort term or name; false when there are too many.</summary>
    public bool CountItem(string key)
    {
        if (++_items <= MostItems)
            return true;
        if (_items == MostItems + 1)
            Add(new Fault(
                FaultCode.InvalidFilter,
                $"The request holds more than {MostItems} columns, conditions and sort terms together. Ask in several requests.",
                $"La requête contient plus de {MostItems} colonnes, conditions et critères de tri au total. Faites plusieurs requêtes.",
                key));
        return false;
    }

    /// <summary>Counts one member of a list of values; false when there are too many.</summary>
    public bool CountMember(string key)
    {
        if (++_members <= MostMembers)
            return true;
        if (_members == MostMembers + 1)
            Add(new Fault(
                FaultCode.InvalidFilter,
                $"The lists of the request hold more than {MostMembers} values together. Ask in several requests.",
                $"Les listes de la requête contiennent plus de {MostMembers} valeurs au total. Faites plusieurs requêtes.",
                key));
        return false;
    }
}
