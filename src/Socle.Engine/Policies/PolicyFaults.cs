using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Policies;

/// <summary>What is refused of roles and policies, in words.</summary>
internal static class PolicyFaults
{
    public static Fault EmptyFilter() => new(
        FaultCode.InvalidFilter,
        "The filter is empty. Give at least one condition, such as owner_id=eq.{user.id}, or leave it out to allow every record.",
        "Le filtre est vide. Donnez au moins une condition, par exemple owner_id=eq.{user.id}, ou omettez-le pour autoriser tous les enregistrements.",
        "filter");

    public static Fault Refused() => new(
        FaultCode.InvalidFilter,
        "PostgreSQL does not take the filter: look at its values, such as those of a list of choices.",
        "PostgreSQL n'accepte pas le filtre : vérifiez ses valeurs, par exemple celles d'une liste de choix.",
        "filter");

    public static Fault NotATable(TableSnapshot table) => new(
        FaultCode.InvalidFilter,
        $"'{table.Name}' is no table but a view or a foreign table, which PostgreSQL shows wholly or not at all. Leave the filter out, and filter the tables that a view reads.",
        $"« {table.Name} » n'est pas une table mais une vue ou une table étrangère, que PostgreSQL montre en entier ou pas du tout. Omettez le filtre, et filtrez les tables que lit la vue.",
        "filter");

    public static Fault UnknownFields(TableSnapshot table, string field)
    {
        var near = Suggestion.Find(field, table.Fields.Select(known => known.Name));
        return new(
            FaultCode.UnknownField,
            $"'{table.Name}' has no field '{field}'." + (near is null ? "" : $" Did you mean '{near}'?"),
            $"« {table.Name} » n'a pas de champ « {field} »." + (near is null ? "" : $" Vouliez-vous dire « {near} » ?"),
            "fields");
    }

    public static Fault MayNotRead(string role, TableSnapshot table, string field) => new(
        FaultCode.InvalidFilter,
        $"The filter looks at '{table.Name}.{field}', which the role '{role}' may not read. Let it read that, or filter by something else.",
        $"Le filtre regarde « {table.Name}.{field} », que le rôle « {role} » ne peut pas lire. Autorisez-le à le lire, ou filtrez autrement.",
        "filter");

    public static Fault Circle(string role, TableSnapshot table, IEnumerable<TableSnapshot> way)
    {
        var text = string.Join(" → ", way.Select(step => step.Name));
        return new(
            FaultCode.InvalidFilter,
            $"The filters of the role '{role}' lead in a circle: {text}. What it may see in '{table.Name}' cannot depend on what it may see there.",
            $"Les filtres du rôle « {role} » tournent en rond : {text}. Ce qu'il voit dans « {table.Name} » ne peut pas dépendre de ce qu'il y voit.",
            "filter");
    }
}
