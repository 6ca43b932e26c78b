using Npgsql;
using Socle.Testing;

namespace Socle.Tests.Server.Schema;

/// <summary>Other people's tools see what was made through the API as ordinary tables, and write into them.</summary>
[Collection(nameof(SchemaServer))]
public sealed class ToolTests(SchemaServer server)
{
    private const string Child = """
        {"parent_id":{"type":"reference","to":"PARENT","required":true,"onDelete":"cascade"},"amount":{"type":"decimal","precision":12,"scale":2},"state":{"type":"choice","choices":["open","done"],"default":"open"},
         "code":{"type":"text","unique":true},"day":"date","tags":"tags","more":"json","flag":{"type":"boolean","required":true,"default":false},"count":"number"}
        """;

    private static readonly NodeProject Node = NodeProject.Beside(typeof(ToolTests));

    [Fact]
    public async Task Prisma_makes_models_with_keys_and_relations_of_them()
    {
        var (parent, child) = await Tables();
        var models = await Node.Run("introspect.mjs", Address);
        var model = Model(models, child);
        Assert.Equal(
            [
                "@@index([parent_id], map: \"ix_CHILD_parent_id\")",
                "@@schema(\"public\")",
                "PARENT PARENT @relation(fields: [parent_id], references: [id], onDelete: Cascade, onUpdate: NoAction, map: \"fk_CHILD_parent_id\")",
                "amount Decimal? @db.Decimal(12, 2)",
                "code String? @unique(map: \"uq_CHILD_code\")",
                "count BigInt?",
                "created_at DateTime @default(now()) @db.Timestamptz(6)",
                "day DateTime? @db.Date",
                "flag Boolean @default(false)",
                "id String @id @default(dbgenerated(\"gen_random_uuid()\")) @db.Uuid",
                "more Json?",
                "parent_id String @db.Uuid",
                "state String? @default(\"open\")",
                "tags String[]",
                "updated_at DateTime @default(now()) @db.Timestamptz(6)",
            ],
            model.Select(line => line.Replace(child, "CHILD", StringComparison.Ordinal).Replace(parent, "PARENT", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains($"{child} {child}[]", Model(models, parent));
    }

    [Fact]
    public async Task Node_postgres_writes_reads_and_is_held_to_the_rules()
    {
        var (parent, child) = await Tables();
        var told = await Node.Run("write.mjs", [.. Address, parent, child]);
        Assert.Equal("""{"isDate":true,"name":"by node-postgres","amount":"25.00","state":"open","refused":["23514","23503"]}""", told.Trim());
        // The API sees it, and the history knows of it.
        var record = (await server.Expect(200, Call.Get($"/api/{child}?select=id,amount,{parent}(name)"))).Data![0]!;
        Assert.Equal("by node-postgres", (string)record[parent]!["name"]!);
        Assert.Equal(2, (await server.Expect(200, Call.Get($"/api/{child}/{record["id"]}/history"))).Data!.AsArray().Count);
    }

    [Fact]
    public async Task The_standard_information_schema_tells_of_keys_and_columns()
    {
        var (parent, child) = await Tables();
        Assert.Equal(
            $"CHECK ck_{child}_state, FOREIGN KEY fk_{child}_parent_id, PRIMARY KEY {child}_pkey",
            await server.Ask<string>($"SELECT string_agg(constraint_type || ' ' || constraint_name, ', ' ORDER BY 1, constraint_name) FROM information_schema.table_constraints WHERE table_name = '{child}' AND constraint_name !~ '_not_null$'"));
        Assert.Equal("BASE TABLE", await server.Ask<string>($"SELECT table_type::text FROM information_schema.tables WHERE table_name = '{parent}'"));
        Assert.Contains($"fk_{child}_parent_id", await server.Server.Psql("-c", $"\\d {child}"), StringComparison.Ordinal);
    }

    private string[] Address
    {
        get
        {
            var address = new NpgsqlConnectionStringBuilder(server.Database.ConnectionString);
            return [address.Host!, address.Username!, address.Database!];
        }
    }

    private async Task<(string Parent, string Child)> Tables()
    {
        var parent = await server.NewTable();
        return (parent, await server.NewTable(Child.Replace("PARENT", parent, StringComparison.Ordinal)));
    }

    /// <summary>The lines of a model, with single blanks.</summary>
    private static IEnumerable<string> Model(string models, string name)
    {
        var start = models.IndexOf($"model {name} {{", StringComparison.Ordinal);
        Assert.True(start >= 0, models);
        var body = models[start..models.IndexOf("\n}", start, StringComparison.Ordinal)];
        return body.Split('\n').Skip(1).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Where(line => line.Length > 0);
    }
}
