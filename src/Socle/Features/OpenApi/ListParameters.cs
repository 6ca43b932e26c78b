using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Socle.Features.OpenApi;

/// <summary>The parameters that are the same for every table.</summary>
internal static class ListParameters
{
    public const string Limit = "limit";
    public const string Offset = "offset";
    public const string Count = "count";
    public const string Words = "q";
    public const string And = "and";
    public const string Or = "or";
    public const string Range = "range";
    public const string Columns = "columns";
    public const string OnConflict = "onConflict";
    public const string Prefer = "prefer";
    public const string IfMatch = "ifMatch";
    public const string IfNoneMatch = "ifNoneMatch";
    public const string IdempotencyKey = "idempotencyKey";

    public static void AddTo(ApiDraft draft)
    {
        draft.Add(Limit, Query("limit", Number(), draft.Say("At most so many records. The server has a limit of its own, which `meta.limit` tells.", "Au plus autant d'enregistrements. Le serveur a sa propre limite, que donne `meta.limit`.")));
        draft.Add(Offset, Query("offset", Number(), draft.Say("Skips so many records.", "Saute autant d'enregistrements.")));
        draft.Add(Count, Query("count", Choice("exact", "planned", "estimated"), draft.Say("Counts all records that match, in `meta.total`: each one, by the planner's guess, or each one while they are few.", "Compte tous les enregistrements trouvés, dans `meta.total` : un à un, selon l'estimation du planificateur, ou un à un tant qu'ils sont peu.")));
        draft.Add(Words, Query("q", ApiDraft.Text(), draft.Say("Words to search for in the text fields, without regard to accents or letter case.", "Mots à chercher dans les champs de texte, sans égard aux accents ni à la casse.")));
        draft.Add(And, Query("and", ApiDraft.Text(), draft.Say("Conditions that all hold: `(field.operator.value,…)`.", "Conditions toutes vraies : `(champ.opérateur.valeur,…)`.")));
        draft.Add(Or, Query("or", ApiDraft.Text(), draft.Say("Conditions of which one holds: `(field.operator.value,…)`.", "Conditions dont une est vraie : `(champ.opérateur.valeur,…)`.")));
        draft.Add(Columns, Query("columns", ApiDraft.Text(), draft.Say("The fields to write, separated by commas; others in the body are ignored.", "Les champs à écrire, séparés par des virgules ; les autres du corps sont ignorés.")));
        draft.Add(OnConflict, Query("on_conflict", ApiDraft.Text(), draft.Say("The unique fields by which `Prefer: resolution=…` finds an existing record; the primary key by default.", "Les champs uniques par lesquels `Prefer: resolution=…` trouve un enregistrement existant ; la clé primaire par défaut.")));
        draft.Add(Range, Header("Range", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9]+-[0-9]*$" }, draft.Say("Which records, counted from 0: `0-24`, or `25-` for the rest.", "Quels enregistrements, comptés depuis 0 : `0-24`, ou `25-` pour le reste.")));
        draft.Add(Prefer, Header("Prefer", Choice("resolution=merge-duplicates", "resolution=ignore-duplicates"), draft.Say("What becomes of a record that exists already: it takes the sent values, or stays as it is. Without this the request is refused.", "Ce que devient un enregistrement déjà présent : il prend les valeurs envoyées, ou reste tel quel. Sans cela la requête est refusée.")));
    }

    public static void AddHeadersTo(ApiDraft draft)
    {
        draft.Add(IfMatch, Header("If-Match", ApiDraft.Text(), draft.Say("The record's `ETag`: it is written only while nobody has changed it since; otherwise 412.", "L'`ETag` de l'enregistrement : il n'est écrit que si personne ne l'a modifié depuis ; sinon 412.")));
        draft.Add(IfNoneMatch, Header("If-None-Match", ApiDraft.Text(), draft.Say("The `ETag` of the copy that you have: 304 if it is still the same.", "L'`ETag` de la copie que vous avez : 304 si elle est toujours la même.")));
        draft.Add(IdempotencyKey, Header("Idempotency-Key", new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 }, draft.Say("Any text of your own, new for each new request, the same for a retry: what was done is not done again, the first answer comes back. For 24 hours.", "Un texte de votre choix, nouveau pour chaque nouvelle requête, le même pour une nouvelle tentative : ce qui a été fait n'est pas refait, la première réponse revient. Pendant 24 heures.")));
    }

    /// <summary>The header that every answer of one record has.</summary>
    public static Dictionary<string, IOpenApiHeader> Tag(ApiDraft draft) => new()
    {
        ["ETag"] = new OpenApiHeader { Description = draft.Say("The version of the record and of this answer: for If-Match and If-None-Match.", "La version de l'enregistrement et de cette réponse : pour If-Match et If-None-Match."), Schema = ApiDraft.Text() },
    };

    public static OpenApiParameter Query(string name, IOpenApiSchema schema, string description, string? example = null) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Schema = schema,
        Description = description,
        Example = example is null ? null : JsonValue.Create(example),
    };

    private static OpenApiParameter Header(string name, IOpenApiSchema schema, string description) =>
        new() { Name = name, In = ParameterLocation.Header, Schema = schema, Description = description };

    private static OpenApiSchema Number() => new() { Type = JsonSchemaType.Integer, Minimum = "0", Format = "int64" };

    private static OpenApiSchema Choice(params string[] values) => new() { Type = JsonSchemaType.String, Enum = [.. values.Select(value => JsonValue.Create(value))] };
}
