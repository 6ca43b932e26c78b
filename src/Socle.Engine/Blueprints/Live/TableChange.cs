using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Blueprints.Live;

/// <summary>What is to become of one table.</summary>
/// <param name="Before">The table as it is; null for one that is to be made.</param>
/// <param name="After">As it shall be; null for one that is to go.</param>
/// <param name="Origins">The name that each field that stays has now, by its name afterwards.</param>
/// <param name="Live">All tables as they are.</param>
internal sealed record TableChange(LiveTable? Before, TableBlueprint? After, IReadOnlyDictionary<string, string> Origins, ImmutableArray<LiveTable> Live)
{
    /// <summary>The tables that stay as they are, in a blueprint's words.</summary>
    public IEnumerable<TableBlueprint> Others => Live.Where(other => other.Name != Before?.Name && other.Name != After?.Name).Select(other => other.Blueprint).OfType<TableBlueprint>();

    /// <summary>Reads the draft as a blueprint's table among those that are there. Gives every fault at once, with its path in the body.</summary>
    public static Result<TableChange> Read(TableDraft draft, ImmutableArray<LiveTable> live)
    {
        var faults = draft.Faults.ToList();
        if (draft.Before is null && live.Any(other => other.Shape?.Metadata?.Key == draft.Name))
            draft.Keys["id"] ??= FreeKey(draft.Name, live);
        var found = new List<Fault>();
        var table = draft.Name.Length == 0 ? null : new TableReader(new NodeReader(found)).Read(new YamlEntry(draft.Name, JsonTree.Read(draft.Keys), 0), "");
        if (table is not null)
            CheckOthers(table, draft, live, found);
        faults.AddRange(found.Select(fault => InBody(fault, draft.Name)));
        if (table is not null)
            faults.AddRange(FindTaken(table, draft, live));
        return faults.Count > 0 ? faults : new TableChange(draft.Before, table, Origin(table!, draft), live);
    }

    /// <summary>References and names that meet, judged with the other tables; what is wrong with those is not this change's.</summary>
    private static void CheckOthers(TableBlueprint table, TableDraft draft, ImmutableArray<LiveTable> live, List<Fault> faults)
    {
        var judged = new List<Fault>();
        var others = live.Where(other => other.Name != draft.Before?.Name && other.Name != table.Name).ToList();
        new ReferenceChecks(
            new NodeReader(judged),
            [.. others.Select(other => other.Blueprint).OfType<TableBlueprint>(), table],
            [.. others.Where(other => other.Shape is not null).Select(other => other.Name), table.Name]).Check();
        new RelationChecks(new Blueprint("", null, [.. others.Select(other => other.Blueprint).OfType<TableBlueprint>(), table]), new NodeReader(judged)).Check();
        faults.AddRange(judged.Where(fault => fault.Field == $"tables.{table.Name}" || fault.Field!.StartsWith($"tables.{table.Name}.", StringComparison.Ordinal)));
    }

    private static Fault InBody(Fault fault, string name)
    {
        var path = fault.Field ?? "";
        var prefix = $"tables.{name}";
        if (path == prefix || path.StartsWith(prefix + ".", StringComparison.Ordinal))
            path = path[prefix.Length..].TrimStart('.');
        return fault with
        {
            Code = fault.Code == FaultCode.InvalidBlueprint ? FaultCode.InvalidValue : fault.Code,
            Field = path.Length == 0 ? "name" : path,
            Line = null,
        };
    }

    /// <summary>Names that something else in the database bears.</summary>
    private static IEnumerable<Fault> FindTaken(TableBlueprint table, TableDraft draft, ImmutableArray<LiveTable> live)
    {
        if (table.Name != draft.Before?.Name && live.Any(other => other.Name == table.Name))
            yield return new Fault(FaultCode.Conflict, $"There is a table '{table.Name}' already.", $"Il y a déjà une table « {table.Name} ».", "name");
        if (draft.Before?.Shape is not { } shape)
            yield break;
        var known = draft.Before.Blueprint!.Fields.Select(field => field.Name).ToHashSet();
        foreach (var field in table.Fields.Where(field => shape.FindColumn(field.Name) is not null && !known.Contains(field.Name)))
        {
            yield return new Fault(
                FaultCode.Conflict,
                $"The database has a column '{field.Name}' already, which this API does not change.",
                $"La base a déjà une colonne « {field.Name} », que cette API ne modifie pas.",
                $"fields.{field.Name}");
        }
    }

    /// <summary>Fields that every table has are what they were, where they were.</summary>
    private static Dictionary<string, string> Origin(TableBlueprint table, TableDraft draft)
    {
        var names = table.Fields.Select(field => field.Name).ToHashSet();
        return draft.Fields.Origins.Where(origin => names.Contains(origin.Key)).ToDictionary(origin => origin.Key, origin => origin.Value);
    }

    private static string FreeKey(string name, ImmutableArray<LiveTable> live)
    {
        var taken = live.Select(other => other.Shape?.Metadata?.Key).ToHashSet();
        var key = name;
        for (var i = 2; taken.Contains(key); i++)
            key = $"{(name.Length > 58 ? name[..58] : name)}_{i}";
        return key;
    }
}
