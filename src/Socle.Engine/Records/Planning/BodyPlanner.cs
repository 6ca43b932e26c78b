using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Kernel;

namespace Socle.Records.Planning;

/// <summary>
/// Holds the JSON of a write against a table: every field known, every value of its type, every required one there.
/// Gives the columns to write and the same JSON with the columns' names, which PostgreSQL converts.
/// </summary>
internal sealed class BodyPlanner
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly RecordRequest _request;
    private readonly TableSnapshot _table;
    private readonly List<Fault> _faults = [];
    private readonly int[] _present;
    private readonly int[] _seen;
    private readonly HashSet<string>? _columns;
    private int _records;

    private readonly SealedText? _secrets;

    private BodyPlanner(RecordRequest request, TableSnapshot table, SealedText? secrets)
    {
        _secrets = secrets;
        _request = request;
        _table = table;
        _present = new int[table.Fields.Length];
        _seen = new int[table.Fields.Length];
        if (request.Query.Columns.IsDefaultOrEmpty)
            return;
        _columns = [];
        foreach (var name in request.Query.Columns)
        {
            if (table.FindField(name) is { } field)
                _columns.Add(field.Name);
            else
                _faults.Add(PlanFaults.UnknownField(table, name, "columns"));
        }
    }

    /// <summary>The plan without its answer.</summary>
    public static Result<WritePlan> Plan(RecordRequest request, TableSnapshot table, SealedText? secrets)
    {
        var body = request.Body!.Value;
        var isCreate = request.Action == RecordAction.Create;
        if (body.ValueKind != JsonValueKind.Object && !(isCreate && body.ValueKind == JsonValueKind.Array))
            return WriteFaults.WrongBody(isCreate);
        if (isCreate && !table.Fields.Any(field => field.IsInsertable && table.Rights.AllowsField(PolicyAction.Create, field.Name)))
            return WriteFaults.NothingToWrite(table);
        var planner = new BodyPlanner(request, table, secrets);
        var payload = planner.Read(body);
        if (planner._faults.Count > 0)
            return planner._faults;
        return new WritePlan(isCreate ? WriteKind.Insert : WriteKind.Update, table, planner.Columns(), payload, null!)
        {
            Echoed = isCreate ? [] : [.. planner.Present().Where(planner.IsEcho)],
        };
    }

    private byte[] Read(JsonElement body)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, WriterOptions);
        try
        {
            if (body.ValueKind == JsonValueKind.Object)
            {
                ReadRecord(body, writer, prefix: "");
            }
            else
            {
                writer.WriteStartArray();
                foreach (var record in body.EnumerateArray())
                    ReadMember(record, writer);
                writer.WriteEndArray();
            }

            writer.Flush();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // Half of a surrogate pair, deep inside a json value: no text.
            _faults.Add(WriteFaults.InvalidText());
        }

        return buffer.WrittenSpan.ToArray();
    }

    private void ReadMember(JsonElement record, Utf8JsonWriter writer)
    {
        if (record.ValueKind == JsonValueKind.Object)
            ReadRecord(record, writer, prefix: $"[{_records}].");
        else
            _faults.Add(WriteFaults.NotAnObject(_records++));
    }

    private void ReadRecord(JsonElement record, Utf8JsonWriter writer, string prefix)
    {
        _records++;
        writer.WriteStartObject();
        foreach (var property in record.EnumerateObject())
            ReadField(property, writer, prefix);
        // Which of several records have a field: those that have not take its default.
        if (_request.Body!.Value.ValueKind == JsonValueKind.Array)
        {
            foreach (var field in _table.Fields.Where(IsSeen))
                writer.WriteBoolean(PresenceKey(field), true);
        }

        writer.WriteEndObject();
        CheckRequired(prefix);
    }

    /// <summary>The member that says whether a record of several has the field. It must fit into a name of PostgreSQL, as the field's own may just do.</summary>
    public static string PresenceKey(FieldSnapshot field) => $"?{field.Ordinal}";

    private bool IsSeen(FieldSnapshot field) => _seen[field.Ordinal] == _records;

    private IEnumerable<FieldSnapshot> Present() => _table.Fields.Where(field => _present[field.Ordinal] > 0);

    private void ReadField(JsonProperty property, Utf8JsonWriter writer, string prefix)
    {
        if (_table.FindField(property.Name) is not { } field)
        {
            if (_columns is null)
                _faults.Add(PlanFaults.UnknownField(_table, property.Name, prefix + property.Name));
            return;
        }

        if (_columns?.Contains(field.Name) == false)
            return;
        var path = prefix.Length == 0 ? property.Name : prefix + property.Name;
        if (IsSeen(field))
            _faults.Add(WriteFaults.Twice(path));
        else if (field.IsReadOnly && _request.Action == RecordAction.Create)
            _faults.Add(WriteFaults.Kept(path));
        else if (_request.Action == RecordAction.Create && !MayWrite(field))
            _faults.Add(WriteFaults.FieldNotAllowed(path));
        else if (field.Type.Check(property.Value, field.Shape, path) is { } fault)
            _faults.Add(fault);
        else
            Write(property.Value, field, path, writer);
        _seen[field.Ordinal] = _records;
    }

    private void Write(JsonElement value, FieldSnapshot field, string path, Utf8JsonWriter writer)
    {
        if (value.ValueKind == JsonValueKind.Null && field.IsRequired)
        {
            _faults.Add(WriteFaults.Required(path));
            return;
        }

        _present[field.Ordinal]++;
        writer.WritePropertyName(field.Name);
        if (field.Type is SecretField && value.GetString() is { } secret)
            writer.WriteStringValue(_secrets!.Seal(secret));
        else
            value.WriteTo(writer);
    }

    private void CheckRequired(string prefix)
    {
        if (_request.Action == RecordAction.Patch)
            return;
        foreach (var field in _table.Fields)
        {
            var isKey = _request.Action == RecordAction.Replace && _table.PrimaryKey.Contains(field);
            if (field is { IsRequired: true, Default: null, IsReadOnly: false } && !isKey && !IsSeen(field))
                _faults.Add(WriteFaults.Required(prefix + field.ApiName));
        }
    }

    private ImmutableArray<ColumnPlan> Columns()
    {
        var sent = Present().Where(field => !IsEcho(field))
            .Select(field => new ColumnPlan(field, _present[field.Ordinal] == _records ? Presence.All : Presence.Some));
        if (_request.Action == RecordAction.Create)
        {
            var columns = sent.ToImmutableArray();
            // A record without fields still needs a column to be inserted by.
            return columns.IsEmpty ? [new ColumnPlan(_table.Fields.First(field => field.IsInsertable && MayWrite(field)), Presence.None)] : columns;
        }

        if (_request.Action == RecordAction.Patch)
            return [.. sent];
        // A replaced record takes the defaults of what was not sent.
        var rest = _table.Fields.Where(field => _present[field.Ordinal] == 0 && !field.IsReadOnly && MayWrite(field) && !field.IsIdentity && !_table.PrimaryKey.Contains(field));
        return [.. sent, .. rest.Select(field => new ColumnPlan(field, Presence.None))];
    }

    private bool MayWrite(FieldSnapshot field) => _table.Rights.AllowsField(WritePlanner.ActionOf(_request.Action), field.Name);

    /// <summary>In an update the key, what the database keeps and what the caller's role may not write may be sent back, not changed.</summary>
    private bool IsEcho(FieldSnapshot field) =>
        _request.Action != RecordAction.Create && (field.IsReadOnly || !MayWrite(field) || (_request.Id is not null && _table.PrimaryKey.Contains(field)));
}
