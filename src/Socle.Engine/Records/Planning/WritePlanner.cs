using System.Collections.Immutable;
using System.Text.Json;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Records.Planning;

/// <summary>
/// Takes a request to write and the snapshot, gives the plan: which columns of which records, and what is answered.
/// Refuses unknown and kept fields, values of the wrong type and missing required ones, all at once;
/// uniqueness and references are the database's to judge.
/// </summary>
public static class WritePlanner
{
    public static Result<WritePlan> Plan(RecordRequest request, CatalogSnapshot snapshot, string zone, SealedText? secrets = null)
    {
        var found = snapshot.GetTable(request.Table);
        if (found.IsFault)
            return found.Faults;
        var table = found.Value;
        if (!table.Rights.Allows(ActionOf(request.Action)) || (request.Resolution == ConflictResolution.Merge && !table.Rights.Allows(PolicyAction.Update)))
            return WriteFaults.NotAllowed(table);
        if (!IsWritable(table, request.Action))
            return WriteFaults.NotWritable(table);
        var answer = ReadPlanner.Plan(request, snapshot, table, int.MaxValue, zone);
        if (request is { Id: null, Action: not RecordAction.Create } && request.Query.Scope.Where.IsEmpty)
            return WriteFaults.NoFilter(table);
        if (request.Versions is not null && !table.HasVersions)
            return WriteFaults.NoVersions(table);
        if (request.Action == RecordAction.Delete)
            return answer.IsFault ? answer.Faults : new WritePlan(WriteKind.Delete, table, [], [], answer.Value) { Versions = request.Versions };

        var body = BodyPlanner.Plan(request, table, secrets);
        var conflict = request.Action == RecordAction.Create ? PlanConflict(request, table) : (ConflictPlan?)null;
        var faults = answer.Faults.Concat(body.Faults).Concat(conflict.Faults).ToImmutableArray();
        if (faults.Length > 0)
            return faults;
        // What a record lacks would be overwritten with the default, for PostgreSQL merges whole columns.
        if (conflict.Value is { Resolution: ConflictResolution.Merge } && body.Value.Columns.FirstOrDefault(column => column.Presence == Presence.Some).Field is { } unequal)
            return WriteFaults.UnequalRecords(unequal.ApiName);
        return body.Value with { Answer = answer.Value, Conflict = conflict.Value, Versions = request.Versions };
    }

    internal static PolicyAction ActionOf(RecordAction action) => action switch
    {
        RecordAction.Create => PolicyAction.Create,
        RecordAction.Delete => PolicyAction.Delete,
        _ => PolicyAction.Update,
    };

    private static bool IsWritable(TableSnapshot table, RecordAction action) => action switch
    {
        RecordAction.Create => table.IsInsertable,
        RecordAction.Delete => table.IsDeletable,
        _ => table.IsUpdatable,
    };

    private static Result<ConflictPlan?> PlanConflict(RecordRequest request, TableSnapshot table)
    {
        if (request.Resolution == ConflictResolution.Refuse)
            return (ConflictPlan?)null;
        var faults = new List<Fault>();
        var wanted = new HashSet<string>();
        foreach (var name in request.Query.OnConflict)
        {
            if (table.FindField(name) is { } field)
                wanted.Add(field.Name);
            else
                faults.Add(PlanFaults.UnknownField(table, name, "on_conflict"));
        }

        if (faults.Count > 0)
            return faults;
        if (wanted.Count == 0)
            wanted = [.. table.PrimaryKey.Select(field => field.Name)];
        if (wanted.Count == 0)
            return (ConflictPlan?)null;
        var unique = table.Uniques
            .Where(candidate => candidate.Definition is not null && wanted.SetEquals(candidate.Fields.Select(field => field.Name)))
            .OrderByDescending(candidate => candidate.IsPlain)
            .FirstOrDefault();
        return unique is null
            ? WriteFaults.NotUnique(table, request.Query.OnConflict)
            : new ConflictPlan(unique.Definition!, request.Resolution, unique.Fields);
    }
}
