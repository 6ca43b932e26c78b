using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.OpenApi;

/// <summary>What a request may be refused with: the error envelope, and one response for each status.</summary>
internal static class Faults
{
    public const string Error = "Error";

    /// <summary>Statuses of any request.</summary>
    private static readonly int[] Anywhere = [400, 401, 403, 404, 406, 500, 503];

    private static readonly Dictionary<int, Text> Meanings = new()
    {
        [400] = new("The request cannot be understood: the message names what is wrong.", "La requête n'est pas compréhensible : le message dit ce qui ne va pas."),
        [401] = new("Credentials are needed, or those that came do not hold.", "Il faut des identifiants, ou ceux qui sont venus ne valent pas."),
        [403] = new("The caller's role or the database does not allow this.", "Le rôle de l'appelant ou la base de données ne le permet pas."),
        [404] = new("There is no such table or record.", "Il n'y a pas de telle table ou de tel enregistrement."),
        [406] = new("None of the media types in Accept can be answered.", "Aucun des types de contenu d'Accept ne peut être donné."),
        [409] = new("The write contradicts another record.", "L'écriture contredit un autre enregistrement."),
        [412] = new("The record is not the one that If-Match names: somebody changed it meanwhile.", "L'enregistrement n'est pas celui que nomme If-Match : quelqu'un l'a modifié entre-temps."),
        [413] = new("The body is too large.", "Le corps est trop grand."),
        [415] = new("The body is not JSON.", "Le corps n'est pas du JSON."),
        [416] = new("The Range header names no range.", "L'en-tête Range ne désigne pas d'intervalle."),
        [422] = new("The values break a rule of the table.", "Les valeurs enfreignent une règle de la table."),
        [429] = new("Too many are connected already.", "Trop d'abonnés sont déjà connectés."),
        [460] = new("What arrived is not what its checksum says.", "Ce qui est arrivé ne correspond pas à sa somme de contrôle."),
        [507] = new("There is no room for such a file.", "Il n'y a pas de place pour un tel fichier."),
        [500] = new("Something went wrong on the server.", "Une erreur est survenue sur le serveur."),
        [503] = new("The database does not answer, or not in time. Try again.", "La base de données ne répond pas, ou pas à temps. Réessayez."),
    };

    public static void AddTo(ApiDraft draft)
    {
        draft.Add(Error, Envelope(draft));
        foreach (var (status, meaning) in Meanings)
            draft.Add(NameOf(status), Response(draft, status, meaning));
    }

    /// <summary>The responses of an operation, the refusals among them.</summary>
    public static OpenApiResponses Responses(ApiDraft draft, IEnumerable<(int Status, IOpenApiResponse Response)> answers, params int[] more)
    {
        var responses = new OpenApiResponses();
        foreach (var (status, response) in answers)
            responses.Add(Digits(status), response);
        foreach (var status in Anywhere.Concat(more).Order())
            responses.Add(Digits(status), Response(draft, status));
        return responses;
    }

    public static IOpenApiResponse Response(ApiDraft draft, int status) => draft.Response(NameOf(status));

    private static string Digits(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static string NameOf(int status) => $"Error{Digits(status)}";

    private static OpenApiResponse Response(ApiDraft draft, int status, Text meaning)
    {
        var codes = Enum.GetValues<FaultCode>().Where(code => FaultStatuses.StatusOf(code) == status).Select(code => $"`{FaultStatuses.NameOf(code)}`");
        var response = new OpenApiResponse
        {
            Description = $"{draft.Say(meaning)} {string.Join(", ", codes)}",
            Content = ApiDraft.Json(draft.Schema(Error)),
        };
        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader { Description = draft.Say("Seconds to wait.", "Secondes à attendre."), Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
            };
        }

        return response;
    }

    private static OpenApiSchema Envelope(ApiDraft draft) => new()
    {
        Type = JsonSchemaType.Object,
        Description = draft.Say("What a refused request is answered.", "Ce qui est répondu à une requête refusée."),
        Required = new HashSet<string> { "success", "error" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["success"] = ApiDraft.Constant(false),
            ["error"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "code", "message", "requestId" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["code"] = Code(draft),
                    ["message"] = Described(draft.Say("What to do, in the caller's language.", "Que faire, dans la langue de l'appelant.")),
                    ["fields"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Description = draft.Say("The message of each field at fault, by its path in the body.", "Le message de chaque champ en cause, par son chemin dans le corps."),
                        AdditionalProperties = ApiDraft.Text(),
                    },
                    ["requestId"] = Described(draft.Say("The request's name in the server's log.", "Le nom de la requête dans le journal du serveur.")),
                },
            },
        },
    };

    private static OpenApiSchema Code(ApiDraft draft) => new()
    {
        Type = JsonSchemaType.String,
        Description = draft.Say("What happened; never renamed.", "Ce qui est arrivé ; jamais renommé."),
        Enum = [.. Enum.GetValues<FaultCode>().Select(code => JsonValue.Create(FaultStatuses.NameOf(code)))],
    };

    private static OpenApiSchema Described(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
