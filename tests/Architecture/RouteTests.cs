using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Npgsql;
using Socle.Access;
using Socle.Catalog;
using Socle.Host;
using Socle.Http;
using Socle.Postgres;
using Socle.Testing;

namespace Socle.Tests.Architecture;

/// <summary>The routes that the server really has, held against the table of those that were decided on.</summary>
public sealed class RouteTests
{
    /// <summary>The guides of this version, one address each.</summary>
    private const string Guides = "/docs/";

    [Fact]
    public async Task Every_route_is_in_the_table_with_whom_it_lets_in()
    {
        var mapped = await Mapped();
        var decided = RouteTable.All.Select(route => $"{route.Pattern} {route.Gate}").Order(StringComparer.Ordinal);

        Assert.Equal(decided, mapped.Where(route => !route.StartsWith(Guides, StringComparison.Ordinal)));
        Assert.All(mapped.Where(route => route.StartsWith(Guides, StringComparison.Ordinal)), guide => Assert.EndsWith(".md Everybody", guide, StringComparison.Ordinal));
    }

    private static async Task<List<string>> Mapped()
    {
        var options = ServerOptions.Read(_ => null).Value;
        var secretKey = SecretKey.Open("Vd2mX9wLq7RbT4zKf8HsNc3JyPg6UaEo", options.DataFolder).Value;
        await using var log = new JsonLog(LogLevel.None, Stream.Null);
        await using var database = Database.Open(new NpgsqlConnectionStringBuilder("Host=/nowhere"), options.StatementTimeout);
        await using var app = SocleServer.Build(options, secretKey, log, database, new StartupPlan(null, false, null, SchemaChoice.Default));
        return
        [
            .. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Select(route => $"{route.RoutePattern.RawText} {route.Metadata.GetMetadata<GateMark>()?.Kind ?? GateKind.Anybody}")
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }
}
