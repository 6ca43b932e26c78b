using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Adoption;

[CollectionDefinition(nameof(ForeignDatabases))]
public sealed class ForeignDatabasesCollection : ICollectionFixture<ForeignDatabases>;

/// <summary>Databases that other programs made, one for each file of <c>fixtures</c>, and servers on them.</summary>
public sealed class ForeignDatabases : IAsyncLifetime
{
    private readonly Dictionary<string, RunningServer> _servers = [];

    public ThrowAwayPostgres Postgres { get; } = new();

    public ValueTask InitializeAsync() => Postgres.InitializeAsync();

    /// <summary>A server on the database, made when first asked for.</summary>
    public async Task<HttpClient> Serve(string fixture)
    {
        if (!_servers.TryGetValue(fixture, out var server))
            _servers[fixture] = server = await RunningServer.Start(env: new Dictionary<string, string> { ["DATABASE_URL"] = await Create(fixture, fixture) });
        return server.Http;
    }

    /// <summary>A new database with what the file makes.</summary>
    /// <returns>Its address.</returns>
    public async Task<string> Create(string name, string fixture)
    {
        await Postgres.CreateDatabase(name, "erp_root");
        await Postgres.Load(name, Path.Combine(SocleProgram.TestFolder, "Adoption", "fixtures", $"{fixture}.sql"));
        return Postgres.Url(name, "erp_root");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
            await server.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
