using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Socle.Catalog;

namespace Socle.Realtime;

/// <summary>Takes a batch, gives its next events: entries of the history, and the records as they are now. Fails when the database does.</summary>
internal sealed class PageReader(ChangeReader changes, PresentRecords records, LiveCatalog catalog)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="tables">The tables that are of interest; all of them when null.</param>
    public async Task<EventPage> Read(ChangeBatch batch, Guid[]? tables, CancellationToken cancellation)
    {
        var read = await changes.Read(batch, tables, cancellation);
        var entries = read.Entries;
        var snapshot = catalog.Current;
        var events = new RecordEvent[entries.Count];
        foreach (var group in entries.Select((entry, i) => (Entry: entry, Place: i)).GroupBy(item => item.Entry.Table))
        {
            var table = Find(snapshot, group.Key);
            var keys = group.Where(item => item.Entry.Operation != 'D').Select(item => item.Entry.Key).ToHashSet();
            var present = table is null || keys.Count == 0 ? [] : await records.Read(table, keys, snapshot, cancellation);
            foreach (var (entry, place) in group)
                events[place] = Tell(entry, table?.Name ?? entry.Table.Name, entry.Operation == 'D' ? null : present.GetValueOrDefault(entry.Key));
        }

        return new EventPage(batch, ImmutableArray.Create(events), read.End, read.IsLast);
    }

    /// <summary>The table as it is served; null in the moment before a new one is.</summary>
    public static TableSnapshot? Find(CatalogSnapshot snapshot, KeptTable kept) =>
        snapshot.Tables.FirstOrDefault(table => table.Names.Schema == kept.Schema && table.Names.Relation == kept.Name);

    private static RecordEvent Tell(Entry entry, string table, byte[]? record)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + (record?.Length ?? 0));
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("table"u8, table);
            json.WriteString("id"u8, entry.Key);
            json.WriteString("changeId"u8, entry.Change);
            json.WriteString("at"u8, entry.At);
            json.WriteString("source"u8, entry.Source);
            if (record is not null)
            {
                json.WritePropertyName("record"u8);
                json.WriteRawValue(record, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        var data = buffer.WrittenSpan.ToArray();
        // A json column comes as it was sent, lines and all; between its tokens a space does as well.
        data.AsSpan().Replace((byte)'\n', (byte)' ');
        data.AsSpan().Replace((byte)'\r', (byte)' ');
        var kind = entry.Operation switch { 'I' => "created", 'U' => "updated", _ => "deleted" };
        return new RecordEvent(entry.Id, entry.Table.Id, kind, data);
    }
}
