using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Rules;

/// <summary>What rules are refused for, and what records that break them are told, in words.</summary>
public static class RuleFaults
{
    public static Fault Shape(string path, string english, string french) => new(FaultCode.InvalidValue, $"'{path}': {english}", $"« {path} » : {french}", path);

    public static Fault UnknownField(string path, string name, IEnumerable<RuleField> fields)
    {
        var names = fields.Select(field => field.Name).ToList();
        var near = Suggestion.Find(name, names);
        return new(
            FaultCode.UnknownField,
            $"'{path}' speaks of '{name}', which is no field of the table. " + (near is null ? $"Fields: {string.Join(", ", names)}." : $"Did you mean '{near}'?"),
            $"« {path} » parle de « {name} », qui n'est pas un champ de la table. " + (near is null ? $"Champs : {string.Join(", ", names)}." : $"Vouliez-vous dire « {near} » ?"),
            path);
    }

    /// <summary>Null where rules may look at the field.</summary>
    public static Fault? CheckUse(RuleField field, string path) => field switch
    {
        { IsComputed: true } => Shape(path, $"'{field.Name}' is filled in by the database, so that no form can foresee it. Use the fields that it is made of.", $"« {field.Name} » est rempli par la base : aucun formulaire ne peut le prévoir. Utilisez les champs dont il est fait."),
        { Kind: null } => Shape(path, $"'{field.Name}' is of a type that rules cannot judge.", $"« {field.Name} » est d'un type que les règles ne savent pas juger."),
        _ => null,
    };

    public static Fault NotComparable(string path, RuleField field) => Shape(
        path,
        $"'{field.Name}' is of a type whose values rules do not compare: they only require, hide or show it, and ask is.null.",
        $"« {field.Name} » est d'un type dont les règles ne comparent pas les valeurs : elles ne font que l'exiger, le masquer ou l'afficher, et demander is.null.");

    public static Fault Related(string path) => Shape(path, "a rule looks at the record alone, not at related records.", "une règle regarde l'enregistrement seul, pas les enregistrements liés.");

    public static Fault InsideJson(string path, string field) => Shape(path, $"a rule does not look inside '{field}': ask only whether it has a value ({field}=not.is.null).", $"une règle ne regarde pas dans « {field} » : demandez seulement s'il a une valeur ({field}=not.is.null).");

    public static Fault EmptyList(string path, string field) => Shape(path, $"the list for '{field}' is empty: name at least one value.", $"la liste pour « {field} » est vide : nommez au moins une valeur.");

    public static Fault Placeholder(string path, string field) => Shape(path, $"'{field}' is compared with who asks: a rule holds for everybody. Use a policy for that.", $"« {field} » est comparé à la personne qui demande : une règle vaut pour tous. Utilisez une règle d'accès (policy) pour cela.");

    public static Fault Operator(string path, RuleField field, string op) => Shape(
        path,
        $"'{op}' cannot be used on '{field.Name}' in a rule: forms, server and database must judge alike. Use {Allowed(field)}.",
        $"« {op} » ne s'emploie pas sur « {field.Name} » dans une règle : formulaires, serveur et base doivent juger de même. Utilisez {Allowed(field)}.");

    public static Fault Operand(string path, RuleField field, string text) => Shape(
        path,
        $"\"{Clip(text)}\" is no value that '{field.Name}' ({field.Word}) can be compared with: {Example(field).English}.",
        $"« {Clip(text)} » n'est pas une valeur à laquelle « {field.Name} » ({field.Word}) se compare : {Example(field).French}.");

    public static Fault NotAValue(string path, RuleField field) => Shape(
        path,
        $"this is no value of '{field.Name}' ({field.Word}): {Example(field).English}.",
        $"ce n'est pas une valeur de « {field.Name} » ({field.Word}) : {Example(field).French}.");

    public static Fault Contradiction(string one, string other, Text what, string example) => new(
        FaultCode.Conflict,
        (one == other ? $"The rule '{one}' contradicts itself: {what.English}." : $"The rules '{one}' and '{other}' contradict each other: {what.English}.") + $" Both hold for the record {example}. Make their conditions exclude each other, or change one.",
        (one == other ? $"La règle « {one} » se contredit : {what.French}." : $"Les règles « {one} » et « {other} » se contredisent : {what.French}.") + $" Les deux valent pour l'enregistrement {example}. Faites que leurs conditions s'excluent, ou changez-en une.",
        one);

    public static Fault Undecided(string one, string other) => new(
        FaultCode.Conflict,
        $"Whether the rules '{one}' and '{other}' can contradict each other is more than can be worked out: their conditions name too many fields and values. Simplify one of them.",
        $"Impossible d'établir si les règles « {one} » et « {other} » peuvent se contredire : leurs conditions nomment trop de champs et de valeurs. Simplifiez l'une d'elles.",
        one);

    public static Fault Circle(IReadOnlyList<string> way) => way.Count == 2 ? Shape(way[0], "it sets what its own condition looks at. Take that field out of one of the two.", "elle règle ce que sa propre condition regarde. Retirez ce champ de l'un des deux.") with { Code = FaultCode.Conflict } : new(
        FaultCode.Conflict,
        $"These rules go round in a circle, each setting what the next one's condition looks at: {string.Join(" → ", way)}. Take one field out of one condition.",
        $"Ces règles tournent en rond, chacune réglant ce que la condition de la suivante regarde : {string.Join(" → ", way)}. Retirez un champ d'une condition.",
        way[0]);

    public static Fault Twice(string id) => new(FaultCode.Conflict, $"There are two rules '{id}': give each its own id.", $"Il y a deux règles « {id} » : donnez à chacune son propre id.", id);

    /// <summary>What breaks, for whoever sent the record.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="effect">What of it.</param>
    /// <param name="path">The field as the caller writes it.</param>
    /// <param name="values">The values that it may have, where it is limited to some.</param>
    public static Fault Broken(Rule rule, RuleEffect effect, string path, ImmutableArray<string> values)
    {
        var message = rule.Message ?? effect switch
        {
            RuleEffect.Require => new Text($"'{path}' is required here.", $"« {path} » est obligatoire ici."),
            RuleEffect.Choices => new Text($"'{path}' can only be one of these here: {string.Join(", ", values)}.", $"« {path} » ne peut être ici que : {string.Join(", ", values)}."),
            _ => new Text($"'{path}' cannot be changed any more.", $"« {path} » ne peut plus être modifié."),
        };
        return new Fault(FaultCode.RuleViolation, message, path);
    }

    private static string Allowed(RuleField field) => field.Kind switch
    {
        RuleKind.Json or RuleKind.List or RuleKind.Other => "is.null",
        RuleKind.Tags => "cs, cd, ov, is.null",
        RuleKind.Boolean => "is, eq, neq, isdistinct",
        RuleKind.Uuid => "eq, neq, in, isdistinct, is.null",
        RuleKind.Text => "eq, neq, in, gt, gte, lt, lte, like, ilike, isdistinct, is.null",
        _ => "eq, neq, in, gt, gte, lt, lte, isdistinct, is.null",
    };

    private static Text Example(RuleField field) => field.Kind switch
    {
        RuleKind.Integer => new("a whole number such as 12", "un nombre entier comme 12"),
        RuleKind.Number => new("a number such as 12.50", "un nombre comme 12.50"),
        RuleKind.Boolean => new("true or false", "true ou false"),
        RuleKind.Date => new("a date such as 2026-12-31", "une date comme 2026-12-31"),
        RuleKind.Moment => new("a date and time such as 2026-12-31T09:30:00+01:00", "une date et une heure comme 2026-12-31T09:30:00+01:00"),
        RuleKind.Uuid => new("a UUID", "un UUID"),
        RuleKind.Tags => new("a list of words such as {a,b}", "une liste de mots comme {a,b}"),
        _ => new("text; a pattern does not end with a lone backslash", "du texte ; un motif ne finit pas par une barre oblique inverse seule"),
    };

    private static string Clip(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
