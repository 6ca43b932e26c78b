using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Socle.Rules;

/// <summary>
/// Looks for a record for which some conditions hold and others do not, among the finitely many values that tell apart whatever the
/// conditions can tell apart (<see cref="Candidates"/>). Gives up, and says so, after a number of tries.
/// </summary>
/// <param name="fields">The table's fields.</param>
/// <param name="holding">Conditions that hold.</param>
/// <param name="failing">Conditions that do not: false, or unknown.</param>
internal sealed class WitnessSearch(ImmutableArray<RuleField> fields, ImmutableArray<RuleCondition> holding, ImmutableArray<RuleCondition> failing)
{
    private const int MostTries = 100_000;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ILookup<RuleField, RuleTest> _tests = holding.Concat(failing).SelectMany(condition => condition.Tests).ToLookup(test => test.Field);
    private readonly object?[] _record = [.. fields.Select(_ => RuleCondition.Unchosen)];
    private int _tries;

    public bool IsExhausted => _tries >= MostTries;

    /// <summary>The record as JSON with the fields that matter; null when there is none.</summary>
    public string? Find()
    {
        var chosen = _tests.Select(group => (Field: group.Key, Values: Candidates.Of(group.Key, group))).OrderBy(item => item.Values.Length).ToImmutableArray();
        return Try(chosen, 0) ? Write(chosen.Select(item => item.Field)) : null;
    }

    private bool Try(ImmutableArray<(RuleField Field, ImmutableArray<object?> Values)> chosen, int at)
    {
        if (IsExhausted)
            return false;
        _tries++;
        var isOpen = false;
        foreach (var condition in holding)
        {
            var truth = condition.Judge(_record);
            if (truth is Truth.No or Truth.Null)
                return false;
            isOpen |= truth == Truth.Open;
        }

        foreach (var condition in failing)
        {
            var truth = condition.Judge(_record);
            if (truth == Truth.Yes)
                return false;
            isOpen |= truth == Truth.Open;
        }

        if (!isOpen)
            return true;
        var (field, values) = chosen[at];
        foreach (var value in values)
        {
            _record[field.Index] = value;
            if (Try(chosen, at + 1))
                return true;
        }

        _record[field.Index] = RuleCondition.Unchosen;
        return false;
    }

    private string Write(IEnumerable<RuleField> named)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            foreach (var field in named.Where(field => !ReferenceEquals(_record[field.Index], RuleCondition.Unchosen)).OrderBy(field => field.Index))
            {
                json.WritePropertyName(field.Name);
                RuleValue.WriteJson(json, field, _record[field.Index]);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
