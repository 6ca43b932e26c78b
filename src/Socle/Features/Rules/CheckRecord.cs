using System.Collections.Immutable;
using System.Text.Json;
using Socle.Access;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Http;
using Socle.Kernel;
using Socle.Records;
using Socle.Records.Running;
using Socle.Rules;

namespace Socle.Features.Rules;

/// <summary>
/// <c>POST …/rules/check</c>: takes <c>{ "record": {…}, "id": … }</c>, gives what the rules say of the record as it would be written, or of
/// the stored record with these changes: what to set, hide, ask for and offer, and what it breaks. Writes nothing.
/// </summary>
internal static class CheckRecord
{
    public static async Task Handle(AccountCall call)
    {
        var table = RulesApi.FindTable(call);
        var body = table.IsFault ? table.Faults : await BodyReader.ReadObject(call.Context);
        var asked = body.IsFault ? body.Faults : Read(table.Value, body.Value);
        if (asked.IsFault)
        {
            await call.Refuse(asked.Faults);
            return;
        }

        var stored = await Find(call, table.Value, asked.Value.Id);
        if (stored.IsFault)
        {
            await call.Refuse(stored.Faults);
            return;
        }

        var rules = table.Value.Rules.About(table.Value.Fields.Select(field => field.Name));
        var verdict = RecordRules.Judge(table.Value, rules, asked.Value.Record, stored.Value);
        await EnvelopeAnswers.WriteObject(call.Context, json => Write(json, new Names(table.Value, asked.Value.Record), rules, verdict, call.Caller.Language));
    }

    private sealed record Question(JsonElement Record, string? Id);

    private static Result<Question> Read(TableSnapshot table, JsonElement body)
    {
        var faults = ImmutableArray.CreateBuilder<Fault>();
        foreach (var member in body.EnumerateObject().Where(member => member.Name is not ("record" or "id")))
            faults.Add(new Fault(FaultCode.UnknownField, "Here only 'record' and 'id' are understood.", "Seuls « record » et « id » sont compris ici.", member.Name.Length <= 60 ? member.Name : member.Name[..60] + "…"));
        if (!body.TryGetProperty("record", out var record) || record.ValueKind != JsonValueKind.Object)
            faults.Add(new Fault(FaultCode.Required, "'record' is missing: the record's fields as a JSON object.", "« record » manque : les champs de l'enregistrement, en objet JSON.", "record"));
        else
            faults.AddRange(record.EnumerateObject().Select(member => Check(table, member)).OfType<Fault>());
        var id = body.TryGetProperty("id", out var key) && key.ValueKind is not JsonValueKind.Null ? key.ToString() : null;
        return faults.Count > 0 ? faults.ToImmutable() : new Question(record, id);
    }

    private static Fault? Check(TableSnapshot table, JsonProperty member) => table.FindField(member.Name) is { } field
        ? field.Type.Check(member.Value, field.Shape, member.Name)
        : new Fault(FaultCode.UnknownField, $"'{table.Name}' has no field '{Clip(member.Name)}'.", $"« {table.Name} » n'a pas de champ « {Clip(member.Name)} ».", Clip(member.Name));

    private static async Task<Result<JsonElement?>> Find(AccountCall call, TableSnapshot table, string? id)
    {
        if (id is null)
            return default(JsonElement?);
        var answer = await call.Get<RecordStore>().Run(new RecordRequest(RecordAction.Get, table.Name, RecordQuery.Everything, call.Caller, id), call.Get<LiveCatalog>().Current, null, call.Cancellation);
        if (answer.IsFault)
            return answer.Faults;
        await using var found = answer.Value;
        await found.Rows.Next();
        using var stream = new MemoryStream();
        await using (var json = new Utf8JsonWriter(stream))
            JsonRows.Write(json, found.Rows, found.Outputs);
        using var document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }

    /// <summary>Fields under the names that the caller used.</summary>
    private sealed class Names(TableSnapshot table, JsonElement record)
    {
        private readonly Dictionary<string, string> _written = record.EnumerateObject().Select(member => (table.FindField(member.Name)!.Name, Written: member.Name)).DistinctBy(pair => pair.Name).ToDictionary(pair => pair.Name, pair => pair.Written);

        public string Of(string field) => _written.GetValueOrDefault(field) ?? table.FindField(field)!.ApiName;
    }

    private static void Write(Utf8JsonWriter json, Names names, RuleSet rules, RuleVerdict verdict, Language language)
    {
        json.WriteBoolean("valid"u8, verdict.Broken.IsEmpty);
        json.WriteStartObject("set"u8);
        foreach (var set in verdict.Set)
        {
            json.WritePropertyName(names.Of(set.Field));
            set.Value.WriteTo(json);
        }

        json.WriteEndObject();
        WriteNames(json, "hidden", verdict.Hidden, names);
        WriteNames(json, "readOnly", verdict.ReadOnly, names);
        WriteNames(json, "required", verdict.Required, names);
        json.WriteStartObject("choices"u8);
        foreach (var choices in verdict.Choices)
        {
            json.WriteStartArray(names.Of(choices.Field));
            foreach (var value in choices.Values)
                value.WriteTo(json);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteStartArray("broken"u8);
        foreach (var broken in verdict.Broken)
        {
            json.WriteStartObject();
            json.WriteString("rule"u8, broken.Rule);
            json.WriteString("effect"u8, BrokenRule.WordOf(broken.Effect));
            json.WriteString("field"u8, names.Of(broken.Field));
            json.WriteString("message"u8, RecordRules.Tell(rules.Find(broken.Rule)!, broken, names.Of(broken.Field)).Message.In(language));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNames(Utf8JsonWriter json, string key, ImmutableArray<string> fields, Names names)
    {
        json.WriteStartArray(key);
        foreach (var field in fields)
            json.WriteStringValue(names.Of(field));
        json.WriteEndArray();
    }

    private static string Clip(string name) => name.Length <= 60 ? name : name[..60] + "…";
}
