using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Socle.Tests.Server.Accounts;

/// <summary>Calls a server from a loopback address of its own, with the same headers each time and no cookies but those it is given.</summary>
public sealed class Visitor : IDisposable
{
    private static int _last;

    private readonly HttpClient _http;
    private readonly string[] _headers;

    public Visitor(Uri server, params string[] headers)
    {
        var number = Interlocked.Increment(ref _last);
        var from = new IPAddress([127, 9, (byte)(number >> 8), (byte)number]);
        _headers = headers;
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = server };
    }

    public void Dispose() => _http.Dispose();

    public async Task<Answer> Send(Call call)
    {
        using var request = new HttpRequestMessage(new HttpMethod(call.Method), call.Address);
        if (call.Body is not null)
            request.Content = new StringContent(call.Body, Encoding.UTF8, "application/json");
        foreach (var header in _headers.Concat(call.Headers))
            request.Headers.TryAddWithoutValidation(header[..header.IndexOf(':')], header[(header.IndexOf(':') + 1)..].Trim());
        var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    public Task<HttpResponseMessage> Send(HttpRequestMessage request) => _http.SendAsync(request, TestContext.Current.CancellationToken);

    public async Task<Answer> Expect(int status, Call call)
    {
        var answer = await Send(call);
        Assert.True(answer.Status == status, $"{call}\nanswered {answer.Status}, not {status}: {answer.Text}");
        Assert.True(status != 401 || answer.Message.Headers.WwwAuthenticate.ToString() == "Bearer", "401 without WWW-Authenticate");
        return answer;
    }
}
