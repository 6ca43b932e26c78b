using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Socle.Bench;

/// <summary>A running server under test: where it listens, how it spells each workload, how long it took to answer.</summary>
internal sealed class Target : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly HttpClient _http;
    private readonly Func<Workload, Call> _spell;

    private Target(string name, ServerProcess process, Uri root, Func<Workload, Call> spell, string? authorization)
    {
        (Name, _process, Root, _spell, Authorization) = (name, process, root, spell, authorization);
        _http = new HttpClient { BaseAddress = root, Timeout = TimeSpan.FromMinutes(2) };
        if (authorization is not null)
            _http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(authorization);
    }

    public string Name { get; }

    public Uri Root { get; }

    public string? Authorization { get; private set; }

    public TimeSpan StartTime { get; private set; }

    public ServerProcess Process => _process;

    public double IdleMegabytes { get; set; }

    public void Authorize(string authorization)
    {
        Authorization = authorization;
        _http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(authorization);
    }

    public Call CallFor(Workload workload) => _spell(workload);

    /// <summary>Takes over a process just started and waits until its health address answers.</summary>
    public static async Task<Target> StartAsync(
        string name, ServerProcess process, int port, string health, Func<Workload, Call> spell, CancellationToken cancel, string? authorization = null)
    {
        var target = new Target(name, process, new Uri($"http://127.0.0.1:{port}"), spell, authorization);
        try
        {
            await process.WaitForAsync(new Uri(target.Root, health), cancel);
            target.StartTime = process.Age;
            return target;
        }
        catch
        {
            await target.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends one call and reads the JSON answer; an answer that is not 2xx is refused.</summary>
    public async Task<JsonElement> SendAsync(Call call, string id, string unique, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), call.Path.Replace("{id}", id, StringComparison.Ordinal));
        if (call.Body is not null)
            request.Content = new StringContent(call.Body.Replace("{n}", unique, StringComparison.Ordinal), Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        if (!response.IsSuccessStatusCode)
            throw new BenchException($"{Name} answered {(int)response.StatusCode} to {call.Method} {call.Path}: {text[..Math.Min(500, text.Length)]}");
        return JsonElement.Parse(text);
    }

    /// <summary>The body of an answer as it comes.</summary>
    public async Task<Stream> OpenAsync(string path, string accept, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
            throw new BenchException($"{Name} answered {(int)response.StatusCode} to {path} ({accept}).");
        return await response.Content.ReadAsStreamAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }
}
