using Socle.Kernel;

namespace Socle.Imports.Reading;

/// <summary>Why a file cannot be read, in words.</summary>
internal static class FileFaults
{
    public static Fault Empty { get; } = new(FaultCode.InvalidFile, "The file is empty.", "Le fichier est vide.");

    public static Fault NotText { get; } = new(
        FaultCode.InvalidFile,
        "This is no text file. Save the table as CSV (UTF-8), or import it as xlsx.",
        "Ce n'est pas un fichier texte. Enregistrez le tableau en CSV (UTF-8), ou importez-le en xlsx.");

    public static Fault IsWorkbook { get; } = new(
        FaultCode.InvalidFile,
        "This is a workbook or another archive, not CSV. Import it as xlsx.",
        "C'est un classeur ou une autre archive, pas du CSV. Importez-le en xlsx.");

    public static Fault NotWorkbook { get; } = new(
        FaultCode.InvalidFile,
        "This is no XLSX workbook. Save it in Excel as .xlsx (not .xls), or as CSV.",
        "Ce n'est pas un classeur XLSX. Enregistrez-le dans Excel en .xlsx (pas .xls), ou en CSV.");

    public static Fault BrokenWorkbook { get; } = new(
        FaultCode.InvalidFile,
        "The workbook is damaged, or was made to harm. Open it in Excel and save it anew.",
        "Le classeur est endommagé, ou conçu pour nuire. Ouvrez-le dans Excel et enregistrez-le à nouveau.");

    public static Fault TooManyColumns(int most) => new(
        FaultCode.InvalidFile,
        $"The file has more than {most} columns. Is this the right separator?",
        $"Le fichier a plus de {most} colonnes. Est-ce le bon séparateur ?");

    public static Fault TooLongRow(long line, int bytes) => new(
        FaultCode.InvalidFile,
        new($"The row that begins here is longer than {bytes / (1024 * 1024)} MB. Perhaps a quote is never closed.", $"La ligne qui commence ici dépasse {bytes / (1024 * 1024)} Mo. Un guillemet n'est peut-être jamais fermé."),
        Line: Number(line));

    public static Fault OpenQuote(long line) => new(
        FaultCode.InvalidFile,
        new("A quote that opens here is never closed.", "Un guillemet ouvert ici n'est jamais fermé."),
        Line: Number(line));

    public static Fault NotUtf8(long line) => new(
        FaultCode.InvalidFile,
        new("The file is not UTF-8: this line holds bytes that are no character. Leave the encoding out, or name it: windows-1252, utf-16.", "Le fichier n'est pas en UTF-8 : cette ligne contient des octets qui ne sont pas un caractère. Ne donnez pas l'encodage, ou nommez-le : windows-1252, utf-16."),
        Line: Number(line));

    public static Fault InvalidJson(long line) => new(
        FaultCode.InvalidFile,
        new("This is no valid JSON from here on. Expected: an array of objects, one object a line, or {\"data\": […]}.", "Ce n'est plus du JSON valide à partir d'ici. Attendu : un tableau d'objets, un objet par ligne, ou {\"data\": […]}."),
        Line: Number(line));

    public static Fault NoSheet(string name, IEnumerable<string> sheets) => new(
        FaultCode.InvalidFile,
        $"The workbook has no sheet '{name}', but: {string.Join(", ", sheets)}.",
        $"Le classeur n'a pas de feuille « {name} », mais : {string.Join(", ", sheets)}.");

    private static int Number(long line) => (int)Math.Min(line, int.MaxValue);
}
