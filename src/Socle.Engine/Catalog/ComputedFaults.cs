using Socle.FieldTypes;
using Socle.Kernel;

namespace Socle.Catalog;

/// <summary>Why a lookup or a rollup cannot be computed. The fault's field names the setting at fault.</summary>
internal static class ComputedFaults
{
    public static Fault NoReference(TableSnapshot table, string through, IEnumerable<string> references)
    {
        var (english, french) = Hint(through, references);
        return new(
            FaultCode.UnknownField,
            $"'{table.Name}' has no reference '{through}' that leads to a table.{english}",
            $"« {table.Name} » n'a pas de référence « {through} » qui mène à une table.{french}",
            "through");
    }

    public static Fault NoWayBack(TableSnapshot table, string through, IEnumerable<string> references)
    {
        var (english, french) = Hint(through, references);
        return new(
            FaultCode.UnknownField,
            $"'{through}' is no reference of another table to '{table.Name}': write 'table.field'.{english}",
            $"« {through} » n'est pas une référence d'une autre table vers « {table.Name} » : écrivez « table.champ ».{french}",
            "through");
    }

    public static Fault Function(ComputedField computed)
    {
        var (english, french) = Hint(computed.Settings.Function ?? "", RollupField.Functions);
        return new(FaultCode.InvalidValue, $"A rollup needs a 'function'.{english}", $"Un rollup a besoin d'une « function ».{french}", "function");
    }

    public static Fault NoField(ComputedField computed) => new(
        FaultCode.Required,
        $"'{computed.Name}' needs 'field': the field of the other table.",
        $"« {computed.Name} » a besoin de « field » : le champ de l'autre table.",
        "field");

    public static Fault UnknownField(TableSnapshot target, string name) => Unknown(target, name, target.Fields.Select(field => field.Name).Concat(target.Computed.Select(field => field.Name)), "field");

    public static Fault UnknownInWhere(TableSnapshot target, string name) => Unknown(target, name, target.Fields.Where(field => field.Way is null).Select(field => field.Name), "where");

    public static Fault Misfit(ComputedField computed, TableSnapshot target, FieldSnapshot source) => new(
        FaultCode.InvalidValue,
        $"'{computed.Settings.Function}' does not work on '{target.Name}.{source.Name}', which is of type {source.ColumnType.SqlName}.",
        $"« {computed.Settings.Function} » ne s'applique pas à « {target.Name}.{source.Name} », de type {source.ColumnType.SqlName}.",
        "function");

    public static Fault Circle(TableSnapshot table, ComputedField computed) => new(
        FaultCode.InvalidValue,
        $"'{table.Name}.{computed.Name}' would be computed from itself.",
        $"« {table.Name}.{computed.Name} » se calculerait à partir de lui-même.",
        "field");

    public static Fault Where(Text reason) => new(FaultCode.InvalidFilter, reason, "where");

    public static Fault EmptyWhere() => new(
        FaultCode.InvalidFilter,
        "'where' holds no condition, such as status=eq.signed.",
        "« where » ne contient aucune condition, comme status=eq.signed.",
        "where");

    public static Fault Related(TableSnapshot target, string relation) => new(
        FaultCode.InvalidFilter,
        $"'where' asks for fields of '{target.Name}' itself, not for those of '{relation}'.",
        $"« where » porte sur les champs de « {target.Name} » même, pas sur ceux de « {relation} ».",
        "where");

    public static Fault Placeholder() => new(
        FaultCode.InvalidFilter,
        "'where' is the same for everybody: {user.…} stands in policies only.",
        "« where » est le même pour tous : {user.…} ne figure que dans les règles d'accès.",
        "where");

    private static Fault Unknown(TableSnapshot target, string name, IEnumerable<string> known, string setting)
    {
        var (english, french) = Hint(name, known);
        return new(FaultCode.UnknownField, $"'{target.Name}' has no field '{name}'.{english}", $"« {target.Name} » n'a pas de champ « {name} ».{french}", setting);
    }

    private static (string English, string French) Hint(string name, IEnumerable<string> known)
    {
        var names = known.Take(40).ToList();
        if (Suggestion.Find(name, names) is { } near)
            return ($" Did you mean '{near}'?", $" Vouliez-vous dire « {near} » ?");
        return names.Count == 0 ? ("", "") : ($" There is: {string.Join(", ", names)}.", $" Il y a : {string.Join(", ", names)}.");
    }
}
