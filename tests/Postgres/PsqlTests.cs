using Npgsql;
using Socle.Postgres;
using Socle.Tests.Postgres.Cluster;

namespace Socle.Tests.Postgres;

public sealed class PsqlTests
{
    [Fact]
    public async Task It_runs_on_the_private_cluster_with_the_arguments_given_and_its_exit_code()
    {
        using var folder = await DataFolder.WithCluster();
        await using var cluster = await folder.Start();
        var output = folder.In("out.txt");
        var done = await Psql.Run(cluster.Connection, ["-X", "-A", "-t", "-o", output, "-c", "select current_user || '@' || current_database()"]);
        Assert.Equal(0, done.Value);
        Assert.Equal("socle@socle\n", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.Equal(1, (await Psql.Run(cluster.Connection, ["-X", "-o", "/dev/null", "-c", "select 1/0"])).Value);
    }

    [Fact]
    public void The_connection_travels_in_the_environment_and_nothing_else_redirects_it()
    {
        var settings = new NpgsqlConnectionStringBuilder { Host = "h", Username = "ann", Password = "s3cret", Database = "db", SslMode = SslMode.VerifyFull };
        var start = Psql.Command("/usr/bin/psql", settings, ["-c", "select 1"]);
        Assert.Equal(["-c", "select 1"], start.ArgumentList);
        Assert.Equal(("h", "ann", "s3cret", "db", "verify-full"), (start.Environment["PGHOST"], start.Environment["PGUSER"], start.Environment["PGPASSWORD"], start.Environment["PGDATABASE"], start.Environment["PGSSLMODE"]));
        Assert.False(start.Environment.TryGetValue("PGSERVICE", out var service) && service is not null);
    }
}
