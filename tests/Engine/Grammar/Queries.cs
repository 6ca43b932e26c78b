using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Socle.Grammar;

namespace Socle.Tests.Grammar;

/// <summary>Makes random trees that the dialect can say, with names and values full of its own signs.</summary>
internal static class Queries
{
    private static readonly string[] Fragments =
    [
        "a", "b", "Z", "é", "🏙", "هویت", "0", "7", "-1", " ", "  ", "\t", "\n", "\u00a0", ".", ",", ":", "::", "(", ")", "{", "}", "[", "]", "\"", "\\", "'",
        "-", ">", "->", "->>", "*", "%", "%41", "+", "&", "=", "#", "?", "!", "/", ";", "|", "null", "NULL", "not", "not.", "or", "and", "order", "limit",
        "select", "count", "inner", "left", "eq.", "in.(", "is.null", "...", "_", "$", "@", "\u007f", "\u2028",
    ];

    private static readonly string[] Types = ["text", "int", "double precision", "numeric(10,2)", "int[]", "timestamp(3) with time zone", "_text", "période"];

    public static Gen<string> Text { get; } = Gen.Elements(Fragments).ListOf(0, 6).Select(string.Concat);

    public static Gen<string> Name { get; } = Gen.Frequency(
        (6, Gen.Elements(Fragments).ListOf(1, 4).Select(string.Concat)),
        (1, Gen.Elements("count", "inner", "left", "not", "or", "and", "select", "order", "limit", "offset", "q", "columns", "on_conflict", "null", "7", "-1")));

    public static Gen<RecordQuery> Query { get; } =
        from scope in Scope(3, isRoot: true)
        from search in Maybe(Text.Where(text => !string.IsNullOrWhiteSpace(text)))
        from count in MaybeValue(Gen.Elements(Enum.GetValues<CountKind>()))
        from onConflict in Array(Name, 0, 2)
        from columns in Array(Name, 0, 2)
        select new RecordQuery(scope, search, count, onConflict, columns);

    public static Gen<ImmutableArray<Condition>> Conditions { get; } = Array(Condition(3), 0, 4);

    public static Gen<Condition> Condition(int depth) => depth == 0
        ? Comparison
        : Gen.Frequency(
            (4, Comparison),
            (1, from isOr in Flag
                from negated in Flag
                from conditions in Array(Condition(depth - 1), 1, 3)
                select (Condition)new ConditionGroup(isOr, conditions, negated)));

    private static Gen<bool> Flag => Gen.Elements(true, false);

    private static Gen<JsonStep> Step =>
        from asText in Flag
        from step in Gen.OneOf(Text.Select(key => new JsonStep(key, null, asText)), Gen.Choose(-3, 300).Select(index => new JsonStep(null, index, asText)))
        select step;

    private static Gen<FieldPath> Field =>
        from name in Name
        from steps in Gen.Frequency((3, Gen.Constant(ImmutableArray<JsonStep>.Empty)), (1, Array(Step, 1, 3)))
        select new FieldPath(name, steps);

    private static Gen<Condition> Comparison =>
        from column in Field
        from syntax in Gen.Elements(Operators.All.AsEnumerable())
        from operand in Operand(syntax)
        from negated in Flag
        select (Condition)new Comparison(column, syntax.Operator, operand, negated);

    private static Gen<Operand> Operand(OperatorSyntax syntax) => syntax.Operand switch
    {
        OperandKind.List => Array(Text, 0, 4).Select(values => (Operand)new ListOperand(values, Quantifier.Any)),
        OperandKind.Is => Gen.Elements(Enum.GetValues<IsValue>()).Select(value => (Operand)new IsOperand(value)),
        OperandKind.Search => from words in Text from configuration in Maybe(Name) select (Operand)new SearchOperand(words, configuration),
        _ when syntax.TakesQuantifier => Gen.OneOf(
            Text.Select(value => (Operand)new TextOperand(value)),
            from values in Array(Text, 0, 3) from quantifier in Gen.Elements(Quantifier.Any, Quantifier.All) select (Operand)new ListOperand(values, quantifier)),
        _ => Text.Select(value => (Operand)new TextOperand(value)),
    };

    private static Gen<QueryScope> Scope(int depth, bool isRoot) =>
        from items in Array(Item(depth), isRoot ? 1 : 0, 3)
        from conditions in Array(Condition(2), 0, 2)
        from order in Array(Term, 0, 2)
        from limit in MaybeValue(Gen.Choose(0, 1000).Select(number => (long)number))
        from offset in MaybeValue(Gen.Choose(0, 1000).Select(number => (long)number))
        select new QueryScope(Distinct(items), conditions, order, limit, offset);

    /// <summary>Two embeds of one name cannot be addressed apart.</summary>
    private static ImmutableArray<SelectItem> Distinct(ImmutableArray<SelectItem> items) =>
        [.. items.DistinctBy(item => item is SelectEmbed embed ? embed.Name : (object)item, EqualityComparer<object>.Default)];

    private static Gen<SelectItem> Item(int depth) => depth == 0
        ? Gen.OneOf(Gen.Constant<SelectItem>(new SelectStar()), Column, RowCount)
        : Gen.Frequency((1, Gen.Constant<SelectItem>(new SelectStar())), (3, Column), (1, RowCount), (2, Embed(depth - 1)));

    private static Gen<SelectItem> Column =>
        from column in Field
        from alias in Maybe(Name)
        from cast in Maybe(Gen.Elements(Types))
        from aggregate in MaybeValue(Gen.Elements(Enum.GetValues<Aggregate>()))
        from aggregateCast in Maybe(Gen.Elements(Types))
        from period in MaybeValue(Gen.Elements(Enum.GetValues<Period>()))
        select (SelectItem)new SelectField(column, alias, cast, aggregate, aggregate is null ? null : aggregateCast, aggregate is null ? period : null);

    private static Gen<SelectItem> RowCount =>
        from alias in Maybe(Name)
        from cast in Maybe(Gen.Elements(Types))
        select (SelectItem)new SelectField(null, alias, null, Aggregate.Count, cast);

    private static Gen<SelectItem> Embed(int depth) =>
        from target in Name
        from alias in Maybe(Name)
        from hint in Maybe(Name)
        from kind in Gen.Elements(EmbedJoin.Left, EmbedJoin.Inner)
        from spread in Flag
        from scope in Scope(depth, isRoot: false)
        select (SelectItem)new SelectEmbed(target, scope, spread ? null : alias, hint, kind, spread);

    private static Gen<OrderTerm> Term =>
        from column in Field
        from down in Flag
        from nullsFirst in MaybeValue(Flag)
        from relation in Maybe(Name)
        from period in MaybeValue(Gen.Elements(Enum.GetValues<Period>()))
        select new OrderTerm(column, down, nullsFirst, relation, relation is null ? period : null);

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : class => Gen.OneOf(Gen.Constant<T?>(null), gen.Select(value => (T?)value));

    private static Gen<T?> MaybeValue<T>(Gen<T> gen)
        where T : struct => Gen.OneOf(Gen.Constant<T?>(null), gen.Select(value => (T?)value));

    private static Gen<ImmutableArray<T>> Array<T>(Gen<T> gen, int least, int most) => gen.ListOf(least, most).Select(items => items.ToImmutableArray());

    private static Gen<IList<T>> ListOf<T>(this Gen<T> gen, int least, int most) =>
        Gen.Choose(least, most).SelectMany(count => gen.ListOf(count).Select(items => (IList<T>)[.. items]));
}
