using System.Globalization;
using Socle.Blueprints;
using Socle.Imports;
using Socle.Kernel;

namespace Socle.Cochin;

/// <summary>Names of a firm's own tables and fields, as PostgreSQL and the addresses of the API want them: each once.</summary>
internal sealed class FirmNames(IEnumerable<string> taken)
{
    private const int LongestLabel = 100;

    private readonly HashSet<string> _taken = [.. taken];

    /// <summary><c>Heures passées</c> → <c>heures_passees</c>.</summary>
    public string Choose(string name)
    {
        var plain = TableProposal.NameOf(name, _taken.Count);
        var chosen = plain;
        for (var number = 2; !BlueprintNames.IsFree(chosen) || !_taken.Add(chosen); number++)
            chosen = string.Create(CultureInfo.InvariantCulture, $"{plain}_{number}");
        return chosen;
    }

    public static Text Label(string name)
    {
        var label = string.Concat(name.Where(c => !char.IsControl(c))).Trim();
        label = label.Length > LongestLabel ? label[..LongestLabel] : label;
        return new Text(label, label);
    }
}
