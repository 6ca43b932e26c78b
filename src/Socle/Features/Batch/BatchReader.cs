using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Socle.Catalog;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Features.Batch;

/// <summary>
/// Takes the body of a batch, gives its operations: <c>{"operations": […]}</c>, or the array alone. Refuses everything
/// that is no request for records, all at once and each with its place.
/// </summary>
internal sealed class BatchReader
{
    /// <summary>One transaction should end soon: others wait for the records that it changed.</summary>
    public const int MostOperations = 1000;

    private readonly Caller _caller;
    private readonly CatalogSnapshot _catalog;
    private readonly List<Fault> _faults = [];

    private BatchReader(Caller caller, CatalogSnapshot catalog)
    {
        _caller = caller;
        _catalog = catalog;
    }

    public static Result<ImmutableArray<Operation>> Read(JsonElement body, Caller caller, CatalogSnapshot catalog)
    {
        var (list, name) = body.ValueKind == JsonValueKind.Array ? (body, "") : (FindOperations(body), "operations");
        if (list is not { ValueKind: JsonValueKind.Array })
            return BatchFaults.NoOperations;
        if (list.GetArrayLength() is 0 or > MostOperations)
            return BatchFaults.WrongNumber(list.GetArrayLength());
        var reader = new BatchReader(caller, catalog);
        var operations = ImmutableArray.CreateBuilder<Operation>(list.GetArrayLength());
        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            if (reader.ReadOperation(element, string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]")) is { } operation)
                operations.Add(operation);
        }

        return reader._faults.Count > 0 ? reader._faults : operations.ToImmutable();
    }

    private static JsonElement FindOperations(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.EnumerateObject().Count() == 1 && body.TryGetProperty("operations"u8, out var operations) ? operations : default;

    private Operation? ReadOperation(JsonElement element, string place)
    {
        var draft = OperationDraft.Read(element);
        if (draft.IsFault)
        {
            _faults.AddRange(draft.Faults.Select(fault => Operation.Name(fault, place, "?")));
            return null;
        }

        var (method, path, headers, body) = draft.Value;
        var what = $"{method} {path.Split('?')[0]}";
        var address = OperationPath.Read(path);
        var head = address.IsFault ? address.Faults : RequestReader.ReadHead(method, address.Value.Address, address.Value.Query, headers);
        var faults = head.IsFault ? head.Faults : Check(head.Value, address.Value.Address.Table, headers, body);
        _faults.AddRange(faults.Select(fault => Operation.Name(fault, place, what)));
        return faults.IsEmpty ? new Operation(place, method, head.Value.ToRequest(address.Value.Address, _caller, head.Value.HasBody ? body : null, export: null, origin: null)) : null;
    }

    private ImmutableArray<Fault> Check(RequestHead head, string table, IHeaderDictionary headers, JsonElement? body)
    {
        var faults = ImmutableArray.CreateBuilder<Fault>();
        var found = _catalog.GetTable(table);
        if (found.IsFault)
            faults.AddRange(found.Faults);
        if (head.IsRead && headers.IfMatch.Count > 0)
            faults.Add(BatchFaults.WrongHeader("headers.If-Match"));
        if (head.HasBody && body is null)
            faults.Add(BatchFaults.NoBody);
        if (!head.HasBody && body is { ValueKind: not JsonValueKind.Null })
            faults.Add(BatchFaults.NeedlessBody);
        return faults.ToImmutable();
    }
}
