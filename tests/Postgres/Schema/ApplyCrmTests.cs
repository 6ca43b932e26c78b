using Socle.Blueprints;

namespace Socle.Tests.Postgres.Schema;

/// <summary>The blueprint crm on an empty database gives what seed 002 describes, and its views and dashboard.</summary>
public sealed class ApplyCrmTests(TestServer server) : SchemaScenario(server)
{
    private static Blueprint Crm { get; } = BlueprintLibrary.Find("crm").Value;

    [Fact]
    public async Task The_nine_references_of_the_seed_are_foreign_keys()
    {
        await Apply(Crm);

        // Besides: the author of a note, which the seed has as a plain column, and the file of a document.
        Assert.Equal(
            """
            client_notes.client_id → clients
            client_notes.user_id → socle_system.users
            clients.assigned_to → socle_system.users
            contracts.client_id → clients
            contracts.commercial_id → socle_system.users
            documents.client_id → clients
            documents.contract_id → contracts
            documents.file → socle_system.files
            oauth_email_accounts.user_id → socle_system.users
            payments.client_id → clients
            payments.contract_id → contracts
            """,
            await List("SELECT conrelid::regclass || '.' || (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) || ' → ' || confrelid::regclass FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1"));
    }

    [Fact]
    public async Task Every_reference_has_an_index_and_every_table_keeps_updated_at()
    {
        await Apply(Crm);

        Assert.Equal("", await List("""
            SELECT conname FROM pg_constraint k WHERE contype = 'f' AND connamespace = 'public'::regnamespace
              AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indkey[0] = k.conkey[1])
            """));
        Assert.Equal(
            "client_notes\nclients\ncontracts\ndocuments\noauth_email_accounts\npayments",
            await List("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'socle_system.set_updated_at()'::regprocedure AND tgrelid <> 'socle_system.users'::regclass ORDER BY 1"));
    }

    [Fact]
    public async Task The_sample_lies_in_its_tables()
    {
        await Apply(Crm, withSample: true);

        Assert.Equal("8 8 7 2 3", await List("SELECT concat_ws(' ', (SELECT count(*) FROM clients), (SELECT count(*) FROM contracts), (SELECT count(*) FROM payments), (SELECT count(*) FROM documents), (SELECT count(*) FROM client_notes))"));
        Assert.Equal("", await List("SELECT email FROM clients WHERE email !~ '\\.example$'"));
    }

    [Fact]
    public async Task Going_down_takes_all_of_it_away_and_up_brings_it_back()
    {
        await Apply(Crm, withSample: true);
        var before = await Views();
        Assert.Equal(12, before.Split('\n').Length);

        await Down();
        Assert.Equal("0 0 0", await List("SELECT concat_ws(' ', (SELECT count(*) FROM socle_system.views), (SELECT count(*) FROM socle_system.dashboards), (SELECT count(*) FROM socle_system.widgets))"));
        await Up();
        Assert.Equal(before, await Views());
        Assert.Equal("5", await List("SELECT count(*) FROM socle_system.widgets"));
    }

    private Task<string> Views() => List("SELECT t.relation || '.' || v.key || ' ' || v.query || ' ' || v.settings || ' ' || v.fields FROM socle_system.views v JOIN socle_system.tables t ON t.id = v.table_id ORDER BY 1");
}
