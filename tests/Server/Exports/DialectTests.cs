using Socle.Tests.Postgres;

namespace Socle.Tests.Server.Exports;

/// <summary>Every type in the three kinds of file, held against files that were looked at (in golden/).</summary>
public sealed class DialectTests(TestServer postgres)
{
    [Theory]
    [InlineData("everything.fr.csv", "fr")]
    [InlineData("everything.csv", "en")]
    [InlineData("everything.csv", "de")]
    public async Task Every_type_is_written_as_agreed(string golden, string language)
    {
        await using var server = await ExportingServer.Start(postgres, ReadGolden("everything.sql"), "America/Los_Angeles");
        var csv = await server.GetCsv("everything?order=id", language);
        Assert.Equal((language == "fr" ? "\uFEFF" : "") + ReadGolden(golden), csv.Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_type_is_a_cell_of_its_kind()
    {
        await using var server = await ExportingServer.Start(postgres, ReadGolden("everything.sql"), "Pacific/Kiritimati");
        var file = await server.GetWorkbook("everything?order=id");
        Workbook.Validate(file);
        var (name, rows) = Assert.Single(Workbook.Read(file));
        var lines = rows.Select(row => string.Join('\n', row.Select(cell => $"{cell.Key} {cell.Value.Type} [{cell.Value.Format}] {cell.Value.Text.ReplaceLineEndings("¶")}")));
        Assert.Equal("everything", name);
        Assert.Equal(ReadGolden("everything.xlsx.txt"), $"{string.Join("\n\n", lines)}\n");
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("en")]
    public async Task Related_records_are_json_in_their_cell(string language)
    {
        await using var server = await ExportingServer.Start(postgres, """
            CREATE TABLE makers (id int PRIMARY KEY, name text); CREATE TABLE cars (id int PRIMARY KEY, maker_id int REFERENCES makers, sold date);
            INSERT INTO makers VALUES (1, 'A'), (2, NULL); INSERT INTO cars VALUES (1, 1, '2026-12-31'), (2, NULL, NULL)
            """);
        var separator = language == "fr" ? ';' : ',';
        var cars = CsvText.Read(await server.GetCsv("cars?select=id,maker:makers(name)&order=id", language), separator);
        Assert.Equal([["id", "maker"], ["1", "{\"name\":\"A\"}"], ["2", null]], cars);
        var makers = CsvText.Read(await server.GetCsv("makers?select=name,cars(sold)&order=id", language), separator);
        Assert.Equal([["name", "cars"], ["A", "[{\"sold\":\"2026-12-31\"}]"], [null, "[]"]], makers);
        var sheet = Workbook.Read(await server.GetWorkbook("makers?select=name,cars(sold)&id=eq.1"))[0];
        Assert.Equal("[{\"sold\":\"2026-12-31\"}]", sheet.Rows[1]["B"].Text);
    }

    [Fact]
    public async Task Counts_and_sums_are_numbers()
    {
        await using var server = await ExportingServer.Start(postgres, "CREATE TABLE sales (id int, price numeric(10,2)); INSERT INTO sales VALUES (1, 1234.5), (2, 0.25)");
        Assert.Equal("\uFEFFcount;sum\r\n2;1234,75\r\n", await server.GetCsv("sales?select=count(),price.sum()", "fr"));
        var row = Workbook.Read(await server.GetWorkbook("sales?select=count(),price.sum()"))[0].Rows[1];
        Assert.Equal([new SheetCell("n", "2", "0"), new SheetCell("n", "1234.75", "0.00")], row.Values);
    }

    [Fact]
    public async Task An_empty_table_is_a_header()
    {
        await using var server = await ExportingServer.Start(postgres, "CREATE TABLE nothing (id int, \"Nom complet\" text)");
        var file = await server.GetWorkbook("nothing");
        Workbook.Validate(file);
        Assert.Equal(2, Assert.Single(Assert.Single(Workbook.Read(file)).Rows).Count);
        Assert.Equal("\uFEFFid;Nom complet\r\n", await server.GetCsv("nothing", "fr"));
    }

    private static string ReadGolden(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Exports", "golden", name));
}
