using System.Globalization;
using Socle.Host;
using Socle.Imports;
using Socle.Kernel;

namespace Socle.Commands;

/// <summary>Tells what an import did, in the terminal's language.</summary>
internal static class ImportSummary
{
    private const int MostShown = 10;
    private static readonly CultureInfo Numbers = CultureInfo.InvariantCulture;

    /// <param name="rejects">The file with the rejected rows, where there is one.</param>
    public static void Print(ImportReport report, string? rejects)
    {
        foreach (var line in Describe(report, Terminal.Language))
            Console.WriteLine(line);
        foreach (var rejection in report.Rejections.Take(MostShown))
            Terminal.WriteLine(string.Create(Numbers, $"  {Say("line", "ligne")} {rejection.Line}: {rejection.Fault.Message.In(Terminal.Language)}"));
        if (report.Rejected > MostShown)
            Terminal.WriteLine("  …");
        if (rejects is not null)
            Terminal.WriteLine($"{Say("The rejected rows, each with its reason:", "Les lignes rejetées, chacune avec son motif :")} {rejects}");
    }

    private static IEnumerable<string> Describe(ImportReport report, Language language)
    {
        if (report.Encoding is { } encoding)
            yield return string.Create(Numbers, $"{encoding}, {Say("separator", "séparateur")} {(report.Separator == '\t' ? "tab" : report.Separator.ToString())}{(report.Repaired == 0 ? "" : $", {report.Repaired} {Say("doubly encoded cells repaired", "cellules doublement encodées réparées")}")}");
        foreach (var column in report.Columns)
            yield return $"  {column.Header} → {column.Field}{(column.Format is null ? "" : $" ({column.Format}{(column.IsAssumed ? Say(", assumed", ", supposé") : "")})")}{(column.IsIgnored ? Say(" (kept by the database)", " (tenu par la base)") : "")}";
        foreach (var column in report.Unmapped)
            yield return $"  {column.Header} → {Say("left out", "laissée de côté")}{(column.Suggestion is null ? "" : language == Language.French ? $" (vouliez-vous dire {column.Suggestion} ?)" : $" (did you mean {column.Suggestion}?)")}";
        yield return report switch
        {
            { IsDryRun: true } => Say("Dry run, nothing was changed:", "Essai à blanc, rien n'a été modifié :"),
            { IsApplied: false } => Say("Nothing was imported, because rows were rejected:", "Rien n'a été importé, car des lignes ont été rejetées :"),
            _ => Say("Imported:", "Importé :"),
        };
        yield return string.Create(Numbers, $"  {report.Rows} {Say("rows:", "lignes :")} {report.Created} {Say("created", "créées")}, {report.Updated} {Say("updated", "modifiées")}, {report.Unchanged} {Say("unchanged", "inchangées")}, {report.Rejected} {Say("rejected", "rejetées")}");
        if (report.ChangeId is { } change)
            yield return $"  {Say("change set", "lot de modifications")} {change}";
    }

    private static string Say(string english, string french) => new Text(english, french).In(Terminal.Language);
}
