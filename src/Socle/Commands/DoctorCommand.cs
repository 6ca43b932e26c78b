using System.CommandLine;
using Socle.Doctor;
using Socle.Host;
using Socle.Kernel;

namespace Socle.Commands;

/// <summary><c>socle doctor</c>: what is wrong with the settings, the data folder and the database, and how to mend it. Changes nothing; 1 when the server would not start.</summary>
internal static class DoctorCommand
{
    private static readonly Text Fine = new("Nothing to mend.", "Rien à corriger.");
    private static readonly Text Unseen = new("The rest is looked at once this is mended.", "Le reste sera examiné une fois cela corrigé.");
    private static readonly Text Error = new("error", "erreur");
    private static readonly Text Warning = new("warning", "avertissement");

    public static Command Create()
    {
        var settings = SettingOptions.ForServer();
        var command = new Command("doctor", "Say what is wrong with this installation, and how to mend it.");
        settings.AddTo(command);
        command.SetAction(parsed => Run(ServeCommand.Read(defaults => settings.Read(parsed, defaults: defaults))));
        return command;
    }

    private static async Task<int> Run(Result<ServeCommand.Asked> asked)
    {
        var findings = asked.IsFault ? [.. asked.Faults.Select(Finding.Error)] : await Examination.Run(asked.Value.Options);
        foreach (var finding in findings.OrderByDescending(finding => finding.IsError))
            Console.WriteLine(Line(finding));
        if (asked.IsFault)
            Console.WriteLine(Unseen.In(Terminal.Language));
        if (findings.Count == 0)
            Console.WriteLine(Fine.In(Terminal.Language));
        return findings.Any(finding => finding.IsError) ? ExitCodes.Failed : ExitCodes.Done;
    }

    /// <summary>French puts a space before a colon.</summary>
    private static string Line(Finding finding) =>
        $"{(finding.IsError ? Error : Warning).In(Terminal.Language)}{(Terminal.Language == Language.French ? " : " : ": ")}{finding.Message.In(Terminal.Language)}";
}
