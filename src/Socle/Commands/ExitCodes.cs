using Socle.Host;
using Socle.Kernel;

namespace Socle.Commands;

/// <summary>How commands end: 0 done, 1 refused or failed with the reasons on standard error, 2 a plan that would lose values, 3 an import that left out some rows.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WouldLose = 2;
    public const int SomeRejected = 3;

    public static int Refuse(IEnumerable<Fault> faults)
    {
        Terminal.Write(faults);
        return Failed;
    }
}
