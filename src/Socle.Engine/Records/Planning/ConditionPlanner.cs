using System.Collections.Immutable;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Records.Planning;

/// <summary>Resolves conditions and checks their operands against the fields' types. Null when refused; the fault is in the context.</summary>
internal sealed class ConditionPlanner(TableSnapshot table, int scope, Func<string, Embedded?> findEmbed, PlanContext context)
{
    public ConditionPlan? Plan(Condition condition) => condition switch
    {
        ConditionGroup group => new GroupPlan(group.IsOr, [.. group.Conditions.Select(Plan).OfType<ConditionPlan>()], group.Negated),
        Comparison comparison => PlanComparison(comparison),
        _ => null,
    };

    private ConditionPlan? PlanComparison(Comparison comparison)
    {
        var path = comparison.Field;
        if (table.FindField(path.Name) is null && path.Steps.IsEmpty && findEmbed(path.Name) is { } embedded)
            return PlanExists(comparison, embedded);
        if (new ValuePlanner(table, scope, context).Plan(path) is not { } value)
            return null;
        if (Check(comparison, value) is { } fault)
        {
            context.Add(fault);
            return null;
        }

        return new ComparisonPlan(path.Name, value, comparison.Operator, comparison.Operand, comparison.Negated);
    }

    private ExistsPlan? PlanExists(Comparison comparison, Embedded embedded)
    {
        if (comparison.Operand is IsOperand { Value: IsValue.Null or IsValue.NotNull } isNull)
            return new ExistsPlan(embedded.ToPlan(), (isNull.Value == IsValue.Null) != comparison.Negated);
        context.Add(PlanFaults.OnlyNullFilter(comparison.Field.Name));
        return null;
    }

    private static Fault? Check(Comparison comparison, ValuePlan value)
    {
        var name = comparison.Field.Name;
        var type = value.Type!;
        if (!OperatorRules.Allows(comparison.Operator, type))
            return PlanFaults.OperatorNotAllowed(name, Operators.All[(int)comparison.Operator].Name, type);
        if (comparison.Operand is IsOperand { Value: IsValue.True or IsValue.False or IsValue.Unknown } && type.Kind != PgKind.Boolean)
            return PlanFaults.OperatorNotAllowed(name, "is", type);
        if (comparison.Operator is Operator.Like or Operator.ILike && Texts(comparison.Operand).Any(OperatorRules.EndsWithLoneBackslash))
            return PlanFaults.LoneBackslash(name);
        if (!OperatorRules.ComparesValues(comparison.Operator))
            return null;

        var field = ((ColumnSource)value.Source!).Field;
        var (fieldType, shape) = comparison.Field.Steps.IsEmpty
            ? (field.Type, field.Shape)
            : (FieldTypeRegistry.ForColumn(type), new FieldShape(type, FieldSettings.None));
        return Texts(comparison.Operand).All(text => fieldType.AcceptsText(text, type)) ? null : PlanFaults.InvalidOperand(name, fieldType.Expects(shape));
    }

    private static ImmutableArray<string> Texts(Operand operand) => operand switch
    {
        TextOperand text => [text.Value],
        ListOperand list => list.Values,
        _ => [],
    };
}
