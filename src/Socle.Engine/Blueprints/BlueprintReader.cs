using System.Collections.Immutable;
using Socle.FieldTypes;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>
/// Takes the text of a blueprint file, gives the blueprint. Refuses with every fault of the file at
/// once, each with its line: what is not YAML, what is not a blueprint, and what PostgreSQL or the
/// API would refuse later.
/// </summary>
public static class BlueprintReader
{
    /// <param name="yaml">The text of the file.</param>
    /// <param name="fileName">What the faults call the file.</param>
    public static Result<Blueprint> Read(string yaml, string fileName)
    {
        var faults = new List<Fault>();
        var root = YamlTree.Read(yaml, faults);
        var blueprint = root is null ? null : Read(root, new NodeReader(faults), fileName, yaml);
        if (blueprint is null || faults.Count > 0)
            return faults.OrderBy(fault => fault.Line).ToList();
        return blueprint;
    }

    private static Blueprint? Read(YamlNode root, NodeReader reader, string fileName, string yaml)
    {
        if (root is not YamlMap)
        {
            reader.Refuse(root.Line, "", $"{fileName} is not a blueprint: begin with 'blueprint: <name>'.", $"{fileName} n'est pas un blueprint : commencez par « blueprint: <nom> ».");
            return null;
        }

        var map = reader.ReadMap(root, "", BlueprintKeys.Document)!;
        var blueprint = new Blueprint(
            ReadName(map, reader),
            reader.ReadLabel(map.Find("label")?.Value, "label"),
            ReadTables(map, reader, out var declared),
            yaml)
        {
            Adopted = new AdoptedTableReader(reader).Read(map.Find("adopted"), declared),
            Settings = SettingDefaults.Read(map.Find("settings")?.Value, reader),
        };
        blueprint = ReadAccess(map, blueprint with { Tables = WithZone(blueprint) }, reader, declared);
        blueprint = blueprint with { Dashboards = new ViewReader(reader).ReadDashboards(map.Find("dashboards"), [.. declared, .. blueprint.Adopted.Select(table => table.Name)]) };
        CheckIds(blueprint.Tables, reader);
        new ReferenceChecks(reader, blueprint.Tables, declared).Check();
        new RelationChecks(blueprint, reader).Check();
        PolicyChecks.Check(blueprint, reader);
        ViewChecks.Check(blueprint, reader);
        return blueprint;
    }

    private static Blueprint ReadAccess(YamlMap map, Blueprint blueprint, NodeReader reader, IReadOnlyCollection<string> declared)
    {
        var roles = new RoleReader(reader);
        blueprint = blueprint with { Roles = roles.ReadRoles(map.Find("roles")) };
        return blueprint with { Policies = roles.ReadPolicies(map.Find("policies"), blueprint.Roles, [.. declared, .. blueprint.Adopted.Select(table => table.Name)]) };
    }

    /// <summary>Numbers go by the calendar of the place, where they do not say another.</summary>
    private static ImmutableArray<TableBlueprint> WithZone(Blueprint blueprint) => blueprint.Settings.GetValueOrDefault(SettingDefaults.TimeZone) is { } zone
        ? [.. blueprint.Tables.Select(table => table with { Fields = [.. table.Fields.Select(field => field is { Type: AutonumberField, Settings.TimeZone: null } ? field with { Settings = field.Settings with { TimeZone = zone } } : field)] })]
        : blueprint.Tables;

    /// <summary>An id stands for one thing.</summary>
    private static void CheckIds(ImmutableArray<TableBlueprint> tables, NodeReader reader)
    {
        Check(tables.Select(table => (table.Id, table.Line, $"tables.{table.Name}.id")));
        foreach (var table in tables)
            Check(table.Fields.Select(field => (field.Id, field.Line, $"tables.{table.Name}.fields.{field.Name}.id")));

        void Check(IEnumerable<(string? Id, int Line, string Path)> ids)
        {
            var seen = new HashSet<string>();
            foreach (var (id, line, path) in ids.Where(item => item.Id is not null))
            {
                if (!seen.Add(id!))
                    reader.Refuse(line, path, $"The id '{id}' is here twice: each stands for one thing.", $"L'id « {id} » figure deux fois : chacun désigne une seule chose.");
            }
        }
    }

    private static string ReadName(YamlMap map, NodeReader reader)
    {
        if (map.Find("blueprint") is not { } entry)
        {
            reader.Refuse(map.Line, "blueprint", "Say the blueprint's name: 'blueprint: my_firm'.", "Donnez le nom du blueprint : « blueprint: mon_entreprise ».");
            return "";
        }

        if (reader.ReadWord(entry.Value, "blueprint") is not { } name)
            return "";
        BlueprintNames.CheckName(name, entry.Line, "blueprint", reader);
        return name;
    }

    private static ImmutableArray<TableBlueprint> ReadTables(YamlMap map, NodeReader reader, out IReadOnlyCollection<string> declared)
    {
        var entries = map.Find("tables") is { } tables ? reader.ReadMap(tables.Value, "tables")?.Entries : [];
        if (entries is { IsEmpty: true } && map.Find("adopted") is null)
            reader.Refuse(map.Find("tables")?.Line ?? map.Line, "tables", "A blueprint needs at least one table.", "Un blueprint a besoin d'au moins une table.");
        declared = [.. (entries ?? []).Select(entry => entry.Key)];
        var tableReader = new TableReader(reader);
        return [.. (entries ?? []).Select(entry => tableReader.Read(entry, $"tables.{entry.Key}")).OfType<TableBlueprint>()];
    }
}
