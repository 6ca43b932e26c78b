namespace Socle.Testing;

/// <summary>Time limits hold on a machine that has time: where more programs want to run than twice the cores, a clock measures those.</summary>
public static class Machine
{
    private const int Patience = 4;

    public static bool IsOverloaded =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0]) > 2 * Environment.ProcessorCount;

    /// <summary>The limit; several times that on an overloaded machine.</summary>
    public static TimeSpan Allow(TimeSpan limit) => IsOverloaded ? limit * Patience : limit;
}
