using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Adoption;

/// <summary>What a table of somebody else's takes and refuses, gone through from the list to the deletion.</summary>
/// <param name="Name">The table.</param>
/// <param name="Key">The key's fields, separated by commas; for a table without a key, a filter that finds the new record.</param>
/// <param name="New">A record to create.</param>
/// <param name="Change">What to change of it.</param>
/// <param name="Refused">A record that is refused.</param>
/// <param name="Field">The field that it is refused for.</param>
/// <param name="Embeds">Related tables to read along, each with the fields to select.</param>
public sealed record AdoptedTable(string Name, string Key, string New, string Change, string Refused, string Field, params string[] Embeds)
{
    private bool HasKey => !Key.Contains('=', StringComparison.Ordinal);

    private string List => $"/api/{Uri.EscapeDataString(Name)}";

    public override string ToString() => Name;

    public async Task GoThrough(HttpClient http)
    {
        Assert.NotEmpty((await http.Get($"{List}?limit=5")).Expect(HttpStatusCode.OK).Records);
        foreach (var embed in Embeds)
            (await http.Get($"{List}?select={Uri.EscapeDataString(embed)}")).Expect(HttpStatusCode.OK);
        var created = (await http.Send(HttpMethod.Post, List, New)).Expect(HttpStatusCode.Created).Data.AsObject();
        AssertHas(created, New);
        var address = HasKey ? $"{List}/{Uri.EscapeDataString(KeyOf(created))}" : $"{List}?{Key}";
        AssertHas(One((await http.Get(address)).Expect(HttpStatusCode.OK)), created.ToJsonString());
        AssertHas(One((await http.Send(HttpMethod.Patch, address, Change)).Expect(HttpStatusCode.OK)), Change);
        // Once more it is a second one of its key, or holds what only the database fills in.
        if (HasKey)
            Assert.Contains((await http.Send(HttpMethod.Post, List, created.ToJsonString())).Status, new[] { HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity });
        var refused = await http.Send(HttpMethod.Post, List, Refused);
        Assert.InRange((int)refused.Status, 400, 499);
        Assert.True(refused.Json["error"]!["fields"]?[Field] is not null, refused.Text);
        AssertHas(One((await http.Send(HttpMethod.Delete, address)).Expect(HttpStatusCode.OK)), Change);
        var gone = await http.Get(address);
        Assert.True(HasKey ? gone.Status == HttpStatusCode.NotFound : gone.Records.Count == 0, gone.Text);
    }

    private JsonObject One(Answer answer) => HasKey ? answer.Data.AsObject() : Assert.Single(answer.Records)!.AsObject();

    private string KeyOf(JsonObject record)
    {
        var values = Key.Split(',').Select(name => record[name]!).Select(value => value.GetValueKind() == JsonValueKind.String ? (string)value! : value.ToJsonString()).ToList();
        return values.Count == 1 ? values[0] : string.Join(',', values.Select(value => value.AsSpan().ContainsAny(",\"") ? $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : value));
    }

    private static void AssertHas(JsonObject record, string expected)
    {
        foreach (var (name, value) in JsonNode.Parse(expected)!.AsObject())
            Assert.True(record.ContainsKey(name) && JsonNode.DeepEquals(record[name], value), $"{name}: {record[name]?.ToJsonString()} is not {value?.ToJsonString()}");
    }
}
