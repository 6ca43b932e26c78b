using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.FieldTypes;

/// <summary>A web address. Only http and https: anything else would run or leak when somebody clicks it.</summary>
public sealed class UrlField : TextField
{
    public override string Name => "url";

    public override Text Expects(FieldShape field) =>
        new("a web address that begins with https:// or http://", "une adresse web qui commence par https:// ou http://");

    public override bool Accepts(JsonElement value, FieldShape field) =>
        JsonText.Find(value) is { } text && AcceptsWritten(text, field);

    public override bool AcceptsWritten(ReadOnlySpan<char> text, FieldShape field) =>
        text.Length == 0
        || (JsonText.IsStorable(text) && Uri.TryCreate(text.ToString(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https");

    public override JsonObject Schema(FieldShape field) => new() { ["type"] = "string", ["format"] = "uri" };
}
