using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Socle.Tests.Server;

/// <summary>
/// Stands between the server and its PostgreSQL. When told to, it lets the next COMMIT through and cuts the connection
/// before the answer: the server cannot know whether it is committed.
/// </summary>
internal sealed class CommitThief : IAsyncDisposable
{
    private static readonly byte[] Commit = [.. "COMMIT\0"u8];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly UnixDomainSocketEndPoint _target;
    private readonly Task _accepting;
    private int _armed;

    public CommitThief(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        _target = new UnixDomainSocketEndPoint(Path.Combine(settings.Host!, $".s.PGSQL.{settings.Port}"));
        _listener.Start();
        settings.Host = "127.0.0.1";
        settings.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        settings.SslMode = SslMode.Disable;
        Address = settings.ConnectionString;
        _accepting = Task.Run(Accept);
    }

    public string Address { get; }

    /// <summary>How many answers it has stolen.</summary>
    public int Stolen { get; private set; }

    public void Arm() => Volatile.Write(ref _armed, 1);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting.ContinueWith(_ => { }, TaskScheduler.Default);
        _end.Dispose();
    }

    private async Task Accept()
    {
        while (true)
            _ = Serve(await _listener.AcceptSocketAsync(_end.Token));
    }

    private async Task Serve(Socket client)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            await server.ConnectAsync(_target, _end.Token);
            var isStolen = new bool[1];
            await Task.WhenAny(Pass(client, server, isStolen, isForth: true), Pass(server, client, isStolen, isForth: false));
        }
    }

    private async Task Pass(Socket from, Socket to, bool[] isStolen, bool isForth)
    {
        var buffer = new byte[65536];
        while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var length)
        {
            if (isForth && buffer.AsSpan(0, length).IndexOf(Commit) >= 0 && Interlocked.Exchange(ref _armed, 0) == 1)
                isStolen[0] = true;
            if (!isForth && isStolen[0])
            {
                Stolen++;
                return;
            }

            await to.SendAsync(buffer.AsMemory(0, length), _end.Token);
        }
    }
}
