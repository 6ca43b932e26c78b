using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Records.Planning;

/// <summary>
/// Takes conditions on one row of a table, gives their plan: names resolved, ways through relations found, placeholders such as
/// {user.id} become what PostgreSQL knows of the caller. Refuses what a query would refuse, and placeholders that do not fit;
/// every fault is gathered.
/// </summary>
/// <param name="snapshot">The tables.</param>
/// <param name="role">Whose conditions they are: what {user.role} stands for.</param>
public sealed partial class RowPlanner(CatalogSnapshot snapshot, string role)
{
    private readonly PlanContext _context = new();
    private readonly HashSet<RowUse> _uses = [];
    private readonly HashSet<TableSnapshot> _ways = [];
    private string _relation = "";

    /// <summary>The placeholders, and what stands for each.</summary>
    private static readonly ImmutableDictionary<string, string> Placeholders = ImmutableDictionary.CreateRange<string, string>(
    [
        new("{user.id}", "socle_system.caller_id()"),
        new("{user.email}", "socle_system.caller_email()"),
        new("{user.name}", "socle_system.caller_name()"),
        new("{user.role}", ""),
    ]);

    /// <summary>The fields that the conditions look at, of the row itself and of related ones.</summary>
    public ImmutableArray<RowUse> Uses => [.. _uses];

    /// <summary>The tables that the conditions lead to.</summary>
    public ImmutableArray<TableSnapshot> Ways => [.. _ways];

    public Result<ImmutableArray<ConditionPlan>> Plan(TableSnapshot table, ImmutableArray<Condition> conditions)
    {
        _relation = table.Names.Relation;
        var plans = Plan(table, ScopePlan.Row, conditions);
        return _context.Faults.Count > 0 ? _context.Faults : plans;
    }

    private ImmutableArray<ConditionPlan> Plan(TableSnapshot table, int scope, IEnumerable<Condition> conditions) =>
        [.. conditions.Select(condition => Plan(table, scope, condition)).OfType<ConditionPlan>()];

    private ConditionPlan? Plan(TableSnapshot table, int scope, Condition condition) => condition switch
    {
        ConditionGroup group => new GroupPlan(group.IsOr, Plan(table, scope, group.Conditions), group.Negated),
        RelatedCondition related => PlanRelated(table, scope, related),
        Comparison comparison => PlanComparison(table, scope, comparison),
        _ => null,
    };

    private ExistsPlan? PlanRelated(TableSnapshot table, int scope, RelatedCondition related)
    {
        var found = RelationFinder.Get(snapshot, table, new SelectEmbed(related.Relation, QueryScope.Everything));
        if (found.IsFault)
        {
            _context.Add(found.Faults);
            return null;
        }

        var relation = found.Value;
        _ways.Add(relation.Target);
        Use(table, relation.Columns.Select(pair => pair.Own));
        if (relation.Junction is { } junction)
        {
            _ways.Add(junction.Table);
            Use(junction.Table, relation.Columns.Select(pair => pair.Other).Concat(junction.Columns.Select(pair => pair.Own)));
            Use(relation.Target, junction.Columns.Select(pair => pair.Other));
        }
        else
        {
            Use(relation.Target, relation.Columns.Select(pair => pair.Other));
        }

        var number = NextScope();
        return Plan(relation.Target, number, related.Condition) is { } inner
            ? new ExistsPlan(new EmbedPlan(related.Relation, scope, relation, new ScopePlan(number, relation.Target, [], [inner], [], []), IsInner: false, IsSpread: false, []), Negated: false)
            : null;
    }

    /// <summary>Numbers whose aliases the row's own name is not.</summary>
    private int NextScope()
    {
        var number = _context.NextScope();
        return _relation == $"t{number}" || _relation == $"j{number}" ? _context.NextScope() : number;
    }

    private ConditionPlan? PlanComparison(TableSnapshot table, int scope, Comparison comparison)
    {
        if (table.FindField(comparison.Field.Name) is { } field)
        {
            Use(table, [field.Name]);
            if (field.Way is not null)
            {
                _context.Add(PlanFaults.Computed(table, field));
                return null;
            }
        }

        var operands = Texts(comparison.Operand);
        if (!operands.Any(text => Placeholder().IsMatch(text)))
            return new ConditionPlanner(table, scope, _ => null, _context).Plan(comparison);
        var faults = operands.Select(text => Check(comparison.Field.Name, text)).OfType<Fault>().ToList();
        _context.Add(faults);
        if (faults.Count > 0 || new ValuePlanner(table, scope, _context).Plan(comparison.Field) is not { } value)
            return null;
        // isdistinct would hold for nobody in particular, who has no id.
        if (!OperatorRules.ComparesValues(comparison.Operator) || comparison.Operator is Operator.IsDistinct or Operator.Contains or Operator.ContainedIn or Operator.Overlaps || !OperatorRules.Allows(comparison.Operator, value.Type!))
        {
            _context.Add(PlaceholderFaults.Operator(comparison.Field.Name));
            return null;
        }

        return PlanPlaceholders(table, scope, comparison, value, operands);
    }

    /// <summary>A list with a placeholder is compared member by member.</summary>
    private ConditionPlan? PlanPlaceholders(TableSnapshot table, int scope, Comparison comparison, ValuePlan value, ImmutableArray<string> operands)
    {
        var single = comparison.Operator == Operator.In ? Operator.Equal : comparison.Operator;
        var members = ImmutableArray.CreateBuilder<ConditionPlan>();
        foreach (var text in operands)
        {
            if (!Placeholders.ContainsKey(text))
            {
                if (new ConditionPlanner(table, scope, _ => null, _context).Plan(new Comparison(comparison.Field, single, new TextOperand(text))) is { } plain)
                    members.Add(plain);
            }
            else if (!Fits(text, value.Type!))
            {
                _context.Add(PlaceholderFaults.Type(comparison.Field.Name, text, value.Type!));
            }
            else
            {
                members.Add(new ComparisonPlan(comparison.Field.Name, value, single, new ExpressionOperand(Expression(text, value.Type!)), Negated: false));
            }
        }

        var isAll = comparison.Operand is ListOperand { Quantifier: Quantifier.All } && comparison.Operator != Operator.In;
        return members is [var one] && !comparison.Negated ? one : new GroupPlan(IsOr: !isAll, members.DrainToImmutable(), comparison.Negated);
    }

    private static bool Fits(string placeholder, PgType type) =>
        type.Kind == PgKind.Text || (type.Kind == PgKind.Uuid && placeholder == "{user.id}");

    /// <summary>As a subquery it is asked once for a whole statement, so that an index serves it.</summary>
    private string Expression(string placeholder, PgType type) => placeholder == "{user.role}"
        ? Sql.Literal(role)
        : type.Kind == PgKind.Uuid ? $"(SELECT {Placeholders[placeholder]})" : $"(SELECT CAST({Placeholders[placeholder]} AS {WithoutLength(type)}))";

    /// <summary>A value cut to the column's length would be another one; "character" alone is one letter.</summary>
    private static string WithoutLength(PgType type)
    {
        var name = type.BaseName ?? type.SqlName;
        var bare = name.IndexOf('(') is > 0 and var at ? name[..at] : name;
        return bare == "character" ? "bpchar" : bare;
    }

    private static Fault? Check(string field, string text)
    {
        if (Placeholders.ContainsKey(text) || Placeholder().Match(text) is not { Success: true } found)
            return null;
        return Placeholders.ContainsKey(found.Value)
            ? PlaceholderFaults.NotAlone(field, found.Value)
            : PlaceholderFaults.Unknown(field, found.Value, Placeholders.Keys.Order(StringComparer.Ordinal));
    }

    private void Use(TableSnapshot table, IEnumerable<string> columns) => _uses.UnionWith(columns.Select(column => new RowUse(table, column)));

    private static ImmutableArray<string> Texts(Operand operand) => operand switch
    {
        TextOperand text => [text.Value],
        ListOperand list => list.Values,
        SearchOperand search => [search.Query],
        _ => [],
    };

    [GeneratedRegex(@"\{user\.[^{}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}

/// <summary>A field that conditions look at.</summary>
public readonly record struct RowUse(TableSnapshot Table, string Field);
