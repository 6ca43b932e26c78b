using System.Text.Json;
using Socle.FieldTypes;
using Socle.Imports.Reading;
using Socle.Postgres;

namespace Socle.Imports.Values;

/// <summary>JSON as it is written; in a file that tells text apart, text is a JSON string.</summary>
internal sealed class JsonValue(bool isTyped) : ValueReader
{
    private static readonly JsonField Type = new();
    private static readonly PgType Column = new(PgTypes.Jsonb, "jsonb", PgKind.Jsonb);

    public override bool TakesBlanks => isTyped;

    public override bool TryRead(Cell cell, ByteText copy) => cell.Kind switch
    {
        CellKind.Error => false,
        CellKind.Date => AddQuoted(cell.Text, copy),
        CellKind.Text or CellKind.EmptyText when isTyped => !cell.Text.Contains((byte)0) && AddQuoted(cell.Text, copy),
        _ => Type.AcceptsText(System.Text.Encoding.UTF8.GetString(cell.Text), Column) && AddText(cell.Text, copy),
    };

    private static bool AddQuoted(ReadOnlySpan<byte> text, ByteText copy) => AddText([(byte)'"', .. JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'], copy);
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
