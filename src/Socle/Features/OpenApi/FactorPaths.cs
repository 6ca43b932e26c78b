using System.Net.Http;
using Microsoft.OpenApi;

namespace Socle.Features.OpenApi;

/// <summary>The doors of second factors: authenticators, recovery codes, passkeys.</summary>
internal static class FactorPaths
{
    public static void AddTo(ApiDraft draft, AccountOperations open, AccountOperations own, AccountOperations admin)
    {
        AddAuthenticators(draft, own);
        AddPasskeys(draft, own);
        AddSignIn(draft, open);
        admin.Add("/api/users/{id}/second-factor", HttpMethod.Delete, "resetSecondFactor", draft.Say("Let somebody in by the password alone who lost their authenticator or passkey; their sessions end", "Laisser entrer par le seul mot de passe quelqu'un qui a perdu son application d'authentification ou sa clé d'accès ; ses sessions finissent"), draft.Schema(AccountSchemas.Account));
    }

    private static void AddAuthenticators(ApiDraft draft, AccountOperations own)
    {
        var codes = HistorySchemas.Object(("recoveryCodes", TableSchemas.List(ApiDraft.Text())));
        (string, IOpenApiSchema)[] factor = [("code", ApiDraft.Text()), ("recoveryCode", ApiDraft.Text())];
        own.Add("/api/auth/totp", HttpMethod.Post, "beginAuthenticator", draft.Say("A secret for an authenticator, to be confirmed by its first code", "Un secret pour une application d'authentification, à confirmer par son premier code"), HistorySchemas.Object(("secret", ApiDraft.Text()), ("uri", ApiDraft.Text())), AccountSchemas.Body(["password"]));
        own.Add("/api/auth/totp", HttpMethod.Delete, "removeAuthenticator", draft.Say("Ask for no codes any more", "Ne plus demander de codes"), Empty, AccountSchemas.Body(["password"], factor));
        own.Add("/api/auth/totp/confirm", HttpMethod.Post, "confirmAuthenticator", draft.Say("From now on ask for codes; gives the recovery codes, this once", "Demander désormais des codes ; donne les codes de secours, cette seule fois"), codes, AccountSchemas.Body(["code"]));
        own.Add("/api/auth/recovery-codes", HttpMethod.Post, "renewRecoveryCodes", draft.Say("New recovery codes in place of the old ones", "De nouveaux codes de secours à la place des anciens"), codes, AccountSchemas.Body(["password"], factor));
    }

    private static void AddPasskeys(ApiDraft draft, AccountOperations own)
    {
        (string, IOpenApiSchema)[] passkey = [("id", ApiDraft.Text()), ("name", ApiDraft.Text())];
        var listed = HistorySchemas.Object([.. passkey, ("backedUp", AccountSchemas.Switch()), ("createdAt", AccountSchemas.Moment(isNullable: false)), ("lastUsedAt", AccountSchemas.Moment(isNullable: true))]);
        own.Add("/api/auth/passkeys", HttpMethod.Get, "listPasskeys", draft.Say("My passkeys", "Mes clés d'accès"), TableSchemas.List(listed));
        own.Add("/api/auth/passkeys/options", HttpMethod.Post, "askForPasskey", draft.Say("What the browser needs to make a passkey", "Ce qu'il faut au navigateur pour créer une clé d'accès"), Question, AccountSchemas.Body(["password"]));
        own.Add("/api/auth/passkeys", HttpMethod.Post, "addPasskey", draft.Say("The passkey that the browser made", "La clé d'accès que le navigateur a créée"), HistorySchemas.Object(passkey), Answer([("name", ApiDraft.Text())], []), created: true);
        own.Add("/api/auth/passkeys/{id}", HttpMethod.Delete, "removePasskey", draft.Say("It opens nothing any more", "Elle n'ouvre plus rien"), HistorySchemas.Object(("id", ApiDraft.Text())), idFormat: null);
    }

    private static void AddSignIn(ApiDraft draft, AccountOperations open)
    {
        open.Add("/api/auth/passkeys/login/options", HttpMethod.Post, "askToSignInByPasskey", draft.Say("What the browser needs to show a passkey", "Ce qu'il faut au navigateur pour présenter une clé d'accès"), Question);
        open.Add("/api/auth/passkeys/login", HttpMethod.Post, "signInByPasskey", draft.Say("Sign in by a passkey, without a password or code", "Se connecter par une clé d'accès, sans mot de passe ni code"), draft.Schema(AccountSchemas.Tokens), Answer([], [("cookie", AccountSchemas.Switch())]));
    }

    private static OpenApiSchema Question => HistorySchemas.Object(("state", ApiDraft.Text()), ("publicKey", Empty));

    /// <summary>What the browser's credential becomes by toJSON().</summary>
    private static OpenApiSchema Answer((string Name, IOpenApiSchema)[] required, (string, IOpenApiSchema)[] optional)
    {
        var body = AccountSchemas.Body(["state"], [("credential", Empty), .. required, .. optional]);
        body.Required = new HashSet<string> { "state", "credential" }.Union(required.Select(member => member.Name)).ToHashSet();
        return body;
    }

    private static OpenApiSchema Empty => new() { Type = JsonSchemaType.Object };
}
