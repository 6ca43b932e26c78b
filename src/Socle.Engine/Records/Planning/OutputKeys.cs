using System.Collections.Immutable;
using System.Text.Json;

namespace Socle.Records.Planning;

/// <summary>
/// Takes the outputs of a scope, gives them with each name once: the same value asked for twice is answered once.
/// Refuses different values of one name, which no JSON object could hold.
/// </summary>
internal static class OutputKeys
{
    public static ImmutableArray<Output> Settle(List<Output> outputs, PlanContext context)
    {
        var named = new Dictionary<JsonEncodedText, Output>(outputs.Count);
        var settled = ImmutableArray.CreateBuilder<Output>(outputs.Count);
        foreach (var output in outputs)
        {
            var isNew = true;
            foreach (var key in KeysOf(output))
            {
                if (named.TryAdd(key, output))
                    continue;
                isNew = false;
                if (output is not ValueOutput value || named[key] is not ValueOutput other || value.Value != other.Value)
                    context.Add(PlanFaults.SharedKey(key.Value));
            }

            if (isNew)
                settled.Add(output);
        }

        return settled.DrainToImmutable();
    }

    private static IEnumerable<JsonEncodedText> KeysOf(Output output) => output switch
    {
        ValueOutput value => [value.Key],
        NestedOutput { Shape: NestedShape.Columns } spread => spread.Embed.Scope.Outputs.SelectMany(KeysOf),
        NestedOutput nested => [nested.Key],
        _ => [],
    };
}
