namespace Socle.Bench;

/// <summary>Seconds from starting the program to the first 200 of /health, and of PostgreSQL alone to its first connection.</summary>
internal sealed record StartupResult(double Total, double Postgres)
{
    public double Own => Total - Postgres;
}

/// <summary>Starts Socle, and PostgreSQL alone, on the same loaded data folder in turn. Gives the medians.</summary>
internal static class Startup
{
    public static async Task<StartupResult> MeasureAsync(Installation installation, int starts)
    {
        var totals = new List<double>();
        var postgres = new List<double>();
        for (var i = 0; i < starts; i++)
        {
            await using (var socle = await installation.StartSocleAsync())
                totals.Add(socle.StartTime.TotalSeconds);
            await installation.EnsurePostgresStoppedAsync();
            postgres.Add((await installation.TimePostgresAsync()).TotalSeconds);
            await installation.EnsurePostgresStoppedAsync();
        }

        return new StartupResult(Report.Median(totals), Report.Median(postgres));
    }
}
