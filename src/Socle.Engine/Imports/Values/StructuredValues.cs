using System.Text.Json;
using Socle.FieldTypes;
using Socle.Imports.Reading;
using Socle.Postgres;

namespace Socle.Imports.Values;

/// <summary>JSON as it is written.</summary>
internal sealed class JsonValue : ValueReader
{
    private static readonly JsonField Type = new();
    private static readonly PgType Column = new(PgTypes.Jsonb, "jsonb", PgKind.Jsonb);

    public override bool TryRead(Cell cell, ByteText copy) =>
        cell.Kind != CellKind.Error
        && (cell.Kind != CellKind.Date || AddQuoted(cell.Text, copy))
        && (cell.Kind == CellKind.Date || (Type.AcceptsText(System.Text.Encoding.UTF8.GetString(cell.Text), Column) && AddText(cell.Text, copy)));

    private static bool AddQuoted(ReadOnlySpan<byte> text, ByteText copy) => AddText([(byte)'"', .. text, (byte)'"'], copy);
}

/// <summary>A list: JSON (<c>["a","b"]</c>), PostgreSQL's own <c>{a,b}</c>, or words with commas, semicolons, bars or line ends between them.</summary>
internal sealed class ListValue : ValueReader
{
    private static readonly char[] Separators = [',', ';', '|', '\n'];

    public override bool TryRead(Cell cell, ByteText copy)
    {
        if (cell.Kind == CellKind.Error)
            return false;
        var text = System.Text.Encoding.UTF8.GetString(cell.Text).Trim();
        if (text.StartsWith('[') && text.EndsWith(']'))
            return TryReadJson(text, out var literal) && AddText(System.Text.Encoding.UTF8.GetBytes(literal), copy);
        if (text.StartsWith('{') && text.EndsWith('}'))
            return AddText(cell.Text, copy);
        var words = text.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return AddText(System.Text.Encoding.UTF8.GetBytes(Sql.ArrayText(words)), copy);
    }

    private static bool TryReadJson(string text, out string literal)
    {
        literal = "";
        try
        {
            using var document = JsonDocument.Parse(text);
            literal = Literal(document.RootElement);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string Literal(JsonElement list) => $"{{{string.Join(",", list.EnumerateArray().Select(Member))}}}";

    private static string Member(JsonElement member) => member.ValueKind switch
    {
        JsonValueKind.Null => "NULL",
        JsonValueKind.Array => Literal(member),
        JsonValueKind.String => Quote(member.GetString()!),
        _ => Quote(member.GetRawText()),
    };

    private static string Quote(string member) => Sql.ArrayText([member])[1..^1];
}
