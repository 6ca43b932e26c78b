using Socle.Blueprints;
using Socle.Host;
using Socle.Imports;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Commands;

/// <summary>Makes the table of an import from the file, as a blueprint would; a dry run only shows it.</summary>
internal static class CreateTable
{
    /// <returns>The exit code where the import ends here; null where it goes on.</returns>
    public static async Task<int?> Run(Database database, SourceFile source, ImportRequest request, string table, CancellationToken cancellation)
    {
        var yaml = TableProposal.Write(source, table);
        if (yaml.IsFault)
            return ExitCodes.Refuse(yaml.Faults);
        var blueprint = BlueprintReader.Read(yaml.Value, $"{table}.yaml");
        if (blueprint.IsFault)
            return ExitCodes.Refuse(blueprint.Faults.Select(fault => fault with { Line = null }));
        Console.WriteLine(yaml.Value.TrimEnd());
        if (request.IsDryRun)
            return ExitCodes.Done;
        var applied = await ApplyBlueprint.Apply(database.Maintenance, blueprint.Value, withSample: false, cancellation);
        return applied.IsFault ? ExitCodes.Refuse(applied.Faults) : null;
    }

    /// <summary>--create would make something else of a table that is there.</summary>
    public static Fault Exists(string table) => new(
        FaultCode.Conflict,
        $"There is a table '{table}' already. Leave out --create to import into it.",
        $"La table « {table} » existe déjà. Retirez --create pour y importer.");
}
