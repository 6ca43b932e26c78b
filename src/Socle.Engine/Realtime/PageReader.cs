using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Socle.Catalog;

namespace Socle.Realtime;

/// <summary>
/// Takes a batch, gives its next entries of the history; takes entries and a listener's view, gives what that listener is told of
/// them, with the records as they are now. Fails when the database does.
/// </summary>
internal sealed class PageReader(ChangeReader changes, PresentRecords records, EntryVisibility visibility)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="batch">What is to be told.</param>
    /// <param name="tables">The tables that are of interest; all of them when null.</param>
    /// <param name="cancellation">Nobody listens any more.</param>
    public Task<EntryPage> Read(ChangeBatch batch, Guid[]? tables, CancellationToken cancellation) => changes.Read(batch, tables, cancellation);

    /// <param name="batch">Of which the page is a part.</param>
    /// <param name="page">The entries.</param>
    /// <param name="wants">Whether the listener listens to the table.</param>
    /// <param name="view">What the listener may be told of.</param>
    /// <param name="cancellation">The listener left.</param>
    public async Task<EventPage> Tell(ChangeBatch batch, EntryPage page, Func<KeptTable, bool> wants, View view, CancellationToken cancellation)
    {
        var events = new RecordEvent?[page.Entries.Count];
        foreach (var group in page.Entries.Select((entry, i) => (Entry: entry, Place: i)).GroupBy(item => item.Entry.Table).Where(group => wants(group.Key)))
        {
            var table = view.Find(group.Key);
            if (table is null && !view.SeesAll)
                continue;
            List<Entry> entries = [.. group.Select(item => item.Entry)];
            var keys = entries.Where(entry => entry.Operation != 'D').Select(entry => entry.Key).ToHashSet();
            var present = table is null || keys.Count == 0 ? [] : await records.Read(table, keys, view, cancellation);
            var seen = table is null ? null : await visibility.Judge(table, entries, present, view, cancellation);
            foreach (var (entry, place) in group)
            {
                if (KindOf(seen?[entry.Id] ?? (entry.Operation != 'I', entry.Operation != 'D')) is { } kind)
                    events[place] = Tell(entry, table?.Name ?? entry.Table.Name, kind, kind == Deleted ? null : present.GetValueOrDefault(entry.Key));
            }
        }

        return new EventPage(batch, [.. events.OfType<RecordEvent>()], page.End, page.IsLast);
    }

    private const string Deleted = "deleted";

    /// <summary>What comes into view is new to the listener, and what leaves it is gone.</summary>
    private static string? KindOf((bool Before, bool After) seen) => seen switch
    {
        (false, true) => "created",
        (true, true) => "updated",
        (true, false) => Deleted,
        _ => null,
    };

    /// <summary>The table as it is served; null in the moment before a new one is.</summary>
    public static TableSnapshot? Find(CatalogSnapshot snapshot, KeptTable kept) =>
        snapshot.Tables.FirstOrDefault(table => table.Names.Schema == kept.Schema && table.Names.Relation == kept.Name);

    private static RecordEvent Tell(Entry entry, string table, string kind, byte[]? record)
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
        return new RecordEvent(entry.Id, entry.Table.Id, kind, data);
    }
}
