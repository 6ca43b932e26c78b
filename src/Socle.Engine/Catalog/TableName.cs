using System.Collections.Frozen;
using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Catalog;

/// <summary>What a table is called.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Relation">Its name within the schema.</param>
/// <param name="Served">The name under which it is served: the bare one, or <c>schema.table</c> where that is another's.</param>
/// <param name="Api">The served name in camelCase; the served name itself where another table would have the same.</param>
public sealed record TableName(string Schema, string Relation, string Served, string Api)
{
    /// <summary>Where Socle keeps its own tables.</summary>
    public const string SystemSchema = "socle_system";

    /// <summary>Literal addresses of the server, in front of which no table of that name could be reached.</summary>
    public static FrozenSet<string> Doors { get; } =
        new[] { "api", "batch", "changes", "docs", "events", "favicon.svg", "health", "openapi.json", "robots.txt", "trash" }.ToFrozenSet();

    /// <summary>Always one of the table's names.</summary>
    public string Qualified { get; } = Qualify(Schema, Relation);

    public static string Qualify(string schema, string relation) => $"{schema}.{relation}";

    /// <summary>Names tables so that no two are served alike.</summary>
    /// <param name="relations">Schemas and names; where two are called alike, the first has the bare name.</param>
    public static ImmutableArray<TableName> ForAll(IReadOnlyList<(string Schema, string Relation)> relations)
    {
        var taken = new HashSet<string>(Doors);
        var served = relations.Select(item => taken.Add(item.Relation) ? item.Relation : Qualify(item.Schema, item.Relation)).ToList();
        // A table whose own name looks like schema.table gives way to the one that is meant.
        for (var i = 0; i < served.Count; i++)
        {
            if (served[i] == relations[i].Relation && served.IndexOf(served[i]) != served.LastIndexOf(served[i]))
                served[i] = Qualify(relations[i].Schema, relations[i].Relation);
        }

        var shared = served.SelectMany(name => new[] { name, ApiNames.ToCamelCase(name) }.Distinct()).CountBy(name => name).Where(pair => pair.Value > 1).Select(pair => pair.Key).ToHashSet();
        return [.. relations.Select((item, i) => new TableName(item.Schema, item.Relation, served[i], ApiNames.ToCamelCase(served[i]) is var api && shared.Contains(api) ? served[i] : api))];
    }
}
