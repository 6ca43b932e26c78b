using Socle.Kernel;

namespace Socle.Cochin;

/// <summary>Why something of a Cochin database is not where it was, and is kept aside.</summary>
public enum AsideReason
{
    NotAValue,
    Rounded,
    BadCharacter,
    UnknownLink,
    UnknownChoice,
    SecondValue,
    UnknownField,
    Missing,
    NumberTwice,
    TooLong,
    RecordRefused,
    ChoiceTwice,
    LostRecord,
    LostValue,
}

/// <param name="Table">The table in Socle; the empty text where there is none.</param>
/// <param name="Record">The record's id in Cochin.</param>
/// <param name="Field">The field in Socle, else as Cochin names it; null for a whole record.</param>
/// <param name="Value">What was written there; for a whole record all its values, as JSON.</param>
public sealed record AsideValue(string Table, long? Record, string? Field, string? Value, AsideReason Reason);

public static class AsideReasons
{
    public static Text TextOf(AsideReason reason) => reason switch
    {
        AsideReason.NotAValue => new("no value of the field's type", "pas une valeur du type du champ"),
        AsideReason.Rounded => new("rounded, it had more decimals than the field", "arrondie, elle avait plus de décimales que le champ"),
        AsideReason.BadCharacter => new("it held a character that no text can have (U+0000), now �", "elle contenait un caractère qu'aucun texte ne peut avoir (U+0000), maintenant �"),
        AsideReason.UnknownLink => new("a link to a record that is not there", "un lien vers un enregistrement absent"),
        AsideReason.UnknownChoice => new("no value of the list", "pas une valeur de la liste"),
        AsideReason.SecondValue => new("a second value of the same field", "une seconde valeur du même champ"),
        AsideReason.UnknownField => new("a value of a field that the table does not have", "une valeur d'un champ que la table n'a pas"),
        AsideReason.Missing => new("a required field had no value", "un champ obligatoire n'avait pas de valeur"),
        AsideReason.NumberTwice => new("a value that must be unique was there twice: this one has the record's number added", "une valeur qui doit être unique figurait deux fois : celle-ci porte en plus le numéro de l'enregistrement"),
        AsideReason.TooLong => new("too long for a field that must be unique", "trop longue pour un champ qui doit être unique"),
        AsideReason.RecordRefused => new("the record lacks a link without which it says nothing", "il manque à l'enregistrement un lien sans lequel il ne dit rien"),
        AsideReason.ChoiceTwice => new("the same category and value is there with another label or order", "la même catégorie et valeur existe avec un autre libellé ou ordre"),
        AsideReason.LostRecord => new("a record of a table that is not there", "un enregistrement d'une table absente"),
        _ => new("a value of a record that is not there", "une valeur d'un enregistrement absent"),
    };

    /// <summary>As it stands in the report and the table: <c>not_a_value</c>.</summary>
    public static string CodeOf(AsideReason reason) => string.Concat(reason.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
