using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Records.Planning;

/// <summary>What planning refuses, in words.</summary>
internal static class PlanFaults
{
    public static Fault UnknownField(TableSnapshot table, string name, string? path = null)
    {
        var near = Suggestion.Find(name, table.Fields.SelectMany(field => new[] { field.ApiName, field.Name }));
        return new(
            FaultCode.UnknownField,
            near is null
                ? $"'{table.Name}' has no field '{name}'. Its fields: {List(table)}."
                : $"'{table.Name}' has no field '{name}'. Did you mean '{near}'?",
            near is null
                ? $"« {table.Name} » n'a pas de champ « {name} ». Ses champs : {List(table)}."
                : $"« {table.Name} » n'a pas de champ « {name} ». Vouliez-vous dire « {near} » ?",
            path ?? name);
    }

    public static Fault Computed(TableSnapshot table, FieldSnapshot field) => new(
        FaultCode.InvalidFilter,
        $"'{table.Name}.{field.Name}' is computed from other tables, so a condition that the database keeps cannot look at it.",
        $"« {table.Name}.{field.Name} » se calcule à partir d'autres tables : une condition tenue par la base ne peut pas le regarder.",
        field.ApiName);

    public static Fault UnknownRelation(TableSnapshot table, string target, string? hint, IEnumerable<Relation> relations)
    {
        var near = Suggestion.Find(target, relations.Select(relation => relation.Target.Name).Distinct());
        var known = string.Join(", ", relations.Select(relation => relation.Target.Name).Distinct());
        var asked = hint is null ? target : $"{target}!{hint}";
        return new(
            FaultCode.UnknownField,
            $"'{table.Name}' has no relation '{asked}'." + (near is not null ? $" Did you mean '{near}'?" : known.Length > 0 ? $" It is related to: {known}." : " No foreign key links it to another table."),
            $"« {table.Name} » n'a pas de relation « {asked} »." + (near is not null ? $" Vouliez-vous dire « {near} » ?" : known.Length > 0 ? $" Elle est liée à : {known}." : " Aucune clé étrangère ne la lie à une autre table."),
            target);
    }

    public static Fault AmbiguousRelation(TableSnapshot table, string target, IEnumerable<Relation> candidates)
    {
        var spellings = string.Join(", ", candidates.Select(relation => $"{relation.Target.Name}!{Hint(table, relation)}"));
        return new(
            FaultCode.AmbiguousRelation,
            $"'{table.Name}' is related to '{target}' in more than one way. Choose one: {spellings}.",
            $"« {table.Name} » est liée à « {target} » de plusieurs façons. Choisissez : {spellings}.",
            target);
    }

    public static Fault OperatorNotAllowed(string field, string op, PgType type) => new(
        FaultCode.InvalidFilter,
        $"The operator '{op}' does not work on '{field}', which is of type {type.SqlName}.",
        $"L'opérateur « {op} » ne s'applique pas à « {field} », de type {type.SqlName}.",
        field);

    public static Fault InvalidOperand(string field, Text expected) => new(
        FaultCode.InvalidValue,
        $"The filter on '{field}' expects {expected.English}.",
        $"Le filtre sur « {field} » attend {expected.French}.",
        field);

    /// <summary>What PostgreSQL said of a condition alone, for the field of the condition.</summary>
    public static Fault Refused(ComparisonPlan condition, Fault? fault) => condition.Operand switch
    {
        SearchOperand => new(
            FaultCode.InvalidFilter,
            $"The search on '{condition.Name}' is not valid: fts takes words joined by &, | and !, the other searches any text; the configuration in parentheses must exist, such as french or simple.",
            $"La recherche sur « {condition.Name} » n'est pas valide : fts prend des mots joints par &, | et !, les autres recherches tout texte ; la configuration entre parenthèses doit exister, par exemple french ou simple.",
            condition.Name),
        _ when fault is null or { Code: FaultCode.InvalidValue } => InvalidOperand(condition.Name, Expected(condition)),
        _ when fault is { Code: FaultCode.InvalidFilter } && !OperatorRules.IsPattern(condition.Operator) => OperatorNotAllowed(condition.Name, Operators.Of(condition.Operator).Name, condition.Value.Type!),
        _ => fault with { Field = condition.Name },
    };

    private static Text Expected(ComparisonPlan condition) =>
        condition.Value.Source is ColumnSource { Field: var field } ? field.Type.Expects(field.Shape) : default;

    public static Fault LoneBackslash(string field) => new(
        FaultCode.InvalidFilter,
        $"The pattern on '{field}' ends with a lone backslash. A backslash that means itself is doubled.",
        $"Le motif sur « {field} » se termine par une barre oblique inverse isolée. Une barre qui se désigne elle-même est doublée.",
        field);

    public static Fault NotSortable(ValuePlan value)
    {
        var name = ((ColumnSource)value.Source!).Field.ApiName;
        return new(
            FaultCode.InvalidFilter,
            $"'{name}' is of type {value.Type!.SqlName}, which has no order.",
            $"« {name} » est de type {value.Type.SqlName}, qui n'a pas d'ordre.",
            name);
    }

    public static Fault NotConvertible(ValuePlan value)
    {
        var field = ((ColumnSource)value.Source!).Field;
        return new(
            FaultCode.InvalidFilter,
            $"'{field.ApiName}', of type {field.ColumnType.SqlName}, can be neither converted nor aggregated as asked.",
            $"« {field.ApiName} », de type {field.ColumnType.SqlName}, ne peut être ni converti ni agrégé comme demandé.",
            field.ApiName);
    }

    public static Fault NotJson(string field, PgType type) => new(
        FaultCode.InvalidFilter,
        $"'{field}' is of type {type.SqlName}: only json fields have places inside (-> and ->>).",
        $"« {field} » est de type {type.SqlName} : seuls les champs json ont un intérieur (-> et ->>).",
        field);

    public static Fault UnknownCast(string field, string cast)
    {
        var near = Suggestion.Find(cast, Casts.Names);
        return new(
            FaultCode.InvalidFilter,
            $"'{field}' cannot be cast to '{cast}'." + (near is null ? " Known types: text, int, bigint, numeric, float8, boolean, date, time, timestamp, timestamptz, interval, uuid, json, jsonb." : $" Did you mean '{near}'?"),
            $"« {field} » ne peut pas être converti en « {cast} »." + (near is null ? " Types connus : text, int, bigint, numeric, float8, boolean, date, time, timestamp, timestamptz, interval, uuid, json, jsonb." : $" Vouliez-vous dire « {near} » ?"),
            field);
    }

    public static Fault WrongAggregate(string field, string aggregate, PgType type) => new(
        FaultCode.InvalidFilter,
        $"'{aggregate}()' does not work on '{field}', which is of type {type.SqlName}.",
        $"« {aggregate}() » ne s'applique pas à « {field} », de type {type.SqlName}.",
        field);

    public static Fault NoPeriods(string field, string period, PgType type) => new(
        FaultCode.InvalidFilter,
        $"'{period}()' works on days and moments; '{field}' is of type {type.SqlName}.",
        $"« {period}() » s'applique aux jours et aux instants ; « {field} » est de type {type.SqlName}.",
        field);

    public static Fault AggregateInSpread(string target) => new(
        FaultCode.InvalidFilter,
        $"Aggregates cannot be used in '...{target}', which gives several records. Embed it without the dots instead.",
        $"Les agrégats ne s'emploient pas dans « ...{target} », qui donne plusieurs enregistrements. Imbriquez-la sans les points.",
        target);

    public static Fault SharedEmbed(string name) => new(
        FaultCode.InvalidFilter,
        $"'{name}' is embedded twice under this name. Give each its own alias, such as other:{name}(…), or name a spread by its foreign key.",
        $"« {name} » est imbriqué deux fois sous ce nom. Donnez à chacun son alias, par exemple autre:{name}(…), ou nommez un étalement par sa clé étrangère.",
        "select");

    public static Fault SeveralEmbeds(string target, IEnumerable<string> names) => new(
        FaultCode.InvalidFilter,
        $"'{target}' is embedded several times. Name the one you mean: {string.Join(", ", names)}.",
        $"« {target} » est imbriqué plusieurs fois. Nommez celui dont il s'agit : {string.Join(", ", names)}.",
        target);

    public static Fault SharedKey(string key) => new(
        FaultCode.InvalidFilter,
        $"Two different values of select would be answered as '{key}'. Give one of them an alias, such as other:column.",
        $"Deux valeurs différentes de select seraient données sous le nom « {key} ». Donnez un alias à l'une d'elles, par exemple autre:colonne.",
        "select");

    public static Fault NotGrouped() => new(
        FaultCode.InvalidFilter,
        "With aggregates the records are grouped: they can be sorted only by columns of select that are no aggregates.",
        "Avec des agrégats les enregistrements sont groupés : ils ne se trient que par des colonnes de select qui n'en sont pas.",
        "order");

    public static Fault NotGroupable(string name) => new(
        FaultCode.InvalidFilter,
        $"With aggregates the other values of select group the records, but '{name}' is of type json, of which no two values are known to be equal. Convert it: {name}::jsonb.",
        $"Avec des agrégats les autres valeurs de select groupent les enregistrements, mais « {name} » est de type json, dont on ne sait pas si deux valeurs sont égales. Convertissez-la : {name}::jsonb.",
        name);

    public static Fault NotToOne(string target) => new(
        FaultCode.InvalidFilter,
        $"Records can be sorted by a relation only where it gives at most one record, and is in select; '{target}' is not such a relation here.",
        $"On ne trie que par une relation qui donne au plus un enregistrement et qui figure dans select ; « {target} » n'en est pas une ici.",
        "order");

    public static Fault OnlyNullFilter(string target) => new(
        FaultCode.InvalidFilter,
        $"'{target}' is a relation: it can only be compared with is.null or not.is.null.",
        $"« {target} » est une relation : on ne peut la comparer qu'avec is.null ou not.is.null.",
        target);

    private static string Hint(TableSnapshot table, Relation relation) =>
        relation.Junction is not { } junction ? relation.Constraint
        : relation.Target == table ? junction.Constraint
        : junction.Table.Name;

    private static string List(TableSnapshot table) => string.Join(", ", table.Fields.Take(40).Select(field => field.ApiName));
}
