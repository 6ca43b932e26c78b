using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Views;

/// <summary>A view as socle_system.views has it.</summary>
/// <param name="Table">Schema and name.</param>
/// <param name="Settings">As JSON.</param>
/// <param name="Renames">Fields that are called otherwise since it was written.</param>
/// <param name="Owner">Null for a view that everybody has.</param>
internal sealed record StoredView(
    Guid Id,
    string? Key,
    string Table,
    Text Label,
    ViewKind Kind,
    string Query,
    string Settings,
    IReadOnlyDictionary<string, string> Renames,
    Guid? Owner,
    int? Position,
    string? Blueprint,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public const string Columns = "v.id, v.key, n.nspname::text, c.relname::text, v.label_en, v.label_fr, v.kind, v.query, v.settings, socle_system.renamed_fields(v.fields)::text, v.owner, v.position, v.blueprint, v.created_at, v.updated_at";

    public const string Tables = "socle_system.tables t JOIN pg_class c ON c.oid = t.relation JOIN pg_namespace n ON n.oid = c.relnamespace";

    public const string Order = "v.position NULLS LAST, v.created_at, v.id";

    public static StoredView Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.Optional<string>(1),
        TableName.Qualify(row.GetString(2), row.GetString(3)),
        new Text(row.GetString(4), row.GetString(5)),
        Kinds.Views[row.GetString(6)],
        row.GetString(7),
        row.GetString(8),
        ReadRenames(row.GetString(9)),
        row.OptionalValue<Guid>(10),
        row.OptionalValue<int>(11),
        row.Optional<string>(12),
        row.GetFieldValue<DateTimeOffset>(13),
        row.GetFieldValue<DateTimeOffset>(14));

    public static IReadOnlyDictionary<string, string> ReadRenames(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToImmutableDictionary(member => member.Name, member => member.Value.GetString()!);
    }
}
