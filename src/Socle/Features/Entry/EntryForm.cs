using System.Collections.Immutable;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Entry;

/// <summary>A page with one form.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Lead">What it is about.</param>
/// <param name="Button">What the button says; null for a page without a form.</param>
internal sealed record EntryForm(Language Language, Text Title, Text Lead, Text? Button, ImmutableArray<EntryField> Fields)
{
    /// <summary>Why what was sent will not do.</summary>
    public ImmutableArray<Fault> Faults { get; init; } = [];

    /// <summary>What was done just before.</summary>
    public Text? Notice { get; init; }

    /// <summary>Another way, below the form.</summary>
    public (string Address, Text Words)? More { get; init; }

    public string Tag => Languages.TagOf(Language);

    public string Say(Text text) => text.In(Language);

    public string Say(string english, string french) => new Text(english, french).In(Language);

    public Fault? FaultOf(EntryField field) => Faults.FirstOrDefault(fault => fault.Field == field.Name);

    /// <summary>Faults that belong to no field of the form.</summary>
    public IEnumerable<Fault> FaultsOfAll => Faults.Where(fault => !Fields.Any(one => one.Name == fault.Field));
}

/// <summary>One field of a form.</summary>
/// <param name="Name">As it is sent.</param>
/// <param name="Type">Of the input: text, email, password.</param>
/// <param name="Completion">What password managers know it by (HTML, autocomplete).</param>
/// <param name="IsRequired">Whether the browser asks for it.</param>
/// <param name="Value">What was sent; never a password.</param>
internal sealed record EntryField(string Name, Text Label, string Type, string Completion, bool IsRequired = true, string? Value = null, Text? Hint = null)
{
    public static EntryField Address(string? value) => new("address", new("E-mail address or user name", "Adresse électronique ou nom d'utilisateur"), "text", "username", Value: value);

    public static EntryField Password { get; } = new("password", new("Password", "Mot de passe"), "password", "current-password");

    public static EntryField NewPassword(string name) => new(name, new("New password", "Nouveau mot de passe"), "password", "new-password", Hint: new(
        "At least 12 characters, 15 for an administrator without a second factor. A few words that only you would put together are best.",
        "Au moins 12 caractères, 15 pour un administrateur sans second facteur. Le mieux : quelques mots que vous seul associeriez."));

    public static EntryField Code(bool isRequired) => new("code", new("Code of your authenticator", "Code de votre application d'authentification"), "text", "one-time-code", isRequired, Hint: isRequired ? new("Or one of your recovery codes.", "Ou l'un de vos codes de secours.") : new("Only if you use one. A recovery code will do.", "Seulement si vous en utilisez une. Un code de secours convient aussi."));
}
