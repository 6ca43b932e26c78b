using System.Text;
using Socle.Postgres;

namespace Socle.Rules;

/// <summary>
/// What the database does with the rules of one table: a trigger's body that sets values and tells all that a record breaks at once,
/// and constraints that hold whatever becomes of the trigger.
/// </summary>
internal static class RuleTrigger
{
    /// <summary>Marks the trigger's refusal among others.</summary>
    public const string Refusal = "socle_rules";

    public static string? Body(RuleSet set)
    {
        var needsJudgement = set.Rules.Any(rule => !rule.Require.IsEmpty || !rule.Choices.IsEmpty || !rule.ReadOnly.IsEmpty);
        if (set.Setters.IsEmpty && !needsJudgement)
            return null;
        var sql = new StringBuilder("\nDECLARE\n    sent pg_catalog.record := NEW;\n    broken pg_catalog.text[] := '{}';\nBEGIN\n");
        foreach (var rule in set.Setters)
        {
            sql.Append("    IF ").Append(RuleSql.IsActive(rule, "NEW.")).Append(" THEN\n");
            foreach (var value in rule.Set)
                sql.Append("        ").Append(RuleSql.Column(value.Field, "NEW.")).Append(" := ").Append(RuleSql.Constant(value)).Append(";\n");
            sql.Append("    END IF;\n");
        }

        foreach (var rule in set.Rules)
            Judge(sql, set, rule);
        sql.Append($"""
                IF pg_catalog.cardinality(broken) OPERATOR(pg_catalog.>) 0 THEN
                    RAISE check_violation USING
                        MESSAGE = pg_catalog.format('a rule of "%s" refuses this record', TG_TABLE_NAME),
                        HINT = '[' OPERATOR(pg_catalog.||) pg_catalog.array_to_string(broken, ',') OPERATOR(pg_catalog.||) ']',
                        CONSTRAINT = '{Refusal}', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
                END IF;
                RETURN NEW;
            END
            """);
        return sql.ToString();
    }

    /// <summary>The constraints of the rules.</summary>
    public static IEnumerable<RuleCheck> Checks(RuleSet set)
    {
        foreach (var rule in set.Rules)
        {
            foreach (var field in rule.Require)
                yield return new RuleCheck(rule, field, $"NOT {RuleSql.IsActive(rule, "")} OR {Required(set, field, "")}");
            foreach (var choices in rule.Choices)
                yield return new RuleCheck(rule, choices.Field, $"NOT {RuleSql.IsActive(rule, "")} OR {RuleSql.IsAllowed(choices, "")}");
        }
    }

    private static void Judge(StringBuilder sql, RuleSet set, CompiledRule rule)
    {
        if (!rule.Require.IsEmpty || !rule.Choices.IsEmpty)
        {
            sql.Append("    IF ").Append(RuleSql.IsActive(rule, "NEW.")).Append(" THEN\n");
            foreach (var field in rule.Require)
                Note(sql, rule, RuleEffect.Require, field, $"NOT ({Required(set, field, "NEW.")})");
            foreach (var choices in rule.Choices)
                Note(sql, rule, RuleEffect.Choices, choices.Field, $"NOT {RuleSql.IsAllowed(choices, "NEW.")}");
            sql.Append("    END IF;\n");
        }

        if (rule.ReadOnly.IsEmpty)
            return;
        sql.Append("    IF TG_OP OPERATOR(pg_catalog.=) 'UPDATE' THEN\n        IF ").Append(RuleSql.IsActive(rule, "OLD.")).Append(" THEN\n");
        foreach (var field in rule.ReadOnly)
            Note(sql, rule, RuleEffect.ReadOnly, field, $"{RuleSql.Differs(field, "sent.", "OLD.")} AND {RuleSql.Differs(field, "NEW.", "OLD.")}");
        sql.Append("        END IF;\n    END IF;\n");
    }

    private static void Note(StringBuilder sql, CompiledRule rule, RuleEffect effect, RuleField field, string isBroken) => sql
        .Append("        IF ").Append(isBroken).Append(" THEN\n            broken := pg_catalog.array_append(broken, pg_catalog.json_build_array(")
        .Append(Sql.Literal(rule.Rule.Id)).Append(", ").Append(Sql.Literal(BrokenRule.WordOf(effect))).Append(", ").Append(RuleSql.NameOf(field))
        .Append(")::pg_catalog.text);\n        END IF;\n");

    private static string Required(RuleSet set, RuleField field, string row) =>
        RuleSql.IsHidden(set, field, row) is { } hidden ? $"{hidden} OR {RuleSql.IsFilled(field, row)}" : RuleSql.IsFilled(field, row);
}

/// <param name="Expression">SQL that is false for a record which breaks it, and never null.</param>
internal sealed record RuleCheck(CompiledRule Rule, RuleField Field, string Expression);
