using System.Net;
using Socle.Testing;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Realtime;

/// <summary>A server whose clients keep their history, with a few tables of other kinds beside them.</summary>
public sealed class ListeningServer : WashgoServer
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Prepare(Server);
    }

    public static async Task Prepare(RunningServer server)
    {
        await server.Ask("""
        CREATE TABLE baskets (id integer PRIMARY KEY, note json);
        CREATE TABLE fruits (basket_id integer REFERENCES baskets ON DELETE CASCADE, name text, weight numeric, PRIMARY KEY (basket_id, name));
        CREATE TABLE plain (id integer PRIMARY KEY);
        SELECT socle_system.keep_history('clients'), socle_system.keep_history('baskets'), socle_system.keep_history('fruits');
        SELECT socle_system.stop_history('plain');
        """);
        await Polling.Until("the tables are served", TimeSpan.FromSeconds(10), async () => (await server.Http.Get("/api/plain")).Status == HttpStatusCode.OK);
    }
}
