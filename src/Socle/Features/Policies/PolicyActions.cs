using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Policies;

/// <summary>The four actions as they are written.</summary>
internal static class PolicyActions
{
    public static ImmutableArray<(string Word, PolicyAction Meaning)> All { get; } = [.. Enum.GetValues<PolicyAction>().Select(action => (Word(action), action))];

    public static string Word(PolicyAction action) => action.ToString().ToLowerInvariant();

    /// <summary>A list of them; null when it is not there.</summary>
    public static ImmutableArray<PolicyAction>? Read(BodyReader body, string name)
    {
        if (body.Words(name) is not { } words)
            return null;
        if (words.All(word => All.Any(action => action.Word == word)))
            return [.. words.Select(word => All.First(action => action.Word == word).Meaning)];
        var known = string.Join(", ", All.Select(action => action.Word));
        body.Refuse(new Fault(FaultCode.InvalidValue, $"'{name}' is a list of these: {known}.", $"« {name} » est une liste parmi : {known}.", name));
        return null;
    }
}
