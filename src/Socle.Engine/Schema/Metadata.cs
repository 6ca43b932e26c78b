using System.Collections.Immutable;

namespace Socle.Schema;

/// <summary>Takes a table as wanted and as it is, gives the steps that bring up to date what Socle keeps of it beside the catalog. Pure.</summary>
internal static class Metadata
{
    public static IEnumerable<SchemaStep> Compare(TableShape desired, TableShape actual)
    {
        if (desired.Metadata is not { } wanted)
            yield break;
        var told = Of(desired, actual, wanted);
        if (!IsTold(told, actual.Metadata))
            yield return new DescribeTable(desired.Name, told, actual.Metadata, [.. desired.Columns.Select(column => column.Name).Where(name => actual.FindColumn(name) is null)]);
        else if (Order(told.Fields, actual.Metadata!) is var order && !order.SequenceEqual(Order(actual.Metadata!.Fields, told)))
            yield return new MoveFields(desired.Name, order, actual.Metadata.Fields);
    }

    /// <summary>What is wanted with what does not change: the keys that were given first, and who made what.</summary>
    public static TableMetadata Of(TableShape desired, TableShape? actual, TableMetadata wanted)
    {
        var found = actual?.Metadata;
        var taken = wanted.Fields.Select(field => field.Key ?? found?.FindField(field.Name)?.Key).OfType<string>().ToHashSet();
        return wanted with
        {
            Blueprint = wanted.IsByHand ? found?.Blueprint : wanted.Blueprint,
            IsByHand = false,
            Key = wanted.Key ?? (found is { Blueprint: not null } ? found.Key : found?.Key ?? desired.Name),
            MadeBy = actual is null ? wanted.Blueprint : found?.MadeBy,
            Fields =
            [
                .. wanted.Fields.Select(field => field with
                {
                    Key = field.Key ?? (found?.FindField(field.Name) is { } told ? told.Key : FreeKey(field.Name, taken)),
                    MadeBy = IsThere(field) ? found?.FindField(field.Name)?.MadeBy : wanted.Blueprint,
                }),
            ],
        };

        bool IsThere(FieldMetadata field) => actual?.FindColumn(field.Name) is not null || (field.IsComputed && found?.FindField(field.Name) is { IsComputed: true });
    }

    /// <summary>A field may be called as another was once: its key is another then.</summary>
    private static string FreeKey(string name, HashSet<string> taken)
    {
        var key = name;
        for (var i = 2; !taken.Add(key); i++)
            key = $"{name}#{i}";
        return key;
    }

    private static bool IsTold(TableMetadata wanted, TableMetadata? found) =>
        found is not null
        && wanted.Blueprint == found.Blueprint
        && wanted.Key == found.Key
        && wanted.MadeBy == found.MadeBy
        && wanted.Label == found.Label
        && wanted.Search is null == found.Search is null
        && (wanted.Search ?? []).SequenceEqual(found.Search ?? [])
        && wanted.Fields.All(field => found.FindField(field.Name) is { } other && other with { Position = null } == field);

    /// <summary>The names of the fields that both know.</summary>
    private static ImmutableArray<string> Order(ImmutableArray<FieldMetadata> fields, TableMetadata other) =>
        [.. fields.Select(field => field.Name).Where(name => other.FindField(name) is not null)];
}
