using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>
/// 32 callers write while the server and its PostgreSQL are killed by turns, again and again on the same data folder:
/// every acknowledged write is there, none twice with an idempotency key, no half batch, and the folder opens without help.
/// CRASH_ROUNDS asks for more rounds than 20.
/// </summary>
public sealed class CrashLoopTests
{
    private static readonly TimeSpan BackAgain = TimeSpan.FromSeconds(30);

    private static int Rounds { get; } = int.Parse(Environment.GetEnvironmentVariable("CRASH_ROUNDS") ?? "20");

    [Fact]
    public async Task Nothing_acknowledged_is_lost_nothing_is_written_twice_and_no_batch_is_half_there()
    {
        using var data = await DataFolder.WithWashgo();
        var random = new Random(25);
        var server = await Serving.Start(data);
        try
        {
            await using var writers = new PersistentWriters(server.Address.Port);
            for (var round = 0; round < Rounds; round++)
            {
                await writers.WaitForMore(64);
                await Task.Delay(random.Next(200), TestContext.Current.CancellationToken);
                var killsServer = round % 2 == 0;
                await Programs.Read("kill", "-KILL", $"{(killsServer ? server.ProcessId : data.ReadPostmaster())}");
                if (killsServer)
                {
                    await server.DisposeAsync();
                    server = await RunningServer.Start("washgo", dataFolder: data.FolderPath, port: server.Address.Port);
                }

                await server.WaitUntilHealthy(BackAgain);
                if (round % 5 == 4)
                    await writers.AssertNothingAcknowledgedIsMissing(server);
            }

            await writers.Stop();
            await writers.AssertExactlyWhatWasAskedIsThere(server);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
