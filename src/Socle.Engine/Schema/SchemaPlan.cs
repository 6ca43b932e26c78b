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

    /// <summary>Whether values would be gone: at once, or when what is moved aside has waited for its time.</summary>
    public bool LosesValues => Steps.Any(step => step.Verdict == Verdict.LosesValues || step.Losses is not 0);

    /// <summary>For the terminal: two lines a step (what, and what it costs), then the notes.</summary>
    public string Describe(Language language)
    {
        var text = new StringBuilder();
        if (IsEmpty)
            text.AppendLine(new Text("Nothing to change.", "Rien à changer.").In(language));
        foreach (var step in Steps)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {step.Words.In(language)}");
            text.AppendLine(CultureInfo.InvariantCulture, $"    {StepWords.Cost(step).In(language)}");
        }

        foreach (var note in Notes)
            text.AppendLine(CultureInfo.InvariantCulture, $"* {note.In(language)}");
        return text.ToString();
    }
}
