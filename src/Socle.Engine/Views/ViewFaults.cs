using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Views;

/// <summary>What is refused of views and dashboards, in words.</summary>
public static class ViewFaults
{
    public static Fault UnknownSetting(ViewKind kind, string name)
    {
        var shown = name.Length <= 60 ? name : name[..60] + "…";
        var known = SettingRule.All[kind].Select(rule => rule.Name).ToList();
        var near = Suggestion.Find(shown, known);
        return new(
            FaultCode.UnknownField,
            $"A view of kind {Kinds.Word(kind)} has no setting '{shown}'. " + (near is null ? $"Known: {string.Join(", ", known)}." : $"Did you mean '{near}'?"),
            $"Une vue de type {Kinds.Word(kind)} n'a pas de réglage « {shown} ». " + (near is null ? $"Connus : {string.Join(", ", known)}." : $"Vouliez-vous dire « {near} » ?"),
            $"settings.{shown}");
    }

    public static Fault WrongShape(SettingRule rule) => rule.Shape switch
    {
        SettingShape.Field => new(FaultCode.InvalidValue, $"'settings.{rule.Name}' must be the name of a field.", $"« settings.{rule.Name} » doit être le nom d'un champ.", $"settings.{rule.Name}"),
        SettingShape.Fields => new(FaultCode.InvalidValue, $"'settings.{rule.Name}' must be a list of names of fields, at least one.", $"« settings.{rule.Name} » doit être une liste de noms de champs, au moins un.", $"settings.{rule.Name}"),
        _ => new(
            FaultCode.InvalidValue,
            $"'settings.{rule.Name}' must be a list, at least one member, of names of fields or of {{ \"field\": …, \"width\": … }}.",
            $"« settings.{rule.Name} » doit être une liste, d'au moins un élément, de noms de champs ou de {{ « field » : …, « width » : … }}.",
            $"settings.{rule.Name}"),
    };

    public static Fault MissingSetting(ViewKind kind, string name, Text expected) => new(
        FaultCode.Required,
        $"A view of kind {Kinds.Word(kind)} needs 'settings.{name}': {expected.English}.",
        $"Une vue de type {Kinds.Word(kind)} a besoin de « settings.{name} » : {expected.French}.",
        $"settings.{name}");

    public static Fault WrongField(SettingRule rule, FieldSnapshot field) => new(
        FaultCode.InvalidValue,
        $"'settings.{rule.Name}' must be {rule.Expected.English}; '{field.ApiName}' is of type {field.Type.Name}.",
        $"« settings.{rule.Name} » doit être {rule.Expected.French} ; « {field.ApiName} » est de type {field.Type.Name}.",
        $"settings.{rule.Name}");

    public static Fault UnknownField(TableSnapshot table, SettingRule rule, string name)
    {
        var near = Suggestion.Find(name, table.Fields.SelectMany(field => new[] { field.ApiName, field.Name }));
        return new(
            FaultCode.UnknownField,
            $"'{table.Name}' has no field '{name}'." + (near is null ? "" : $" Did you mean '{near}'?"),
            $"« {table.Name} » n'a pas de champ « {name} »." + (near is null ? "" : $" Vouliez-vous dire « {near} » ?"),
            $"settings.{rule.Name}");
    }

    public static Fault NotOfQuery(string parameter) => new(
        FaultCode.InvalidFilter,
        $"'{parameter}' cannot be saved in the query: say it when you ask for the records.",
        $"« {parameter} » ne s'enregistre pas dans la requête : dites-le en demandant les enregistrements.",
        parameter);

    public static Fault NothingLeft() => new(
        FaultCode.UnknownField,
        "None of the fields that it shows is there.",
        "Aucun des champs qu'elle montre n'existe.",
        "select");

    public static Fault NoAggregate(WidgetKind kind) => new(
        FaultCode.InvalidFilter,
        $"A widget of kind {Kinds.Word(kind)} counts or sums: give select= an aggregate, such as count() or amount.sum().",
        $"Un widget de type {Kinds.Word(kind)} compte ou additionne : donnez à select= un agrégat, par exemple count() ou amount.sum().",
        "select");

    public static Fault NoGroup(WidgetKind kind) => new(
        FaultCode.InvalidFilter,
        $"A widget of kind {Kinds.Word(kind)} compares groups: add to select= what groups the records, such as status or paid_on.month().",
        $"Un widget de type {Kinds.Word(kind)} compare des groupes : ajoutez à select= ce qui groupe les enregistrements, par exemple status ou paid_on.month().",
        "select");

    public static Fault NotOneNumber() => new(
        FaultCode.InvalidFilter,
        "A widget of kind number shows one: select= is one aggregate alone, such as count() or amount.sum().",
        "Un widget de type number n'en montre qu'un : select= est un seul agrégat, par exemple count() ou amount.sum().",
        "select");

    public static Fault TooLate() => new(
        FaultCode.QueryTimeout,
        "The dashboard took too long before this widget's turn. Ask less of its widgets, or add indexes on the fields that they filter and group by.",
        "Le tableau de bord a pris trop de temps avant le tour de ce widget. Demandez moins à ses widgets, ou indexez les champs qui filtrent et groupent.");

    public static Fault NotFound { get; } = new(
        FaultCode.NotFound,
        "There is no such view. GET /api/views lists them.",
        "Il n'y a pas de telle vue. GET /api/views les liste.");

    public static Fault NoDashboard { get; } = new(
        FaultCode.NotFound,
        "There is no such dashboard. GET /api/dashboard lists them.",
        "Il n'y a pas de tel tableau de bord. GET /api/dashboard les liste.");

    public static Fault NoSystemSchema { get; } = new(
        FaultCode.Conflict,
        "This database keeps no views or dashboards: it is served as it was found.",
        "Cette base ne garde ni vues ni tableaux de bord : elle est servie telle quelle.");

    public static Fault SharedByManagers { get; } = new(
        FaultCode.Forbidden,
        "What everybody sees is made and changed by roles that may take back the changes of others, such as manager. Make one of your own with \"shared\": false.",
        "Ce que tout le monde voit est fait et modifié par les rôles qui peuvent annuler les modifications des autres, comme manager. Créez le vôtre avec « shared » : false.");

    public static Fault NoOwner { get; } = new(
        FaultCode.Forbidden,
        "An API key has no account, and so nothing of its own. Say \"shared\": true.",
        "Une clé d'API n'a pas de compte, donc rien en propre. Dites « shared » : true.",
        "shared");

    public static Fault StaysShared { get; } = new(
        FaultCode.Conflict,
        "A blueprint made it for everybody: it cannot become somebody's own.",
        "Un blueprint l'a faite pour tout le monde : elle ne peut pas devenir personnelle.",
        "shared");

    /// <summary>The same fault, where it stands in a larger whole.</summary>
    public static Fault Within(this Fault fault, string path) => fault with { Field = fault.Field is null ? path : $"{path}.{fault.Field}" };

    public static ImmutableArray<Fault> Within(this IEnumerable<Fault> faults, string path) => [.. faults.Select(fault => fault.Within(path))];
}
