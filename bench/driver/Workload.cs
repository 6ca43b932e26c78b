namespace Socle.Bench;

/// <summary>An HTTP request; {id} in the path is a random client's id, {n} in the body a text never used before.</summary>
internal sealed record Call(string Method, string Path, string? Body = null);

/// <summary>
/// One kind of request, as each server spells it. <paramref name="Api"/> is for Socle and for the limit program.
/// <paramref name="Changing"/> names the fields in which two right answers differ.
/// </summary>
internal sealed record Workload(string Name, string Title, Call Api, Call FastApi, Call Directus, params string[] Changing)
{
    private const string NewClient =
        """
        {"type":"professionnel","name":"Garage Lefèvre {n}","companyName":"Garage Lefèvre SARL","firstName":"Élodie","lastName":"Lefèvre","siret":"81234567800014","email":"{n}@garage-lefevre.example","phone":"06 12 34 56 78","address":"12 rue de la République","city":"Besançon","status":"prospect","tags":["fidèle","flotte"],"lastService":"Lavage complet","contacts":[{"name":"Élodie Lefèvre","role":"gérante","phone":"06 12 34 56 78"}]}
        """;

    private const string ChangedField = """{"lastService":"Polissage {n}"}""";

    /// <summary>Whether it changes records, so that what their history costs is to be told.</summary>
    public bool IsWrite => Api.Method != "GET";

    public static readonly Workload[] All =
    [
        new("get", "one by id",
            new("GET", "/api/clients/{id}"),
            new("GET", "/clients/{id}"),
            new("GET", "/items/clients/{id}")),
        new("list", "50 sorted",
            new("GET", "/api/clients?order=name&limit=50"),
            new("GET", "/clients?sort=name&limit=50"),
            new("GET", "/items/clients?sort=name&limit=50")),
        new("filter", "50 filtered, sorted",
            new("GET", "/api/clients?status=eq.active&order=created_at.desc&limit=50"),
            new("GET", "/clients?status=active&sort=-created_at&limit=50"),
            new("GET", "/items/clients?filter[status][_eq]=active&sort=-created_at&limit=50")),
        new("count", "50 with exact count",
            new("GET", "/api/clients?order=name&limit=50&count=exact"),
            new("GET", "/clients?sort=name&limit=50&total=true"),
            new("GET", "/items/clients?sort=name&limit=50&meta=total_count")),
        new("embed", "50 with a relation",
            new("GET", "/api/engagements?select=id,title,starts_at,client:clients(id,name,city)&order=starts_at.desc&limit=50"),
            new("GET", "/engagements?sort=-starts_at&limit=50"),
            new("GET", "/items/engagements?fields=id,title,starts_at,client_id.id,client_id.name,client_id.city&sort=-starts_at&limit=50")),
        new("create", "create",
            new("POST", "/api/clients", NewClient),
            new("POST", "/clients", NewClient),
            new("POST", "/items/clients", DirectusBody(NewClient)),
            "id", "createdAt", "updatedAt"),
        new("patch", "patch one field",
            new("PATCH", "/api/clients/{id}", ChangedField),
            new("PATCH", "/clients/{id}", ChangedField),
            new("PATCH", "/items/clients/{id}", DirectusBody(ChangedField)),
            "updatedAt"),
    ];

    /// <summary>Column names as they are; an array column it only takes as PostgreSQL's text of an array.</summary>
    private static string DirectusBody(string body) => body
        .Replace("companyName", "company_name", StringComparison.Ordinal)
        .Replace("firstName", "first_name", StringComparison.Ordinal)
        .Replace("lastName", "last_name", StringComparison.Ordinal)
        .Replace("lastService", "last_service", StringComparison.Ordinal)
        .Replace("""["fidèle","flotte"]""", "\"{fidèle,flotte}\"", StringComparison.Ordinal);
}
