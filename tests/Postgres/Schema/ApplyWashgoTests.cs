using Npgsql;
using Socle.Blueprints;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Schema;

namespace Socle.Tests.Postgres.Schema;

/// <summary>The blueprint washgo on an empty database gives what seed 001 describes.</summary>
public sealed class ApplyWashgoTests(TestServer server) : SchemaScenario(server)
{
    private static Blueprint Washgo { get; } = BlueprintLibrary.Find("washgo").Value;

    [Fact]
    public async Task Clients_has_the_columns_types_and_defaults_of_the_seed()
    {
        await Apply(Washgo);

        Assert.Equal(
            """
            id uuid not null gen_random_uuid()
            type text null
            name text null
            company_name text null
            first_name text null
            last_name text null
            siret text null
            email text null
            phone text null
            address text null
            city text null
            status text null 'active'::text
            tags text[] null '{}'::text[]
            last_service text null
            contacts jsonb null
            created_at timestamp with time zone not null now()
            updated_at timestamp with time zone not null now()
            """,
            await List(
                """
                SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' ELSE 'null' END, pg_get_expr(adbin, adrelid))
                FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
                WHERE attrelid = 'clients'::regclass AND attnum > 0 ORDER BY attnum
                """));
    }

    [Fact]
    public async Task Clients_has_the_indexes_and_the_trigger_of_the_seed()
    {
        await Apply(Washgo);

        Assert.Equal(
            """
            CREATE INDEX ix_clients_name ON public.clients USING btree (name)
            CREATE INDEX ix_clients_status ON public.clients USING btree (status)
            CREATE UNIQUE INDEX clients_pkey ON public.clients USING btree (id)
            CREATE UNIQUE INDEX uq_clients_email ON public.clients USING btree (lower(email))
            """,
            await List("SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'clients'::regclass AND pg_get_indexdef(indexrelid) NOT LIKE '%_search%' ORDER BY 1"));
        Assert.Equal(
            "CREATE TRIGGER tr_clients_updated_at BEFORE UPDATE ON public.clients FOR EACH ROW EXECUTE FUNCTION socle_system.set_updated_at()",
            await List("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'clients'::regclass AND NOT tgisinternal AND tgname NOT LIKE 'socle_history%'"));
    }

    [Fact]
    public async Task The_small_records_of_the_seeds_can_be_written()
    {
        await Apply(Washgo);

        await Execute("INSERT INTO clients (id, type, name, email) VALUES (gen_random_uuid(), 'company', 'Client Test', 'test@example.com')");
        await Execute("INSERT INTO clients (name) VALUES ('without mail'), ('neither')");
        await Execute("INSERT INTO services (id, name) VALUES (gen_random_uuid(), 'Lavage')");
        await Execute("INSERT INTO engagements (id, title) VALUES (gen_random_uuid(), 'Rendez-vous')");
        await Execute("INSERT INTO companies (id, name) VALUES (gen_random_uuid(), 'Entreprise')");
        await Execute("INSERT INTO leads (id, name) VALUES (gen_random_uuid(), 'Prospect')");
        var twice = await Assert.ThrowsAsync<PostgresException>(() => Execute("INSERT INTO clients (name, email) VALUES ('DUP2', 'Test@Example.com')"));
        Assert.Equal("uq_clients_email", twice.ConstraintName);
    }

    [Fact]
    public async Task Updated_at_is_kept()
    {
        await Apply(Washgo);
        await Execute("INSERT INTO clients (name, updated_at) VALUES ('a', '2000-01-01')");
        await Execute("UPDATE clients SET name = 'b'");

        Assert.Equal("True", await List("SELECT updated_at > now() - interval '1 hour' FROM clients"));
    }

    [Fact]
    public async Task A_second_plan_is_empty_with_and_without_the_sample()
    {
        var first = await Apply(Washgo, withSample: true);
        Assert.Equal(5, first.Steps.OfType<CreateTable>().Count());

        Assert.Equal("Nothing to change.\n", (await Plan(Washgo, withSample: true)).Describe(Language.English));
        Assert.Equal("Rien à changer.\n", (await Plan(Washgo)).Describe(Language.French));
    }

    [Fact]
    public async Task Sample_records_are_written_once_and_stay_deleted()
    {
        await Apply(Washgo, withSample: true);
        Assert.Equal(
            "12 6 4 15 5",
            await List("SELECT concat_ws(' ', (SELECT count(*) FROM clients), (SELECT count(*) FROM services), (SELECT count(*) FROM companies), (SELECT count(*) FROM engagements), (SELECT count(*) FROM leads))"));
        Assert.Equal(
            "03 53 01 10 10|active|2|Fatou Diallo",
            await List("SELECT concat_ws('|', phone, status, cardinality(tags), contacts->1->>'name') FROM clients WHERE name = 'Ambulances Saint-Ferjeux'"));

        await Execute("TRUNCATE clients, services, companies, engagements, leads");
        Assert.True((await Apply(Washgo, withSample: true)).IsEmpty);
        Assert.Equal("0", await List("SELECT count(*) FROM clients"));
    }

    [Fact]
    public async Task Sample_records_that_say_nothing_or_little_get_defaults_and_may_point_in_circles()
    {
        await Apply(
            Read(
                """
                blueprint: test
                tables:
                  a:
                    fields: { name: { type: text, default: x }, b_id: { type: reference, to: b }, n: number, on: { type: boolean } }
                    sample:
                      - {}
                      - {}
                      - { n: 012, on: "true" }
                      - { id: 6f9619ff-8b86-4d01-b42d-00cf4fc964ff, b_id: 7f9619ff-8b86-4d01-b42d-00cf4fc964ff, name: "it's \\ \"x\"; $1 --" }
                  b:
                    fields: { a_id: { type: reference, to: a, required: true }, at: date_time }
                    sample: [ { id: 7f9619ff-8b86-4d01-b42d-00cf4fc964ff, a_id: 6f9619ff-8b86-4d01-b42d-00cf4fc964ff, at: 2026-01-01T00:00:00 } ]
                """),
            withSample: true);

        Assert.Equal("it's \\ \"x\"; $1 --|\nx|\nx|\nx|12true", await List("SELECT name || '|' || coalesce(n::text, '') || coalesce(\"on\"::text, '') FROM a ORDER BY 1"));
        Assert.Equal("True", await List("SELECT at = '2026-01-01T00:00:00Z' FROM b"));
    }

    [Fact]
    public async Task Sample_records_do_not_join_those_of_the_users()
    {
        await Apply(Washgo);
        await Execute("INSERT INTO clients (name) VALUES ('mine')");

        await Apply(Washgo, withSample: true);

        Assert.Equal("1 6 0", await List("SELECT concat_ws(' ', (SELECT count(*) FROM clients), (SELECT count(*) FROM services), (SELECT count(*) FROM engagements))"));
    }

    [Fact]
    public async Task Labels_types_and_settings_are_kept_beside_the_catalog()
    {
        await Apply(Washgo);

        Assert.Equal("washgo|Rendez-vous|Appointments", await List("SELECT concat_ws('|', blueprint, label_fr, label_en) FROM socle_system.tables WHERE relation = 'engagements'::regclass"));
        Assert.Equal(
            "choice|Statut|planned|Planifié",
            await List(
                """
                SELECT concat_ws('|', f.type, f.label_fr, f.settings->'choices'->0->>'value', f.settings->'choices'->0->'label'->>'french')
                FROM socle_system.fields f JOIN socle_system.tables t ON t.id = f.table_id WHERE t.relation = 'engagements'::regclass AND f.name = 'status'
                """));
    }

    [Fact]
    public async Task The_search_index_answers_the_search_expression()
    {
        await Apply(Washgo);
        var table = Washgo.Tables.First(table => table.Name == "clients");
        var expression = SearchExpression.For(table.Search!.Value, "t0");

        var plan = await List($"EXPLAIN SELECT * FROM clients t0 WHERE {expression} LIKE '%' || socle_system.fold('Élodie') || '%'", "SET enable_seqscan = off");

        Assert.Contains("Bitmap Index Scan on ix_clients_search", plan, StringComparison.Ordinal);
    }
}
