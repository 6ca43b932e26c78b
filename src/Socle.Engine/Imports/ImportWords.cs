using Socle.Kernel;

namespace Socle.Imports;

/// <summary>Reads how callers say what columns mean: <c>Nom:name</c>, <c>Remarque:-</c>.</summary>
public static class ImportWords
{
    public static Result<IReadOnlyDictionary<string, string>> ReadMap(IEnumerable<string> pairs)
    {
        var map = new Dictionary<string, string>();
        foreach (var pair in pairs)
        {
            // A header may hold a colon, a field's name does not.
            var colon = pair.LastIndexOf(':');
            if (colon <= 0 || colon == pair.Length - 1 || !map.TryAdd(pair[..colon].Trim(), pair[(colon + 1)..].Trim()))
            {
                return new Fault(
                    FaultCode.InvalidRequest,
                    $"map is '{pair}', but expects each column once as Header:field, or Header:- to leave it out.",
                    $"map vaut « {pair} », mais attend chaque colonne une fois, comme En-tête:champ, ou En-tête:- pour la laisser de côté.",
                    "map");
            }
        }

        return map;
    }
}
