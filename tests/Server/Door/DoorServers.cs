using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Door;

/// <summary>A server behind a proxy of this machine, for named hosts and origins.</summary>
[CollectionDefinition(nameof(GuardedServer))]
public sealed class GuardedServer(TestServer postgres) : ScenarioServer(
    postgres,
    ("CORS_ORIGINS", "https://app.example.com,http://localhost:3000"),
    ("CORS_ALLOWED_ORIGINS", "https://other.example.org"),
    ("ALLOWED_HOSTS", "127.0.0.1,erp.example.com,*.internal.example"),
    ("TRUSTED_PROXIES", "127.0.0.1"),
    ("PUBLIC_URL", "https://erp.example.com")), ICollectionFixture<GuardedServer>;

/// <summary>A server that pages of every origin may ask.</summary>
[CollectionDefinition(nameof(OpenServer))]
public sealed class OpenServer(TestServer postgres) : ScenarioServer(postgres, ("CORS_ORIGINS", "*")), ICollectionFixture<OpenServer>;
