using Microsoft.AspNetCore.Identity;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>What a browser asks a passkey.</summary>
/// <param name="State">The token that its answer brings along.</param>
/// <param name="Options">PublicKeyCredentialCreationOptionsJSON, or PublicKeyCredentialRequestOptionsJSON (WebAuthn 3, 5.1).</param>
public sealed record PasskeyQuestion(string State, string Options);

/// <summary>
/// Passkeys (WebAuthn 3), judged by Identity: added by who has signed in, and in by one of them without a password. Each
/// verifies its user by itself, and so stands for both factors. Refuses answers to no question of ours, of another page or
/// domain, of an unverified user, of a copied passkey.
/// </summary>
public sealed class Passkeys(IPasskeyHandler<User> handler, UserStore store, PasskeyChallenges challenges, DoorOptions door)
{
    public async Task<Result<PasskeyQuestion>> AskToAdd(User user, HttpContext context)
    {
        if (RefuseDomain(context) is { } fault)
            return fault;
        var name = user.Name.Length > 0 ? user.Name : user.Address;
        var question = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = user.Id.ToString(), Name = user.Address, DisplayName = name }, context);
        return new PasskeyQuestion(await challenges.Keep(user.Id, question.AttestationState!, context.RequestAborted), question.CreationOptionsJson);
    }

    /// <param name="user">Who adds it: the question must have been for them.</param>
    /// <param name="state">The question.</param>
    /// <param name="credential">RegistrationResponseJSON (WebAuthn 3, 5.1).</param>
    /// <param name="name">By which they know it.</param>
    public async Task<Result<UserPasskeyInfo>> Add(Guid user, string state, string credential, string name, HttpContext context)
    {
        if (await challenges.Take(user, state) is not { } asked)
            return NoQuestion;
        var answer = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = credential, AttestationState = asked });
        if (!answer.Succeeded || answer.UserEntity.Id != user.ToString())
            return NotTaken;
        return await store.AddPasskey(user, answer.Passkey, name) ? answer.Passkey : TooMany;
    }

    /// <summary>Asks for any passkey of this domain: who signs in says nothing before.</summary>
    public async Task<Result<PasskeyQuestion>> AskToSignIn(HttpContext context)
    {
        if (RefuseDomain(context) is { } fault)
            return fault;
        var question = await handler.MakeRequestOptionsAsync(null, context);
        return new PasskeyQuestion(await challenges.Keep(null, question.AssertionState!, context.RequestAborted), question.RequestOptionsJson);
    }

    /// <param name="state">The question.</param>
    /// <param name="credential">AuthenticationResponseJSON (WebAuthn 3, 5.1).</param>
    public async Task<Result<User>> SignIn(string state, string credential, HttpContext context)
    {
        if (await challenges.Take(null, state) is not { } asked)
            return Refusal;
        var answer = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = credential, AssertionState = asked });
        return answer.Succeeded && !answer.User.IsDisabled && await store.UsePasskey(answer.Passkey) ? answer.User : Refusal;
    }

    /// <summary>How Identity judges: always a verified user, and pages of this server or of origins that were named.</summary>
    public static void Describe(IdentityPasskeyOptions options, DoorOptions door)
    {
        options.ServerDomain = door.PublicUrl is { } address ? new Uri(address).IdnHost : null;
        options.AuthenticatorTimeout = PasskeyChallenges.Lasts;
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
        options.ValidateOrigin = page => ValueTask.FromResult(!page.CrossOrigin && Origins.Find(page.Origin) is { } origin && IsOwn(origin, page.HttpContext.Request, door));
    }

    private static bool IsOwn(string origin, HttpRequest request, DoorOptions door) =>
        origin == (door.PublicUrl ?? Origins.Of(request)) || door.CorsOrigins.Contains(origin);

    /// <summary>Browsers keep passkeys for names, never for addresses.</summary>
    private Fault? RefuseDomain(HttpContext context) =>
        Uri.CheckHostName(door.PublicUrl is { } address ? new Uri(address).IdnHost : context.Request.Host.Host) == UriHostNameType.Dns ? null : NoDomain;

    private static Fault Refusal { get; } = new(
        FaultCode.Unauthenticated,
        "This passkey does not open an account here, or the question is older than five minutes. Try again, or sign in with your password.",
        "Cette clé d'accès n'ouvre pas de compte ici, ou la demande date de plus de cinq minutes. Réessayez, ou connectez-vous avec votre mot de passe.");

    private static Fault NoQuestion { get; } = new(
        FaultCode.InvalidValue,
        "There is no such question, or it was answered, or is older than five minutes. Begin again with POST /api/auth/passkeys/options.",
        "Il n'y a pas de telle demande, ou elle a reçu sa réponse, ou date de plus de cinq minutes. Recommencez par POST /api/auth/passkeys/options.",
        "state");

    private static Fault NotTaken { get; } = new(
        FaultCode.InvalidValue,
        "This passkey cannot be added: it was made for another page or question, without looking who you are, or is known here already. Begin again with POST /api/auth/passkeys/options.",
        "Cette clé d'accès ne peut pas être ajoutée : elle a été créée pour une autre page ou une autre demande, sans vérifier qui vous êtes, ou est déjà connue ici. Recommencez par POST /api/auth/passkeys/options.",
        "credential");

    private static Fault TooMany { get; } = new(
        FaultCode.Conflict,
        "You have as many passkeys as an account may have. Remove one first.",
        "Vous avez autant de clés d'accès qu'un compte peut en avoir. Supprimez-en une d'abord.");

    private static Fault NoDomain { get; } = new(
        FaultCode.Conflict,
        "Passkeys need a name instead of an IP address: open the server by its name, and set PUBLIC_URL.",
        "Les clés d'accès demandent un nom au lieu d'une adresse IP : ouvrez le serveur par son nom, et renseignez PUBLIC_URL.");
}
