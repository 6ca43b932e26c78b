using System.ComponentModel;
using System.Diagnostics;
using Npgsql;
using Socle.Kernel;

namespace Socle.Postgres.Cluster;

/// <summary>
/// One running server. Started, it accepts connections; the fault of a server that does not come up holds its last words.
/// </summary>
internal sealed class Postmaster
{
    private const int LastLines = 20;
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(60);

    private readonly ClusterServer _server;
    private readonly Process _process;
    private readonly Queue<string> _lastLines = new(LastLines);
    private readonly Task _log;
    private readonly Stopwatch _age = Stopwatch.StartNew();

    private Postmaster(ClusterServer server)
    {
        _server = server;
        var start = server.Command();
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _log = ForwardLog();
        Ended = _process.WaitForExitAsync();
    }

    /// <summary>Completes when the server has ended, however it did.</summary>
    public Task Ended { get; }

    public int ProcessId => _process.Id;

    public TimeSpan Age => _age.Elapsed;

    public static async Task<Result<Postmaster>> Start(ClusterServer server, NpgsqlConnectionStringBuilder connection, CancellationToken cancel)
    {
        Postmaster postmaster;
        try
        {
            await Leftovers.Clear(server.Folder, server.Log, cancel);
            ClusterSettings.Write(server.Folder);
            postmaster = new Postmaster(server);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return server.Folder.NotWritable(refused);
        }

        var started = false;
        try
        {
            var fault = await postmaster.WaitUntilReady(connection, cancel);
            started = fault is null;
            return fault is null ? postmaster : fault;
        }
        finally
        {
            if (!started)
                await postmaster.Stop();
        }
    }

    /// <summary>Transactions in flight are rolled back, sessions closed, a checkpoint written.</summary>
    public async Task Stop()
    {
        foreach (var signal in (int[])[Posix.Interrupt, Posix.Quit, Posix.Kill])
        {
            if (Ended.IsCompleted)
                break;
            Posix.Signal(_process.Id, signal);
            await Task.WhenAny(Ended, Task.Delay(signal == Posix.Interrupt ? StopTime : TimeSpan.FromSeconds(10)));
        }

        await LogRead();
    }

    private async Task<Fault?> WaitUntilReady(NpgsqlConnectionStringBuilder connection, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        while (!Ended.IsCompleted)
        {
            switch (File.Exists(_server.Folder.Socket) ? await Readiness.Check(connection, cancel) : Readiness.Absent)
            {
                case { State: ServerState.Ready }:
                    return null;
                case { State: ServerState.Refusing, Fault: { } fault }:
                    return fault;
                case { State: ServerState.Recovering }:
                    // It replays its log after a crash, for as long as that takes: ending it would only make it begin anew.
                    clock.Restart();
                    break;
            }

            if (clock.Elapsed > StartTime)
                return Failure("PostgreSQL does not answer after a minute.", "PostgreSQL ne répond pas après une minute.");
            await Task.WhenAny(Ended, Task.Delay(10, cancel));
            cancel.ThrowIfCancellationRequested();
        }

        await LogRead();
        return Failure("PostgreSQL did not start. Mend what it complains of (your settings are in user.conf) and start again.", "PostgreSQL n'a pas démarré. Corrigez ce dont il se plaint (vos réglages sont dans user.conf) et relancez.");
    }

    private Fault Failure(string english, string french)
    {
        lock (_lastLines)
            return _server.Failure(english, french, _lastLines);
    }

    private async Task ForwardLog()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            line = _server.Translate(line);
            lock (_lastLines)
            {
                if (_lastLines.Count == LastLines)
                    _lastLines.Dequeue();
                _lastLines.Enqueue(line);
            }

            _server.Log(line);
        }
    }

    /// <summary>Not for ever: a child of a killed server may keep the pipe open.</summary>
    private async Task LogRead() => await Task.WhenAny(_log, Task.Delay(500));
}
