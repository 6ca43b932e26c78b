using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>One of a list of values, kept by a CHECK; or one of the rows of another table, kept by triggers (0010_limits.sql).</summary>
public sealed class ChoiceField : TextField
{
    public override string Name => "choice";

    public override FaultCode RefusalCode => FaultCode.CheckViolation;

    public override string? CheckExpression(string quotedColumn, FieldSettings settings) =>
        settings.ChoicesFrom is not null ? null : $"{quotedColumn} IN ({string.Join(", ", (settings.Choices ?? []).Select(choice => Sql.Literal(choice.Value)))})";

    public override Text Expects(FieldShape field)
    {
        if (field.Settings.ChoicesFrom is { } source)
            return new($"one of the values of '{source.From}'", $"l'une des valeurs de « {source.From} »");
        var values = string.Join(", ", (field.Settings.Choices ?? []).Select(choice => choice.Value));
        return new($"one of: {values}", $"l'une des valeurs : {values}");
    }

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.Find(value) is { } text && AcceptsWritten(text, field);

    public override bool AcceptsWritten(ReadOnlySpan<char> text, FieldShape field)
    {
        if (field.Settings.ChoicesFrom is not null)
            return base.AcceptsWritten(text, field);
        foreach (var choice in field.Settings.Choices ?? [])
        {
            if (text.SequenceEqual(choice.Value))
                return true;
        }

        return false;
    }

    public override JsonObject Schema(FieldShape field) => field.Settings.ChoicesFrom is not null ? base.Schema(field) : new()
    {
        ["type"] = "string",
        ["enum"] = new JsonArray([.. (field.Settings.Choices ?? []).Select(choice => JsonValue.Create(choice.Value))]),
    };
}
