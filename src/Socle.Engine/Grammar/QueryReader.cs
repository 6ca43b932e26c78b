using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Grammar;

/// <summary>
/// Takes the parameters of a request and gives what they ask as a tree. Refuses everything the dialect does
/// not know, with all faults at once, each naming its parameter, the column and what was expected.
/// Knows no schema: whether a name exists is judged later.
/// </summary>
public static class QueryReader
{
    /// <param name="queryString">As in an address, percent-encoded, with or without the question mark.</param>
    public static Result<RecordQuery> Read(string queryString)
    {
        var reading = new Reading();
        return Read(QueryString.Decode(queryString, reading), reading);
    }

    /// <param name="parameters">Decoded, in the order in which they came; a key may repeat.</param>
    public static Result<RecordQuery> Read(IReadOnlyList<KeyValuePair<string, string>> parameters) => Read(parameters, new Reading());

    /// <summary>Reads conditions alone, written like a query string: <c>status=eq.active&amp;or=(a.gt.1,b.is.null)</c>.</summary>
    public static Result<ImmutableArray<Condition>> ReadConditions(string text) => ReadConditions(text, new Reading());

    /// <summary>The same, where conditions may lead through relations: <c>client.status=eq.active&amp;or=(owner.eq.1,client.owner.eq.1)</c>.</summary>
    public static Result<ImmutableArray<Condition>> ReadRelatedConditions(string text) => ReadConditions(text, new Reading { AllowsRelated = true });

    private static Result<ImmutableArray<Condition>> ReadConditions(string text, Reading reading)
    {
        var draft = new QueryDraft(reading);
        foreach (var (key, value) in QueryString.Decode(text, reading))
        {
            if (!reading.IsHopeless)
                draft.ReadCondition(key, value);
        }

        return reading.Faults is null ? draft.Build().Scope.Where : reading.Faults;
    }

    private static Result<RecordQuery> Read(IReadOnlyList<KeyValuePair<string, string>> parameters, Reading reading)
    {
        var draft = new QueryDraft(reading);
        // The embeds must be known before the parameters that speak of them, wherever select stands.
        for (var i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Key == "select" && !reading.IsHopeless)
                draft.ReadSelect(parameters[i].Value);
        }

        for (var i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Key != "select" && !reading.IsHopeless)
                draft.ReadParameter(parameters[i].Key, parameters[i].Value);
        }

        return reading.Faults is null ? draft.Build() : reading.Faults;
    }
}
