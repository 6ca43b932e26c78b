using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Socle.Features.OpenApi;

/// <summary>The schemas of accounts, sessions, API keys and the audit.</summary>
internal static class AccountSchemas
{
    public const string Profile = "AccountProfile";
    public const string Account = "Account";
    public const string Tokens = "SessionTokens";
    public const string Session = "Session";
    public const string Key = "ApiKey";
    public const string Entry = "AuditEntry";

    public static IReadOnlyList<string> All { get; } = [Profile, Account, Tokens, Session, Key, Entry];

    public static void AddTo(ApiDraft draft)
    {
        draft.Add(Profile, HistorySchemas.Object(OwnMembers));
        draft.Add(Account, HistorySchemas.Object(
            [.. OwnMembers, ("disabled", Switch()), ("locked", Switch()), ("hasPassword", Switch()), ("secondFactor", Switch()), ("lastSignInAt", Moment(isNullable: true)), ("createdAt", Moment(isNullable: false))]));
        draft.Add(Tokens, TokensOf(draft));
        draft.Add(Session, HistorySchemas.Object(
            ("id", ApiDraft.Text("uuid")), ("current", Switch()), ("address", Optional()), ("agent", Optional()), ("createdAt", Moment(isNullable: false)), ("lastUsedAt", Moment(isNullable: false)), ("expiresAt", Moment(isNullable: false))));
        draft.Add(Key, HistorySchemas.Object(
            ("id", ApiDraft.Text("uuid")), ("name", ApiDraft.Text()), ("prefix", ApiDraft.Text()), ("role", ApiDraft.Text()), ("createdBy", Optional("uuid")), ("createdAt", Moment(isNullable: false)), ("expiresAt", Moment(isNullable: true)), ("lastUsedAt", Moment(isNullable: true)), ("revokedAt", Moment(isNullable: true))));
        draft.Add(Entry, HistorySchemas.Object(
            ("id", HistorySchemas.Number()), ("at", Moment(isNullable: false)), ("event", ApiDraft.Text()), ("actorId", Optional("uuid")), ("actor", Optional()), ("address", Optional()), ("requestId", Optional()), ("target", Optional()), ("detail", new OpenApiSchema { Type = JsonSchemaType.Object | JsonSchemaType.Null })));
    }

    /// <summary>A body of texts; those that must be there first.</summary>
    public static OpenApiSchema Body(string[] required, params (string Name, IOpenApiSchema Schema)[] optional) => new()
    {
        Type = JsonSchemaType.Object,
        AdditionalPropertiesAllowed = false,
        Required = required.ToHashSet(),
        Properties = required.Select(name => (Name: name, Schema: (IOpenApiSchema)ApiDraft.Text())).Concat(optional).ToDictionary(member => member.Name, member => member.Schema),
    };

    public static OpenApiSchema Switch() => new() { Type = JsonSchemaType.Boolean };

    public static OpenApiSchema Optional(string? format = null) => new() { Type = JsonSchemaType.String | JsonSchemaType.Null, Format = format };

    public static OpenApiSchema Moment(bool isNullable) => isNullable ? Optional("date-time") : ApiDraft.Text("date-time");

    public static OpenApiSchema Language() => new() { Type = JsonSchemaType.String, Enum = [JsonValue.Create("fr"), JsonValue.Create("en")] };

    private static (string, IOpenApiSchema)[] OwnMembers =>
        [("id", ApiDraft.Text("uuid")), ("email", Optional()), ("username", Optional()), ("name", ApiDraft.Text()), ("role", ApiDraft.Text()), ("language", Language())];

    /// <summary>Tokens for programs, or with <c>cookie</c> the token that writes of a browser need.</summary>
    private static OpenApiSchema TokensOf(ApiDraft draft) => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "expiresIn", "user" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["accessToken"] = ApiDraft.Text(),
            ["tokenType"] = ApiDraft.Text(),
            ["expiresIn"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = draft.Say("Seconds.", "En secondes.") },
            ["refreshToken"] = ApiDraft.Text(),
            ["csrfToken"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = draft.Say("With `cookie`, instead of tokens: for the header `X-CSRF-Token`.", "Avec `cookie`, au lieu des jetons : pour l'en-tête `X-CSRF-Token`.") },
            ["user"] = draft.Schema(Profile),
        },
    };
}
