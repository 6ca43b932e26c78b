using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Schema;

/// <summary>
/// Finds fields that would leave or change their type while a computed column looks at them that nobody speaks of: PostgreSQL would refuse
/// without saying which, or compute with what is gone. Pure.
/// </summary>
internal static class HeldFields
{
    public static ImmutableArray<Fault> Find(string blueprint, IReadOnlyList<TableShape> desired, IReadOnlyList<TableShape> actual) =>
    [
        .. from table in Identities.OfTables(blueprint, desired, actual)
           let fields = Identities.OfFields(table.Key, table.Value).ToDictionary(match => match.Value, match => match.Key)
           from formula in table.Value.Columns
           where formula.Generated is not null && !fields.ContainsKey(formula.Name) && table.Value.Metadata?.FindField(formula.Name)?.MadeBy != blueprint
           from input in formula.Inputs
           let wanted = fields.TryGetValue(input, out var name) ? table.Key.FindColumn(name) : null
           let isLeaving = wanted is null && table.Value.Metadata?.FindField(input)?.MadeBy == blueprint
           where isLeaving || (wanted is not null && wanted.Type != table.Value.FindColumn(input)!.Type)
           select Refuse(table.Value.Name, input, formula.Name, isLeaving),
    ];

    private static Fault Refuse(string table, string field, string formula, bool isLeaving) => new(
        FaultCode.Conflict,
        $"Will not {(isLeaving ? "drop" : "change the type of")} {table}.{field}: {table}.{formula} is computed from it. Change or drop {formula} first. Nothing was changed.",
        $"{table}.{field} ne sera pas {(isLeaving ? "supprimé" : "changé de type")} : {table}.{formula} se calcule à partir de lui. Modifiez ou supprimez d'abord {formula}. Rien n'a été modifié.",
        $"tables.{table}.fields.{field}");
}
