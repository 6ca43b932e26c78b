using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Socle.Realtime;

namespace Socle.Features.Events;

/// <summary>Writes pages as server-sent events (HTML Living Standard, 9.2), each page at once.</summary>
internal sealed class EventWriter(PipeWriter output, ChangeStream? stream)
{
    private string? _sentId;

    public async Task Retry(TimeSpan after, CancellationToken cancellation)
    {
        Write($"retry: {(long)after.TotalMilliseconds}\n\n");
        await output.FlushAsync(cancellation);
    }

    public async Task Send(EventPage page, CancellationToken cancellation)
    {
        if (page.IsReset)
            Write($"event: reset\nid: {_sentId = page.EndId}\ndata: {{}}\n\n");
        var wanted = page.Events.Where(stream!.Wants).ToList();
        for (var i = 0; i < wanted.Count; i++)
            Write(page, wanted[i], isLast: i == wanted.Count - 1);
        if (page.Events.IsEmpty && page.EndId != _sentId)
            Write($"id: {_sentId = page.EndId}\n\n");
        await output.FlushAsync(cancellation);
    }

    /// <summary>Keeps the connection, and tells how far the listener has come without an event of its own: an id without data is no event.</summary>
    public async Task Ping(CancellationToken cancellation)
    {
        var place = stream!.FindPlace();
        Write(place is null || place == _sentId ? ": ping\n\n" : $": ping\nid: {_sentId = place}\n\n");
        await output.FlushAsync(cancellation);
    }

    private void Write(EventPage page, RecordEvent told, bool isLast)
    {
        _sentId = page.IdOf(told, isLast);
        Write($"event: {told.Kind}\nid: {_sentId}\ndata: ");
        output.Write(told.Data);
        output.Write("\n\n"u8);
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text, output);
}
