using System.Diagnostics;

namespace Socle.Tests.Acceptance.Running;

/// <summary>
/// Ends a program when the tests end, even if they are killed: a shell waits for the tests' end of a pipe to close.
/// Disposed of when the program has ended by itself.
/// </summary>
internal sealed class Guard : IDisposable
{
    private const string Script = "cat >/dev/null; kill -TERM \"$1\"";

    private readonly Process _shell;

    public Guard(int processId) => _shell = Process.Start(Programs.Command("/bin/sh", "-c", Script, "sh", $"{processId}"))!;

    public void Dispose()
    {
        _shell.Kill();
        _shell.WaitForExit();
        _shell.Dispose();
    }
}
