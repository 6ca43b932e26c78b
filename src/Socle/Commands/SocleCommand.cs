using System.CommandLine;

namespace Socle.Commands;

/// <summary>The command line: one verb, one file.</summary>
internal static class SocleCommand
{
    public static RootCommand Create() => new("A self-hosted business-data server on PostgreSQL.")
    {
        ServeCommand.Create(),
        PlanCommand.Create(),
        ApplyCommand.Create(),
        MigrateCommand.Create(),
        BlueprintCommand.Create(),
        AdoptCommand.Create(),
        ExportCommand.Create(),
        PsqlCommand.Create(),
        ImportCommand.Create(),
        UserCommand.Create(),
        DoctorCommand.Create(),
    };
}
