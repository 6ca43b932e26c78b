using System.Diagnostics;
using Socle.Testing;

namespace Socle.Tests.Acceptance.Running;

/// <summary>Waits for what must come, as long as it may take and no longer.</summary>
public static class Polling
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static async Task Until(string what, TimeSpan within, Func<Task<bool>> condition)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            // What was asked in time counts, even when the answer is slow to come.
            var asked = clock.Elapsed;
            if (await condition())
                return;
            Assert.True(asked < Machine.Allow(within), $"{what}: not within {within.TotalSeconds} s.");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
