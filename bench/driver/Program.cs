using System.Runtime.InteropServices;
using Socle.Bench;

var options = BenchOptions.Read(args, Console.Error);
if (options is null)
    return 2;
using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
try
{
    var report = await new BenchRun(options, stop.Token).RunAsync();
    if (options.Json)
        report.WriteJson(Console.Out);
    else
        report.WriteText(Console.Out);
    return report.Failed ? 1 : 0;
}
catch (BenchException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}
catch (OperationCanceledException)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 130;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
