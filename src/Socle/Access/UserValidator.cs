using System.Net.Mail;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>Whether an account has an address by which to sign in: an e-mail address, a user name, or both.</summary>
internal sealed partial class UserValidator : IUserValidator<User>
{
    private const int LongestEmail = 254;

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user)
    {
        var faults = new List<Fault>();
        if (user.Email is null && user.Username is null)
            faults.Add(new Fault(FaultCode.Required, "An account needs an e-mail address or a user name.", "Un compte a besoin d'une adresse électronique ou d'un nom d'utilisateur.", "email"));
        if (user.Email is { } email && !IsEmail(email))
            faults.Add(new Fault(FaultCode.InvalidValue, "This is no e-mail address, such as jeanne@exemple.fr.", "Ce n'est pas une adresse électronique, comme jeanne@exemple.fr.", "email"));
        if (user.Username is { } name && !IsUsername(name))
            faults.Add(new Fault(FaultCode.InvalidValue, "A user name has 2 to 64 letters, digits, '.', '_' or '-', and begins with a letter or digit.", "Un nom d'utilisateur a de 2 à 64 lettres, chiffres, « . », « _ » ou « - », et commence par une lettre ou un chiffre.", "username"));
        return Task.FromResult(faults.Count == 0 ? IdentityResult.Success : FaultError.Refuse(faults));
    }

    internal static bool IsEmail(string text) =>
        text.Length <= LongestEmail
        && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        && MailAddress.TryCreate(text, out var address)
        && address.Address == text;

    internal static bool IsUsername(string text) => Name().IsMatch(text);

    [GeneratedRegex(@"\A[\p{L}\p{Nd}][\p{L}\p{Nd}._-]{1,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
