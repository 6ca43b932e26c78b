using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Blueprints.Live;

/// <summary>Finds what a request to change the schema speaks of, by its name in the database or in camelCase; says what is missing.</summary>
internal static class EditTargets
{
    public static Result<LiveTable> Table(ImmutableArray<LiveTable> live, string name)
    {
        if ((live.FirstOrDefault(table => table.Name == name) ?? live.FirstOrDefault(table => ApiNames.ToCamelCase(table.Name) == name)) is { } found)
            return found;
        var hint = Hint(name, live.Select(table => table.Name));
        return new Fault(
            FaultCode.NotFound,
            $"There is no table '{Clip(name)}'.{hint.English} GET /api/schema/tables lists them.",
            $"Il n'y a pas de table « {Clip(name)} ».{hint.French} GET /api/schema/tables les liste.");
    }

    /// <summary>The field's own name; the name that was asked for where there is no such field, which is then refused.</summary>
    public static string Field(TableDraft draft, string name)
    {
        var names = draft.Before!.Blueprint!.Fields.Select(field => field.Name).Concat(draft.Before.Gaps.Select(gap => gap.Field).OfType<string>()).ToList();
        return names.Contains(name) ? name : names.Find(known => ApiNames.ToCamelCase(known) == name) ?? name;
    }

    /// <summary>There is none of that name, or none that can be changed.</summary>
    public static Fault NoField(LiveTable table, string name)
    {
        if (table.Blueprint!.FindField(name) is not null)
        {
            return new Fault(
                FaultCode.Conflict,
                $"Every table has '{name}': it stays as it is. Change the table's 'key' or 'timestamps' to do without.",
                $"Toute table a « {name} » : il reste tel quel. Changez « key » ou « timestamps » de la table pour vous en passer.");
        }

        if (table.Gaps.FirstOrDefault(gap => gap.Field == name) is { } gap)
            return new Fault(FaultCode.Conflict, $"The column '{name}' cannot be changed here: {gap.Reason.English}", $"La colonne « {name} » ne se modifie pas ici : {gap.Reason.French}");
        var hint = Hint(name, table.Blueprint.Fields.Select(field => field.Name));
        return new Fault(
            FaultCode.NotFound,
            $"The table '{table.Name}' has no field '{Clip(name)}'.{hint.English}",
            $"La table « {table.Name} » n'a pas de champ « {Clip(name)} ».{hint.French}");
    }

    public static Fault NotEditable(LiveTable table) => new(
        FaultCode.Conflict,
        $"'{table.Name}' cannot be changed here: {table.WhyNot!.Value.English}",
        $"« {table.Name} » ne se modifie pas ici : {table.WhyNot!.Value.French}");

    /// <summary>The faults of a body that is one field's have their paths in it.</summary>
    public static Result<SchemaEdit> OfField(Result<SchemaEdit> edit, string name, string after)
    {
        if (!edit.IsFault)
            return edit.Value with { Field = after };
        var prefix = $"fields.{name}";
        return edit.Faults.Select(fault => fault with { Field = fault.Field == prefix || fault.Field == "fields.name" ? "name" : InField(fault.Field, prefix + ".") }).ToList();
    }

    private static string? InField(string? path, string prefix) => path?.StartsWith(prefix, StringComparison.Ordinal) == true ? path[prefix.Length..] : path;

    private static Text Hint(string name, IEnumerable<string> known) => Suggestion.Find(name, known) is { } near ? new($" Did you mean '{near}'?", $" Vouliez-vous dire « {near} » ?") : new("", "");

    private static string Clip(string name) => name.Length <= 60 ? name : name[..60] + "…";
}
