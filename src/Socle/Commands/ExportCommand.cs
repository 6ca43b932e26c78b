using System.CommandLine;
using Socle.Host;
using Socle.Kernel;
using Socle.Records;
using Socle.Records.Export;

namespace Socle.Commands;

/// <summary><c>socle export TABLE</c>, <c>socle export --all --out FOLDER</c>: records as CSV, workbook or JSON, beside a running server or without one.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var settings = SettingOptions.ForData();
        var table = new Argument<string?>("table") { Description = "The table's name", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Every table, a file each" };
        var format = new Option<string?>("--format") { Description = "csv, xlsx or json (default: what FILE ends with, else csv)" };
        var target = new Option<string?>("--out") { Description = "The file; with --all the folder (default: standard output)" };
        var query = new Option<string?>("--query") { Description = "What to export, as in an address: 'select=name,city&status=eq.active&order=name'" };
        var language = new Option<string?>("--language") { Description = "fr: CSV for a French Excel; en: CSV for programs (default: the terminal's language)" };
        format.AcceptOnlyFromAmong("csv", "xlsx", "json");
        language.AcceptOnlyFromAmong("fr", "en");
        var command = new Command("export", "Write records to a file.") { table, all, format, target, query, language };
        settings.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var (file, chosen) = (parsed.GetValue(target), parsed.GetValue(format));
            var wish = new ExportWish(
                parsed.GetValue(table),
                parsed.GetValue(all),
                chosen is not null ? ExportFile.FindBySuffix($".{chosen}")!.Value : file is not null && ExportFile.FindBySuffix(file) is { } named ? named : ExportFormat.Csv,
                file,
                parsed.GetValue(query) ?? "",
                parsed.GetValue(language) switch { "fr" => Language.French, "en" => Language.English, _ => Terminal.Language });
            return Check(wish) is { } fault ? Task.FromResult(ExitCodes.Refuse([fault])) : ExportRun.Run(settings.Read(parsed), wish, cancellation);
        });
        return command;
    }

    private static Fault? Check(ExportWish wish) => wish switch
    {
        { IsAll: true, Table: not null } or { IsAll: false, Table: null } => new(
            FaultCode.InvalidRequest,
            "Say what to export: the name of one table, or --all.",
            "Dites quoi exporter : le nom d'une table, ou --all."),
        { IsAll: true, Target: null } => new(
            FaultCode.InvalidRequest,
            "With --all, say which folder takes the files: --out FOLDER.",
            "Avec --all, dites quel dossier reçoit les fichiers : --out DOSSIER."),
        { IsAll: true, Query.Length: > 0 } => new(
            FaultCode.InvalidRequest,
            "--query goes with one table, not with --all.",
            "--query va avec une table, pas avec --all."),
        { Format: ExportFormat.Xlsx, Target: null } when !Console.IsOutputRedirected => new(
            FaultCode.InvalidRequest,
            "A workbook is nothing for a terminal. Say which file takes it: --out FILE.xlsx.",
            "Un classeur ne s'affiche pas dans un terminal. Dites quel fichier le reçoit : --out FICHIER.xlsx."),
        _ => null,
    };
}

/// <param name="Target">A file, with <paramref name="IsAll"/> a folder; null is standard output.</param>
/// <param name="Query">What follows the question mark of an address.</param>
internal sealed record ExportWish(string? Table, bool IsAll, ExportFormat Format, string? Target, string Query, Language Language);
