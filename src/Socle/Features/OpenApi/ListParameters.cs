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
