using Microsoft.OpenApi;

namespace Socle.Features.OpenApi;

/// <summary>How callers prove who they are.</summary>
internal static class Security
{
    private const string Bearer = "bearer";
    private const string ApiKey = "apiKey";
    private const string Cookie = "cookie";

    public static void AddTo(ApiDraft draft)
    {
        draft.Document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = draft.Say("The accessToken of `POST /api/auth/login`, or an API key.", "L'accessToken de `POST /api/auth/login`, ou une clé d'API."),
        });
        draft.Document.AddComponent<IOpenApiSecurityScheme>(ApiKey, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "X-Api-Key",
            Description = draft.Say("A key of `POST /api/keys`.", "Une clé de `POST /api/keys`."),
        });
        draft.Document.AddComponent<IOpenApiSecurityScheme>(Cookie, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = "socle_session",
            Description = draft.Say("Of browsers; writes need `X-CSRF-Token` too.", "Celui des navigateurs ; les écritures demandent aussi `X-CSRF-Token`."),
        });
        // The last one is none: callers without credentials may have a role too (ANONYMOUS_ROLE).
        draft.Document.Security = [Of(draft, Bearer), Of(draft, ApiKey), Of(draft, Cookie), Nothing];
    }

    /// <summary>Of routes for who has none yet.</summary>
    public static List<OpenApiSecurityRequirement> None => [Nothing];

    /// <summary>Of routes for people: a key or no credentials at all will not do.</summary>
    public static List<OpenApiSecurityRequirement> Account(ApiDraft draft) => [Of(draft, Bearer), Of(draft, Cookie)];

    private static OpenApiSecurityRequirement Nothing => [];

    private static OpenApiSecurityRequirement Of(ApiDraft draft, string scheme) => new() { [new OpenApiSecuritySchemeReference(scheme, draft.Document)] = [] };
}
