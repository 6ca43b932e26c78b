using System.Globalization;
using Socle.Cochin;
using Socle.Host;
using Socle.Kernel;

namespace Socle.Commands;

/// <summary>Tells what an import of a Cochin database did, in the terminal's language.</summary>
internal static class CochinSummary
{
    private const int MostShown = 10;
    private const int LongestValue = 60;

    public static void Print(CochinReport report)
    {
        Console.WriteLine(report switch
        {
            { Differences.IsEmpty: false } => Say("Nothing was imported: values read back from Socle are not what the file says.", "Rien n'a été importé : des valeurs relues dans Socle ne sont pas celles du fichier."),
            { IsDryRun: true } => Say("Dry run, nothing was changed:", "Essai à blanc, rien n'a été modifié :"),
            _ => Say("Imported, and every record and value read back and compared:", "Importé, chaque enregistrement et chaque valeur relus et comparés :"),
        });
        var width = report.Tables.Select(table => table.Table.Length).DefaultIfEmpty().Max();
        foreach (var table in report.Tables)
            Console.WriteLine($"  {table.Table.PadRight(width)}  {Describe(table.Counts)}");
        Section(Say("Other values than in the file", "Valeurs autres que dans le fichier"), report.Differences, path => path);
        Section(Say($"Kept aside (table {ImportTables.Aside})", $"Écartées (table {ImportTables.Aside})"), report.Aside, Describe);
        People(report);
        Section(Say("Rules not taken over, or in part", "Règles non reprises, ou en partie"), [.. report.Rules.Where(rule => rule.Problem is not null)], rule => $"{rule.Name}: {rule.Problem!.Value.In(Terminal.Language)}");
        Section(Say("In the file and not taken over", "Dans le fichier et non repris"), report.LeftOut, left => string.Create(CultureInfo.InvariantCulture, $"{left.Table}{(left.Column is null ? "" : $".{left.Column}")}: {left.Rows}"));
    }

    private static void People(CochinReport report)
    {
        var (all, made) = (report.People.Length, report.People.Count(person => person.Role is not null));
        if (all == 0)
            return;
        Console.WriteLine(Say($"Accounts: {made} of {all}, {report.People.Count(person => person.HasPassword)} with their password", $"Comptes : {made} sur {all}, dont {report.People.Count(person => person.HasPassword)} avec leur mot de passe"));
        if (report.Rules.Length > 0)
            Console.WriteLine(Say($"Rules: {report.Rules.Count(rule => rule.Problem is null)} of {report.Rules.Length}", $"Règles : {report.Rules.Count(rule => rule.Problem is null)} sur {report.Rules.Length}"));
        Section(Say("Accounts to look at", "Comptes à regarder"), [.. report.People.Where(person => person.Problem is not null)], person => $"{person.Username}: {person.Problem!.Value.In(Terminal.Language)}");
    }

    private static string Describe(TableCounts counts) => string.Create(CultureInfo.InvariantCulture, $"""
        {counts.Written}/{counts.Records} {Say("records", "enregistrements")}{Some(counts.Merged, "merged", "réunis")}{Some(counts.Refused, "kept aside", "écartés")}; {counts.Values} {Say("values", "valeurs")}: {counts.Same} {Say("the same", "identiques")}{Some(counts.Rewritten, "in another writing", "écrites autrement")}{Some(counts.Followed, "links and choices", "liens et choix")}{Some(counts.Empty, "empty", "vides")}{Some(counts.Repeated, "repeated", "répétées")}{Some(counts.Aside, "kept aside", "écartées")}
        """);

    private static string Some(long count, string english, string french) => count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {count} {Say(english, french)}");

    private static string Describe(AsideValue value)
    {
        var text = value.Value is { } written ? $" « {Shorten(written)} »" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{(value.Table.Length == 0 ? "-" : value.Table)}/{value.Record}{(value.Field is null ? "" : $".{value.Field}")}{text}: {AsideReasons.TextOf(value.Reason).In(Terminal.Language)}");
    }

    /// <summary>One line of it, without what a terminal would obey.</summary>
    private static string Shorten(string value)
    {
        var line = string.Concat(value.Take(LongestValue).Select(c => char.IsControl(c) ? ' ' : c));
        return value.Length > LongestValue ? $"{line}…" : line;
    }

    private static void Section<T>(string title, IReadOnlyCollection<T> items, Func<T, string> describe)
    {
        if (items.Count == 0)
            return;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title} ({items.Count})"));
        foreach (var item in items.Take(MostShown))
            Console.WriteLine($"  {describe(item)}");
        if (items.Count > MostShown)
            Console.WriteLine(Say("  … --report FILE writes all of them.", "  … --report FICHIER les écrit tous."));
    }

    private static string Say(string english, string french) => new Text(english, french).In(Terminal.Language);
}
