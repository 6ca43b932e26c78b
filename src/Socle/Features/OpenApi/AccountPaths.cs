using System.Net.Http;
using Microsoft.OpenApi;
using Socle.Catalog;

namespace Socle.Features.OpenApi;

/// <summary>The doors of accounts: signing in, sessions, passwords, people, API keys, the audit.</summary>
internal static class AccountPaths
{
    public static void AddTo(ApiDraft draft, CatalogSnapshot catalog)
    {
        AccountSchemas.AddTo(draft);
        var tag = "accounts";
        while (catalog.FindTable(tag) is not null)
            tag += "_";
        draft.Document.Tags!.Add(new OpenApiTag { Name = tag, Description = draft.Say("Who may come in", "Qui peut entrer") });
        AddSessions(draft, new AccountOperations(draft, tag, Security.None), new AccountOperations(draft, tag, Security.Account(draft)));
        AddPasswords(draft, new AccountOperations(draft, tag, Security.None));
        AddPeople(draft, new AccountOperations(draft, tag, security: null));
        AddKeys(draft, new AccountOperations(draft, tag, security: null));
        PolicyPaths.AddTo(draft, tag);
        RulePaths.AddTo(draft, tag);
        FactorPaths.AddTo(draft, new AccountOperations(draft, tag, Security.None), new AccountOperations(draft, tag, Security.Account(draft)), new AccountOperations(draft, tag, security: null));
    }

    private static void AddSessions(ApiDraft draft, AccountOperations open, AccountOperations own)
    {
        var tokens = draft.Schema(AccountSchemas.Tokens);
        open.Add("/api/auth/login", HttpMethod.Post, "signIn", draft.Say("Sign in by e-mail address or user name and password", "Se connecter par adresse ou nom d'utilisateur et mot de passe"), tokens, AccountSchemas.Body(["password"], ("email", ApiDraft.Text()), ("username", ApiDraft.Text()), ("code", ApiDraft.Text()), ("recoveryCode", ApiDraft.Text()), ("cookie", AccountSchemas.Switch())));
        open.Add("/api/auth/refresh", HttpMethod.Post, "refreshTokens", draft.Say("New tokens for a refresh token, which works once", "De nouveaux jetons contre un jeton de renouvellement, qui sert une fois"), tokens, AccountSchemas.Body(["refreshToken"]));
        own.Add("/api/auth/logout", HttpMethod.Post, "signOut", draft.Say("End this session", "Terminer cette session"), Empty);
        own.Add("/api/auth/me", HttpMethod.Get, "getMe", draft.Say("Who I am", "Qui je suis"), draft.Schema(AccountSchemas.Profile));
        own.Add("/api/auth/sessions", HttpMethod.Get, "listSessions", draft.Say("Where I am signed in", "Où je suis connecté"), TableSchemas.List(draft.Schema(AccountSchemas.Session)));
        own.Add("/api/auth/sessions/{id}", HttpMethod.Delete, "endSession", draft.Say("End one of my sessions, at once; administrators end anybody's", "Terminer une de mes sessions, aussitôt ; les administrateurs, celle de n'importe qui"), HistorySchemas.Object(("id", ApiDraft.Text("uuid"))));
    }

    private static void AddPasswords(ApiDraft draft, AccountOperations open)
    {
        var profile = draft.Schema(AccountSchemas.Profile);
        open.Add("/api/auth/password", HttpMethod.Post, "changePassword", draft.Say("Another password: in a session, or with an address where the password has expired", "Un autre mot de passe : dans une session, ou avec une adresse si le mot de passe a expiré"), Empty, AccountSchemas.Body(["password", "newPassword"], ("email", ApiDraft.Text()), ("username", ApiDraft.Text()), ("code", ApiDraft.Text()), ("recoveryCode", ApiDraft.Text())));
        open.Add("/api/auth/reset", HttpMethod.Post, "askForPassword", draft.Say("A link for a new password by mail; the same answer whether there is such an account", "Un lien par courrier pour un nouveau mot de passe ; la même réponse que le compte existe ou non"), HistorySchemas.Object(("message", ApiDraft.Text())), AccountSchemas.Body(["email"]));
        open.Add("/api/auth/reset/confirm", HttpMethod.Post, "resetPassword", draft.Say("Choose the password by that link", "Choisir le mot de passe par ce lien"), profile, AccountSchemas.Body(["token", "password"]));
        open.Add("/api/auth/invite/accept", HttpMethod.Post, "acceptInvitation", draft.Say("Choose the first password by the link of an invitation", "Choisir le premier mot de passe par le lien d'une invitation"), profile, AccountSchemas.Body(["token", "password"]));
        open.Add("/api/auth/setup", HttpMethod.Post, "setUp", draft.Say("Become the first administrator by the link of the terminal", "Devenir le premier administrateur par le lien du terminal"), profile, AccountSchemas.Body(["token", "email", "password"], ("username", ApiDraft.Text()), ("name", ApiDraft.Text()), ("language", AccountSchemas.Language())));
    }

    private static void AddPeople(ApiDraft draft, AccountOperations admin)
    {
        var (account, link) = (draft.Schema(AccountSchemas.Account), new (string, IOpenApiSchema)[] { ("link", ApiDraft.Text()), ("expiresAt", AccountSchemas.Moment(isNullable: false)) });
        (string, IOpenApiSchema)[] address = [("email", AccountSchemas.Optional()), ("username", AccountSchemas.Optional())];
        (string, IOpenApiSchema)[] rest = [("name", ApiDraft.Text()), ("language", AccountSchemas.Language())];
        admin.Add("/api/auth/invite", HttpMethod.Post, "invite", draft.Say("An account, and the link by which its owner chooses a password", "Un compte, et le lien par lequel son titulaire choisit un mot de passe"), HistorySchemas.Object([("user", account), ("sent", AccountSchemas.Switch()), .. link]), AccountSchemas.Body(["email", "role"], rest), created: true);
        admin.Add("/api/users", HttpMethod.Get, "listAccounts", draft.Say("The accounts, by name", "Les comptes, par nom"), TableSchemas.List(account), page: true, parameters: [ListParameters.Query("q", ApiDraft.Text(), draft.Say("Found in the name or the address.", "Trouvé dans le nom ou l'adresse."))]);
        admin.Add("/api/users", HttpMethod.Post, "createAccount", draft.Say("A new account", "Un nouveau compte"), account, AccountSchemas.Body(["role"], [.. address, .. rest, ("password", ApiDraft.Text())]), created: true);
        admin.Add("/api/users/{id}", HttpMethod.Get, "getAccount", draft.Say("One account", "Un compte"), account);
        admin.Add("/api/users/{id}", HttpMethod.Patch, "changeAccount", draft.Say("Another name, address, language or role; shut out or let in again", "Un autre nom, adresse, langue ou rôle ; exclure ou réadmettre"), account, AccountSchemas.Body([], [.. address, .. rest, ("role", ApiDraft.Text()), ("disabled", AccountSchemas.Switch())]));
        admin.Add("/api/users/{id}/unlock", HttpMethod.Post, "unlockAccount", draft.Say("Let somebody try again who was locked out", "Laisser réessayer quelqu'un qui était bloqué"), account);
        admin.Add("/api/users/{id}/link", HttpMethod.Post, "makeAccountLink", draft.Say("A link for a password, to be handed over", "Un lien pour un mot de passe, à remettre"), HistorySchemas.Object(link), created: true);
    }

    private static void AddKeys(ApiDraft draft, AccountOperations admin)
    {
        var key = draft.Schema(AccountSchemas.Key);
        var told = new OpenApiSchema { AllOf = [key, HistorySchemas.Object(("key", ApiDraft.Text()))] };
        admin.Add("/api/keys", HttpMethod.Get, "listKeys", draft.Say("The API keys, without their secrets", "Les clés d'API, sans leurs secrets"), TableSchemas.List(key));
        admin.Add("/api/keys", HttpMethod.Post, "createKey", draft.Say("A new API key, told this once", "Une nouvelle clé d'API, donnée cette seule fois"), told, AccountSchemas.Body(["name", "role"], ("expiresAt", AccountSchemas.Moment(isNullable: true))), created: true);
        admin.Add("/api/keys/{id}", HttpMethod.Get, "getKey", draft.Say("One API key", "Une clé d'API"), key);
        admin.Add("/api/keys/{id}", HttpMethod.Delete, "revokeKey", draft.Say("From now on it opens nothing", "Elle n'ouvre plus rien désormais"), key);
        admin.Add("/api/audit", HttpMethod.Get, "readAudit", draft.Say("What happened to access, newest first; as CSV by Accept", "Ce qui est arrivé aux accès, le plus récent d'abord ; en CSV selon Accept"), TableSchemas.List(draft.Schema(AccountSchemas.Entry)), page: true, parameters:
        [
            ListParameters.Query("from", ApiDraft.Text(), draft.Say("From this moment.", "À partir de cet instant.")),
            ListParameters.Query("to", ApiDraft.Text(), draft.Say("Before this moment.", "Avant cet instant.")),
            ListParameters.Query("event", ApiDraft.Text(), draft.Say("One event, or those that begin so: `sign_in.`.", "Un événement, ou ceux qui commencent ainsi : `sign_in.`.")),
            ListParameters.Query("actor", ApiDraft.Text(), draft.Say("By one person only.", "D'une seule personne.")),
        ]);
    }

    private static OpenApiSchema Empty => new() { Type = JsonSchemaType.Object };
}

/// <summary>Adds operations that share who may call them.</summary>
internal sealed class AccountOperations(ApiDraft draft, string tag, List<OpenApiSecurityRequirement>? security)
{
    public void Add(string path, HttpMethod method, string id, string summary, IOpenApiSchema answer, IOpenApiSchema? body = null, bool created = false, bool page = false, OpenApiParameter[]? parameters = null, string? idFormat = "uuid")
    {
        if (!draft.Document.Paths.TryGetValue(path, out var item))
        {
            item = new OpenApiPathItem();
            if (path.Contains("{id}", StringComparison.Ordinal))
                ((OpenApiPathItem)item).Parameters = [new OpenApiParameter { Name = "id", In = ParameterLocation.Path, Required = true, Schema = ApiDraft.Text(idFormat) }];
            draft.Document.Paths.Add(path, item);
        }

        IOpenApiParameter[] pages = page ? [draft.Parameter(ListParameters.Limit), draft.Parameter(ListParameters.Offset)] : [];
        var response = new OpenApiResponse { Description = summary, Content = ApiDraft.Json(TableSchemas.Envelope(answer, page ? draft.Schema(TableSchemas.Page) : null)) };
        ((OpenApiPathItem)item).AddOperation(method, new OpenApiOperation
        {
            OperationId = id,
            Summary = summary,
            Tags = new HashSet<OpenApiTagReference> { draft.Tag(tag) },
            Security = security,
            Parameters = [.. parameters ?? [], .. pages],
            RequestBody = body is null ? null : TablePaths.Body(body),
            Responses = Faults.Responses(draft, [(created ? StatusCodes.Status201Created : StatusCodes.Status200OK, response)], body is null ? [409] : [409, 415, 422, 429]),
        });
    }
}
