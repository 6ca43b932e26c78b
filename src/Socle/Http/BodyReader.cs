using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Socle.Kernel;

namespace Socle.Http;

/// <summary>
/// The body of a request that is no record: an object whose members are asked for by name. Gathers a fault for each that is missing, of
/// another type, too long, or never asked for.
/// </summary>
public sealed class BodyReader
{
    private const int MostBytes = 65_536;

    private readonly Dictionary<string, JsonElement> _members;
    private readonly HashSet<string> _asked = [];
    private readonly List<Fault> _faults = [];

    private BodyReader(JsonElement body) => _members = body.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);

    public static async ValueTask<Result<BodyReader>> Read(HttpContext context)
    {
        var body = await ReadObject(context, MostBytes);
        return body.IsFault ? body.Faults : new BodyReader(body.Value);
    }

    /// <summary>The body as it is; refuses what is no JSON object, or larger.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mostBytes">As large as any request's when nothing is said.</param>
    public static async ValueTask<Result<JsonElement>> ReadObject(HttpContext context, int? mostBytes = null)
    {
        if (mostBytes is not null && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = mostBytes;
        var body = await RequestReader.ReadBody(context);
        if (body.IsFault)
            return body.Faults;
        return body.Value is { ValueKind: JsonValueKind.Object } found
            ? found
            : new Fault(FaultCode.InvalidJson, "The body must be a JSON object.", "Le corps doit être un objet JSON.");
    }

    public bool Has(string name) => _members.ContainsKey(name);

    /// <summary>A text that must be there; empty where it is not, with a fault.</summary>
    public string Required(string name, int longest = 300)
    {
        var text = Text(name, longest);
        if (string.IsNullOrEmpty(text) && !_faults.Exists(fault => fault.Field == name))
            _faults.Add(new Fault(FaultCode.Required, $"'{name}' is missing.", $"« {name} » manque.", name));
        return text ?? "";
    }

    /// <summary>Null when it is not there or null.</summary>
    public string? Text(string name, int longest = 300)
    {
        if (Find(name) is not { } value)
            return null;
        if (ReadText(value) is not { } text)
            return Refuse<string?>(name, "a text", "un texte");
        return text.Length <= longest ? text : Refuse<string?>(name, $"no longer than {longest} characters", $"de {longest} caractères au plus");
    }

    /// <summary>An object that must be there, as it was written; empty where it is not, with a fault.</summary>
    public string RequiredObject(string name)
    {
        if (Find(name) is { ValueKind: JsonValueKind.Object } value)
            return value.GetRawText();
        _faults.Add(new Fault(FaultCode.Required, $"'{name}' is missing: a JSON object.", $"« {name} » manque : un objet JSON.", name));
        return "";
    }

    /// <summary>Whatever stands there, as it was written; null when nothing or null does.</summary>
    public JsonElement? Json(string name) => Find(name);

    public int? Number(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : Refuse<int?>(name, "a whole number", "un nombre entier");
    }

    /// <summary>A list of objects, each to be asked for its own members; null when it is not there.</summary>
    public ImmutableArray<BodyReader>? Objects(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
            ? [.. value.EnumerateArray().Select(item => new BodyReader(item))]
            : Refuse<ImmutableArray<BodyReader>?>(name, "a list of objects", "une liste d'objets");
    }

    public bool? Switch(string name) => Find(name) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => Refuse<bool?>(name, "true or false", "true ou false"),
    };

    public DateTimeOffset? Moment(string name)
    {
        if (Find(name) is not { } value)
            return null;
        return value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var moment)
            ? moment
            : Refuse<DateTimeOffset?>(name, "a moment such as 2027-01-31T12:00:00Z", "un instant comme 2027-01-31T12:00:00Z");
    }

    /// <summary>One of a few words; null when it is not there.</summary>
    public T? Choice<T>(string name, params (string Word, T Meaning)[] choices)
        where T : struct
    {
        if (Text(name) is not { } text)
            return null;
        foreach (var (word, meaning) in choices)
        {
            if (word == text)
                return meaning;
        }

        var words = string.Join(", ", choices.Select(choice => choice.Word));
        return Refuse<T?>(name, $"one of: {words}", $"parmi : {words}");
    }

    /// <summary>A list of texts; null when it is not there or null.</summary>
    public ImmutableArray<string>? Words(string name)
    {
        if (Find(name) is not { } value)
            return null;
        var words = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(ReadText).ToList() : [null];
        return words.Contains(null) ? Refuse<ImmutableArray<string>?>(name, "a list of texts", "une liste de textes") : [.. words.OfType<string>()];
    }

    /// <summary>One text for both languages, or { "fr": …, "en": … }, where a missing one borrows the other's.</summary>
    public Text? Label(string name)
    {
        if (Find(name) is not { } value)
            return null;
        if (ReadText(value) is { } both)
            return new Text(both, both);
        var isMap = value.ValueKind == JsonValueKind.Object && value.EnumerateObject().All(member => member.Name is "fr" or "en" && ReadText(member.Value) is not null);
        var french = isMap && value.TryGetProperty("fr", out var fr) ? ReadText(fr) : null;
        var english = isMap && value.TryGetProperty("en", out var en) ? ReadText(en) : null;
        return (english ?? french) is { } any ? new Text(english ?? any, french ?? any) : Refuse<Text?>(name, "a text, or { \"fr\": …, \"en\": … }", "un texte, ou { « fr » : …, « en » : … }");
    }

    public void Refuse(Fault fault) => _faults.Add(fault);

    /// <summary>To be read when everything was asked for.</summary>
    public ImmutableArray<Fault> Faults =>
    [
        .. _faults,
        .. _members.Keys.Where(name => !_asked.Contains(name)).Select(name => new Fault(
            FaultCode.UnknownField,
            $"'{Clip(name)}' is not understood here. Known are: {string.Join(", ", _asked)}.",
            $"« {Clip(name)} » n'est pas compris ici. Sont connus : {string.Join(", ", _asked)}.",
            Clip(name))),
    ];

    private JsonElement? Find(string name)
    {
        _asked.Add(name);
        return _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>Null for what is no text, or one that PostgreSQL cannot hold.</summary>
    private static string? ReadText(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString() is { } text && !text.Contains('\0') ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }

    private T? Refuse<T>(string name, string expected, string attendu)
    {
        _faults.Add(new Fault(FaultCode.InvalidValue, $"'{name}' must be {expected}.", $"« {name} » doit être {attendu}.", name));
        return default;
    }

    private static string Clip(string name) => name.Length <= 60 ? name : name[..60] + "…";
}
