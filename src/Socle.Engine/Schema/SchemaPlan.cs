using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Socle.Kernel;

namespace Socle.Schema;

/// <summary>What would be done to a database, in order. Empty when the database is as wanted.</summary>
/// <param name="Steps">The changes.</param>
/// <param name="Notes">What could not be as well as wanted, and why it does not matter much.</param>
public sealed record SchemaPlan(ImmutableArray<SchemaStep> Steps, ImmutableArray<Text> Notes)
{
    public bool IsEmpty => Steps.IsEmpty;

    /// <summary>For the terminal: one line a step, then the notes.</summary>
    public string Describe(Language language)
    {
        var text = new StringBuilder();
        if (IsEmpty)
            text.AppendLine(new Text("Nothing to change.", "Rien à changer.").In(language));
        foreach (var step in Steps)
            text.AppendLine(CultureInfo.InvariantCulture, $"- {step.Words.In(language)}{Cost(step)?.In(language)}");
        foreach (var note in Notes)
            text.AppendLine(CultureInfo.InvariantCulture, $"* {note.In(language)}");
        return text.ToString();
    }

    private static Text? Cost(SchemaStep step) => (step.Verdict, step.Rows) switch
    {
        (Verdict.Harmless, _) => null,
        (Verdict.LosesValues, null) => new("  [would lose values: not done]", "  [perdrait des valeurs : pas fait]"),
        (Verdict.LosesValues, { } rows) => new($"  [would lose values in about {rows} rows: not done]", $"  [perdrait des valeurs dans environ {rows} lignes : pas fait]"),
        (_, null) => new("  [goes through all rows]", "  [parcourt toutes les lignes]"),
        (_, { } rows) => new($"  [goes through about {rows} rows]", $"  [parcourt environ {rows} lignes]"),
    };
}
