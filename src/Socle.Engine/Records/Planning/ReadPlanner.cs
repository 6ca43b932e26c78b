using System.Collections.Immutable;
using System.Text.Json;
using Socle.Catalog;
using Socle.Grammar;
using Socle.Kernel;

namespace Socle.Records.Planning;

/// <summary>Takes a request to read and the snapshot, gives the plan. Pure; refuses with every fault at once.</summary>
public static class ReadPlanner
{
    /// <param name="request">The wish.</param>
    /// <param name="snapshot">What the caller sees of the database.</param>
    /// <param name="maxRows">The most rows of one answer; exports have no limit but their own.</param>
    /// <param name="zone">The time zone in which moments have their day.</param>
    public static Result<ReadPlan> Plan(RecordRequest request, CatalogSnapshot snapshot, int maxRows, string zone)
    {
        var table = snapshot.GetTable(request.Table);
        return table.IsFault ? table.Faults : Plan(request, snapshot, table.Value, maxRows, zone);
    }

    internal static Result<ReadPlan> Plan(RecordRequest request, CatalogSnapshot snapshot, TableSnapshot table, int maxRows, string zone)
    {
        var context = new PlanContext(zone);
        var query = request.Query;
        var scope = query.Scope;
        if (request.Id is not null)
            scope = scope with { Where = [.. KeyConditions(table, request.Id, context), .. scope.Where] };
        scope = scope with { Limit = Cap(request, scope.Limit, maxRows) };
        var plan = new ScopePlanner(snapshot, table, context).Plan(scope);
        if (context.Faults.Count > 0)
            return context.Faults;
        var words = query.Search?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        return new ReadPlan(plan, query.Count, new SearchPlan([.. words], snapshot.HasSystemSchema), HasVersion(request, table) && !plan.IsAggregated);
    }

    /// <summary>One record has a version; several, and one that went, have none.</summary>
    private static bool HasVersion(RecordRequest request, TableSnapshot table) => request switch
    {
        { Action: RecordAction.Get, IsExport: false } => table.HasVersions,
        { Action: RecordAction.Create, Body.ValueKind: JsonValueKind.Object } => table.ReturnsVersions,
        { Action: RecordAction.Replace or RecordAction.Patch, Id: not null } => table.ReturnsVersions,
        _ => false,
    };

    private static long? Cap(RecordRequest request, long? limit, int maxRows) => request switch
    {
        { Action: not RecordAction.List } => null,
        { IsExport: true } => limit,
        _ => Math.Min(limit ?? maxRows, maxRows),
    };

    private static ImmutableArray<Condition> KeyConditions(TableSnapshot table, string id, PlanContext context)
    {
        if (table.PrimaryKey.IsEmpty)
        {
            context.Add(new Fault(
                FaultCode.NotFound,
                $"'{table.Name}' has no primary key, so its records have no address of their own. Use a filter.",
                $"« {table.Name} » n'a pas de clé primaire : ses enregistrements n'ont pas d'adresse propre. Utilisez un filtre."));
            return [];
        }

        var values = table.PrimaryKey.Length == 1 ? [id] : KeyReader.Read(id);
        if (values.Length == table.PrimaryKey.Length)
            return [.. table.PrimaryKey.Select((field, i) => new Comparison(new FieldPath(field.Name), Operator.Equal, new TextOperand(values[i])))];
        var parts = string.Join(", ", table.PrimaryKey.Select(field => field.ApiName));
        context.Add(new Fault(
            FaultCode.InvalidValue,
            $"A record of '{table.Name}' is named by {table.PrimaryKey.Length} values separated by commas: {parts}.",
            $"Un enregistrement de « {table.Name} » se désigne par {table.PrimaryKey.Length} valeurs séparées par des virgules : {parts}."));
        return [];
    }
}
