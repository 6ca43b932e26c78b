using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Socle.Features.OpenApi;

/// <summary>The schemas of versions, the trash and change sets.</summary>
internal static class HistorySchemas
{
    public const string Version = "HistoryVersion";
    public const string TrashEntry = "TrashEntry";
    public const string ChangeSet = "ChangeSet";
    public const string ChangeEntry = "ChangeEntry";
    public const string UndoReport = "UndoReport";

    public static IReadOnlyList<string> All { get; } = [Version, TrashEntry, ChangeSet, ChangeEntry, UndoReport];

    public static void AddTo(ApiDraft draft)
    {
        draft.Add(Version, Source(
            draft,
            ("version", Number()),
            ("operation", Choice("created", "updated", "deleted", "restored")),
            ("changes", Described(
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    AdditionalProperties = Object(("from", new OpenApiSchema()), ("to", new OpenApiSchema())),
                },
                draft.Say("The fields that differ.", "Les champs qui diffèrent."))),
            ("before", Record(isNullable: true)),
            ("after", Record(isNullable: true))));
        draft.Add(TrashEntry, Source(draft, ("entry", Number()), ("table", ApiDraft.Text()), ("id", ApiDraft.Text()), ("record", Record(isNullable: false))));
        draft.Add(ChangeSet, Source(
            draft,
            ("undoes", Id(isNullable: true)),
            ("undoneBy", Id(isNullable: true)),
            ("counts", TableSchemas.List(Object(("table", Nullable()), ("operation", Operation()), ("count", Number()))))));
        draft.Add(ChangeEntry, Object(("version", Number()), ("table", Nullable()), ("id", ApiDraft.Text()), ("operation", Operation()), ("before", Record(isNullable: true))));
        draft.Add(UndoReport, Object(
            ("undone", Number()),
            ("conflictCount", Number()),
            ("dryRun", new OpenApiSchema { Type = JsonSchemaType.Boolean }),
            ("changeId", Id(isNullable: true)),
            ("conflicts", Described(
                TableSchemas.List(Object(("table", ApiDraft.Text()), ("id", ApiDraft.Text()), ("code", ApiDraft.Text()), ("reason", ApiDraft.Text()), ("changeId", Id(isNullable: true)))),
                draft.Say("The first thousand records that were left alone.", "Les mille premiers enregistrements laissés tels quels.")))));
    }

    public static OpenApiSchema Object(params (string Name, IOpenApiSchema Schema)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = members.ToDictionary(member => member.Name, member => member.Schema),
        Required = members.Select(member => member.Name).ToHashSet(),
    };

    public static OpenApiSchema Number() => new() { Type = JsonSchemaType.Integer, Format = "int64" };

    public static OpenApiSchema Record(bool isNullable) => new() { Type = isNullable ? JsonSchemaType.Object | JsonSchemaType.Null : JsonSchemaType.Object };

    private static OpenApiSchema Source(ApiDraft draft, params (string Name, IOpenApiSchema Schema)[] members) => Object([
        ("changeId", Described(Id(isNullable: false), draft.Say("The change set.", "Le lot de modifications."))),
        ("at", new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Format = "date-time" }),
        ("source", Described(Nullable(), draft.Say("`api`, `batch`, `import`, `restore`, `undo`; `sql` is a connection of somebody's own.", "`api`, `batch`, `import`, `restore`, `undo` ; `sql` est une connexion directe."))),
        ("actor", Nullable()),
        ("requestId", Nullable()),
        ("address", Nullable()),
        .. members]);

    private static OpenApiSchema Id(bool isNullable) => new() { Type = isNullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String, Format = "uuid" };

    private static OpenApiSchema Nullable() => new() { Type = JsonSchemaType.String | JsonSchemaType.Null };

    private static OpenApiSchema Operation() => Choice("created", "updated", "deleted");

    private static OpenApiSchema Choice(params string[] values) => new() { Type = JsonSchemaType.String, Enum = [.. values.Select(value => JsonValue.Create(value))] };

    private static OpenApiSchema Described(OpenApiSchema schema, string description)
    {
        schema.Description = description;
        return schema;
    }
}
