using Socle.Kernel;

namespace Socle.Formulas;

/// <summary>What is wrong with a formula, each with its place.</summary>
internal sealed class FormulaFaults
{
    public List<Fault> All { get; } = [];

    /// <param name="at">The character, counted from 1.</param>
    public void Add(int at, string english, string french) => All.Add(new Fault(
        FaultCode.InvalidBlueprint,
        $"In the formula, at character {at}: {Ended(english)}",
        $"Dans la formule, au caractère {at} : {Ended(french)}"));

    public void AddUnknown(int at, Text what, string name, IEnumerable<string> known)
    {
        var near = Suggestion.Find(name, known);
        Add(
            at,
            $"{what.English} '{name}' is unknown{(near is null ? "" : $"; did you mean '{near}'?")}",
            $"{what.French} « {name} » est inconnu{(near is null ? "" : $" ; vouliez-vous dire « {near} » ?")}");
    }

    private static string Ended(string sentence) => sentence.EndsWith('?') ? sentence : sentence + ".";
}
