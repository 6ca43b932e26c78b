namespace Socle.Bench;

/// <summary>What programs have used of the processor so far: steadier than speed on a machine that others use too.</summary>
internal static class ProcessorTime
{
    /// <summary>proc(5): times are in clock ticks, of which Linux counts 100 a second on every machine.</summary>
    private const double TickMicroseconds = 10_000;

    /// <summary>Microseconds of a server, with its children that are not PostgreSQL's.</summary>
    public static double OfServer(ServerProcess server) => server.Family().Sum(Ticks) * TickMicroseconds;

    /// <summary>Microseconds of the PostgreSQL that all targets share.</summary>
    public static double OfPostgres(int postmaster) => Children(postmaster).Append(postmaster).Sum(Ticks) * TickMicroseconds;

    private static long Ticks(int pid)
    {
        try
        {
            // The program's name may hold blanks and brackets; the numbers follow the last one.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            // utime, stime, and both of children that have ended.
            return fields[11..15].Sum(long.Parse);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static IEnumerable<int> Children(int pid) => File.ReadAllText($"/proc/{pid}/task/{pid}/children")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);
}
