using Npgsql;

namespace Socle.Tests.Server.Fuzz;

internal sealed record FuzzColumn(string Name, string Type);

/// <summary>A way to another table, unmistakably written.</summary>
internal sealed record FuzzLink(string Target, string Hint, bool IsToOne);

internal sealed record FuzzTable(string Name, FuzzColumn[] Columns, FuzzLink[] Links)
{
    /// <summary>A condition on the first column that no record meets.</summary>
    public string Nothing => Columns[0].Type switch
    {
        "uuid" => "eq.00000000-0000-4000-8000-00000000dead",
        "text" => "eq.no%20such%20text",
        _ => "eq.-987654",
    };
}

/// <summary>The real names of the fixture.</summary>
internal sealed record Vocabulary(FuzzTable[] Tables, string[] Relations)
{
    public FuzzTable Find(string name) => Tables.First(table => table.Name == name);

    public FuzzTable Sandbox => Tables.First(table => table.Name == "sandbox");

    public static async Task<Vocabulary> Read(NpgsqlDataSource database)
    {
        // Views that are made to fail or to take long have tests of their own.
        await using var command = database.CreateCommand(
            """
            SELECT c.relname::text, array_agg(a.attname::text ORDER BY a.attnum), array_agg(format_type(a.atttypid, NULL) ORDER BY a.attnum)
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v') AND c.relname NOT IN ('slow', 'broken', 'ledger')
            GROUP BY c.relname ORDER BY c.relname
            """);
        var tables = new List<FuzzTable>();
        var links = await ReadLinks(database);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var name = reader.GetString(0);
            var columns = reader.GetFieldValue<string[]>(1).Zip(reader.GetFieldValue<string[]>(2), (column, type) => new FuzzColumn(column, type));
            tables.Add(new FuzzTable(name, [.. columns], [.. links[name]]));
        }

        return new Vocabulary([.. tables], [.. tables.Select(table => table.Name), .. links.SelectMany(group => group).Select(link => link.Hint).Distinct()]);
    }

    private static async Task<ILookup<string, FuzzLink>> ReadLinks(NpgsqlDataSource database)
    {
        var links = new List<(string Table, FuzzLink Link)>();
        await using var command = database.CreateCommand(
            """
            SELECT c.relname::text, t.relname::text, k.conname::text
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
            WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace AND t.relnamespace = c.relnamespace ORDER BY k.conname
            """);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var (table, target, constraint) = (reader.GetString(0), reader.GetString(1), reader.GetString(2));
            if (table == target)
                continue;
            links.Add((table, new FuzzLink(target, constraint, IsToOne: true)));
            links.Add((target, new FuzzLink(table, constraint, IsToOne: false)));
        }

        return links.ToLookup(item => item.Table, item => item.Link);
    }
}
