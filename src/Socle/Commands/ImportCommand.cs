using System.CommandLine;
using Socle.Host;
using Socle.Imports;
using Socle.Imports.Values;
using Socle.Kernel;

namespace Socle.Commands;

/// <summary><c>socle import csv|xlsx|json FILE --table T</c>: brings a file's rows into a table, beside a running server or without one.</summary>
internal static class ImportCommand
{
    private static readonly Dictionary<string, char> Separators = new() { ["semicolon"] = ';', ["comma"] = ',', ["tab"] = '\t', ["bar"] = '|', [";"] = ';', [","] = ',', ["\\t"] = '\t', ["|"] = '|' };

    public static Command Create()
    {
        var settings = SettingOptions.ForData();
        var format = new Argument<string>("format") { Description = "csv, xlsx or json" };
        var file = new Argument<string>("file") { Description = "The file to import" };
        var table = new Option<string>("--table") { Description = "The table that takes the rows", Required = true };
        var create = new Option<bool>("--create") { Description = "Make the table first, with fields and types as the file's columns have them" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would happen, and change nothing" };
        var whole = new Option<bool>("--all-or-nothing") { Description = "Import nothing when a row is rejected" };
        var key = new Option<string?>("--key") { Description = "The unique field that tells which records exist already (default: the table's key, where the file has it)" };
        var map = new Option<string[]>("--map") { Description = "What a column means, as Header:field; Header:- leaves it out. May be repeated", AllowMultipleArgumentsPerToken = true };
        var rejects = new Option<string?>("--rejects") { Description = "The file for rejected rows (default: FILE.rejected.csv)" };
        var separator = new Option<string?>("--separator") { Description = "semicolon, comma, tab or bar (default: found out)" };
        var encoding = new Option<string?>("--encoding") { Description = "utf-8, windows-1252, utf-16 or utf-16be (default: found out)" };
        var sheet = new Option<string?>("--sheet") { Description = "The sheet of a workbook (default: the first)" };
        var dates = new Option<string?>("--dates") { Description = "dmy or mdy, for dates such as 03/04/2026 (default: found out over each column)" };
        format.AcceptOnlyFromAmong("csv", "xlsx", "json");
        dates.AcceptOnlyFromAmong("dmy", "mdy");
        separator.AcceptOnlyFromAmong([.. Separators.Keys]);
        encoding.AcceptOnlyFromAmong([.. SourceFile.EncodingNames]);
        var command = new Command("import", "Bring the rows of a file into a table.") { format, file, table, create, dryRun, whole, key, map, rejects, separator, encoding, sheet, dates, ImportCochin.Create() };
        settings.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var options = settings.Read(parsed);
            var mapping = ImportWords.ReadMap(parsed.GetValue(map) ?? []);
            if (options.IsFault || mapping.IsFault)
                return Task.FromResult(ExitCodes.Refuse(options.IsFault ? options.Faults : mapping.Faults));
            var request = new ImportRequest(
                Enum.Parse<ImportFormat>(parsed.GetValue(format)!, ignoreCase: true),
                Terminal.Language,
                options.Value.TimeZone,
                [.. (parsed.GetValue(key) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
                mapping.Value,
                parsed.GetValue(encoding),
                parsed.GetValue(separator) is { } name ? Separators[name] : null,
                parsed.GetValue(sheet),
                parsed.GetValue(dates) switch { "dmy" => DateOrder.DayFirst, "mdy" => DateOrder.MonthFirst, _ => null },
                parsed.GetValue(dryRun),
                parsed.GetValue(whole));
            return new ImportCommandRun(options.Value, request, parsed.GetValue(file)!, parsed.GetValue(table)!, parsed.GetValue(rejects), parsed.GetValue(create)).Run(cancellation);
        });
        return command;
    }
}
