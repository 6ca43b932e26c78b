using Socle.Catalog;
using Socle.Postgres;

namespace Socle.Features.OpenApi;

/// <summary>A condition that makes sense on a field of its type, as a caller would write it.</summary>
internal static class FilterExamples
{
    public static string For(FieldSnapshot field) => field switch
    {
        { Settings.Choices: [var first, ..] } when first.Value.Length > 0 => $"eq.{first.Value}",
        { ColumnType.Labels: [var first, ..] } => $"eq.{first}",
        { Type.Name: "email" } => "ilike.*@example.com",
        { Type.Name: "phone" } => "like.06*",
        { Type.Name: "url" } => "like.https:*",
        _ => For(field.ColumnType),
    };

    private static string For(PgType type) => type.Kind switch
    {
        PgKind.Text => "ilike.par*",
        PgKind.Integer or PgKind.Numeric or PgKind.Float => "gte.10",
        PgKind.Boolean => "is.true",
        PgKind.Date => "gte.2026-01-01",
        PgKind.Timestamp => "gte.2026-01-01T00:00:00",
        PgKind.TimestampTz => "gte.2026-01-01T00:00:00Z",
        PgKind.Time => "lt.12:00",
        PgKind.Uuid => "eq.6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        PgKind.Array when type.Element?.Kind == PgKind.Text => "cs.{vip}",
        PgKind.TsVector => "fts.par",
        _ => "not.is.null",
    };
}
