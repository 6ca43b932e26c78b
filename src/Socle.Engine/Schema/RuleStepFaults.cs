using System.Text.Json;
using Npgsql;
using Socle.Kernel;
using Socle.Rules;

namespace Socle.Schema;

/// <summary>What stands in the way of a change of rules, in words.</summary>
internal static class RuleStepFaults
{
    /// <summary>As 0011_rules.sql marks its refusals.</summary>
    private const string StoredRecords = "socle_rules_stored";

    private const string HeldField = "socle_rules_field";

    public static Fault? Find(string? table, PostgresException exception) => exception.ConstraintName switch
    {
        StoredRecords => Stored(table, exception.Hint!),
        RuleTrigger.Refusal => BrokenBySample(table ?? exception.TableName, exception.Hint ?? "[]"),
        HeldField => Held(table ?? "?", exception.ColumnName ?? "?", exception.Hint ?? "?"),
        _ => null,
    };

    public static Fault Held(string table, string field, string rules) => new(
        FaultCode.Conflict,
        $"'{table}.{field}' cannot go: the rules {rules} use it. Delete or change them first.",
        $"« {table}.{field} » ne peut pas partir : les règles {rules} l'utilisent. Supprimez-les ou modifiez-les d'abord.",
        field);

    private static Fault BrokenBySample(string? table, string hint)
    {
        using var json = JsonDocument.Parse(hint);
        var broken = string.Join(", ", json.RootElement.EnumerateArray().Select(item => $"{item[0]} ({item[2]})"));
        return new Fault(
            FaultCode.Conflict,
            $"A record that would be written breaks rules of '{table}': {broken}. Correct it. Nothing was changed.",
            $"Un enregistrement à écrire enfreint des règles de « {table} » : {broken}. Corrigez-le. Rien n'a été modifié.",
            table);
    }

    private static Fault Stored(string? table, string detail)
    {
        using var json = JsonDocument.Parse(detail);
        var english = new List<string>();
        var french = new List<string>();
        foreach (var broken in json.RootElement.EnumerateArray())
        {
            var (rule, field) = (broken.GetProperty("rule").GetString(), broken.GetProperty("field").GetString());
            var count = broken.GetProperty("count").GetInt64();
            var ids = string.Join(", ", broken.GetProperty("ids").EnumerateArray().Select(id => id.GetString()));
            english.Add($"{count} stored {(count == 1 ? "record breaks" : "records break")} the rule '{rule}' in '{field}'" + (ids.Length == 0 ? "." : $", with the {(count == 1 ? "id" : count > 10 ? "ids (the first ten)" : "ids")} {ids}."));
            french.Add($"{count} {(count == 1 ? "enregistrement enfreint" : "enregistrements enfreignent")} la règle « {rule} » dans « {field} »" + (ids.Length == 0 ? "." : $", {(count == 1 ? "d'id" : count > 10 ? "d'ids (les dix premiers)" : "d'ids")} {ids}."));
        }

        return new Fault(
            FaultCode.Conflict,
            $"{string.Join(' ', english)} Correct them, or let the rule hold for new writes only with existing: keep. Nothing was changed.",
            $"{string.Join(' ', french)} Corrigez-les, ou faites valoir la règle pour les nouvelles écritures seulement avec existing: keep. Rien n'a été modifié.",
            table);
    }
}
