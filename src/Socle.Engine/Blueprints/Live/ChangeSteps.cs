using System.Collections.Immutable;
using Npgsql;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Blueprints.Live;

/// <summary>Takes what is to become of a table, gives the steps, counted. Needs an open transaction. Refuses to drop a table that others refer to.</summary>
internal static class ChangeSteps
{
    public static Task<Result<ImmutableArray<SchemaStep>>> Plan(NpgsqlConnection connection, TableChange change, CancellationToken cancellation) =>
        change.After is { } after ? Change(connection, change, after, cancellation) : Drop(connection, change, change.Before!, cancellation);

    private static async Task<Result<ImmutableArray<SchemaStep>>> Drop(NpgsqlConnection connection, TableChange change, LiveTable table, CancellationToken cancellation)
    {
        var referring = table.Shape!.Parts.Where(part => part is { IsReference: true, IsInbound: true }).Select(part => $"{part.Owner} ({part.Name})")
            .Concat(from other in change.Live
                    where other.Name != table.Name
                    from limit in other.Shape?.Limits ?? []
                    where limit.Source == table.Name
                    select $"{other.Name}.{limit.Field}")
            .ToList();
        if (referring.Count > 0)
        {
            var names = string.Join(", ", referring);
            return new Fault(
                FaultCode.StillReferenced,
                $"The table '{table.Name}' stays, since others refer to it: {names}. Drop those fields first, or give them another type.",
                $"La table « {table.Name} » reste, car d'autres s'y réfèrent : {names}. Supprimez d'abord ces champs, ou donnez-leur un autre type.");
        }

        return await StepCosts.Count(connection, Departures.Of([table.Shape], []), cancellation);
    }

    private static async Task<Result<ImmutableArray<SchemaStep>>> Change(NpgsqlConnection connection, TableChange change, TableBlueprint after, CancellationToken cancellation)
    {
        var trigrams = await Trigrams.Read(connection, cancellation);
        var needsTrigrams = after.Search is { IsEmpty: false } && trigrams is { IsInstalled: false, Schema: not null };
        var extension = needsTrigrams ? new CreateExtension(Trigrams.Extension) : null;
        var wanted = DesiredSchema.Shape(after, trigrams.Schema, change.Others);
        wanted = wanted with { Metadata = wanted.Metadata! with { IsByHand = true } };
        var reading = await SchemaReading.Read(connection, extension, [wanted], Comparison(change, after, wanted), cancellation);
        if (reading.IsFault)
            return reading.Faults.Select(fault => fault with { Code = fault.Code == FaultCode.InvalidBlueprint ? FaultCode.InvalidValue : fault.Code, Field = null }).ToList();
        var makesSearch = reading.Value.Steps.Any(step => step is CreateIndex { Shape.Definition: var definition } && definition.Contains("gin_trgm_ops", StringComparison.Ordinal));
        return extension is not null && makesSearch ? [extension, .. reading.Value.Steps] : reading.Value.Steps;
    }

    private static SchemaComparison Comparison(TableChange change, TableBlueprint after, TableShape wanted)
    {
        if (change.Before is not { } before)
            return new SchemaComparison { Match = _ => new Matching([], []), Rules = _ => RuleDepartures.New([wanted]) };
        var overlay = new TableOverlay(before.Blueprint!, after, change.Origins);
        return new SchemaComparison
        {
            Match = actual => new Matching([], [new TableMatch(wanted, actual.FirstOrDefault(table => table.Name == before.Name) ?? before.Shape!, overlay.Columns, overlay.Leaving)]),
            // What a blueprint made of them stays its own; rules that the table's words cannot say stay as they are.
            Rules = _ => RuleDepartures.New([]).Add(
                wanted with { Rules = [.. wanted.Rules.Select(kept => kept with { Blueprint = before.Shape!.Rules.FirstOrDefault(other => other.Rule.Id == kept.Rule.Id)?.Blueprint })] },
                before.Shape!,
                overlay.Columns,
                [.. before.Shape!.Rules.Where(kept => before.Blueprint!.Rules.All(rule => rule.Id != kept.Rule.Id))]),
            Spare = overlay.Spare,
            Release = overlay.Release,
        };
    }
}
