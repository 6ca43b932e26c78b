using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Records.Planning;

/// <summary>What planning refuses of {user.id} and the like, in words.</summary>
internal static class PlaceholderFaults
{
    public static Fault Operator(string field) => new(
        FaultCode.InvalidFilter,
        $"On '{field}' a placeholder such as {{user.id}} works with eq, neq, gt, gte, lt, lte and in.",
        $"Sur « {field} », un mot réservé comme {{user.id}} s'emploie avec eq, neq, gt, gte, lt, lte et in.",
        field);

    public static Fault Type(string field, string placeholder, PgType type) => new(
        FaultCode.InvalidFilter,
        $"'{field}' is of type {type.SqlName} and cannot be compared with {placeholder}: {{user.id}} is a uuid, the others are text.",
        $"« {field} » est de type {type.SqlName} et ne peut pas être comparé à {placeholder} : {{user.id}} est un uuid, les autres sont du texte.",
        field);

    public static Fault NotAlone(string field, string placeholder) => new(
        FaultCode.InvalidFilter,
        $"The filter on '{field}': {placeholder} stands alone, with nothing before or after it.",
        $"Le filtre sur « {field} » : {placeholder} s'écrit seul, sans rien avant ni après.",
        field);

    public static Fault Unknown(string field, string placeholder, IEnumerable<string> known)
    {
        var near = Suggestion.Find(placeholder, known);
        var all = string.Join(", ", known);
        return new(
            FaultCode.InvalidFilter,
            $"The filter on '{field}': there is no {placeholder}. " + (near is null ? $"There are {all}." : $"Did you mean {near}?"),
            $"Le filtre sur « {field} » : {placeholder} n'existe pas. " + (near is null ? $"Il y a {all}." : $"Vouliez-vous dire {near} ?"),
            field);
    }
}
