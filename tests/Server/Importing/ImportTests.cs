using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Importing;

/// <summary>Files become records: all that fit, with the reasons for the others, as one change set.</summary>
[Collection(nameof(WritingServer))]
public sealed class ImportTests(WritingServer server)
{
    private const string Csv = "text/csv";
    private const string Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    [Fact]
    public async Task A_french_file_goes_in_and_a_dry_run_does_not()
    {
        var table = await Make("name text NOT NULL, born date, amount numeric, is_active boolean, postal_code text");
        var file = "Name;Born;Amount;Is active;Postal code\r\nÉlodie;31/12/1999;1\u202f234,56 €;oui;01000\r\nZoé;01/02/2000;(3,5);non;\"75001\"\r\n";
        var dry = await Import(table, file, "dry_run=true");
        Assert.Equal((2, 0, false), ((int)dry["created"]!, (int)dry["rejected"]!, (bool)dry["applied"]!));
        Assert.Equal(0L, await server.Ask<long>($"SELECT count(*) FROM {table}"));
        var done = await Import(table, file);
        Assert.Equal((2, true), ((int)done["created"]!, (bool)done["applied"]!));
        Assert.Equal("Élodie|1999-12-31|1234.56|t|01000;Zoé|2000-02-01|-3.5|f|75001", await server.Ask<string>($"SELECT string_agg(concat_ws('|', name, born, amount, is_active, postal_code), ';' ORDER BY id) FROM {table}"));
    }

    [Fact]
    public async Task Rows_that_the_database_refuses_are_named_and_the_others_go_in()
    {
        var table = await Make("name text NOT NULL UNIQUE, n integer CHECK (n < 500), company_id integer REFERENCES companies (id)");
        var rows = Enumerable.Range(0, 300).Select(i => i switch
        {
            50 => "row 49;1;",
            100 => "row 100;900;",
            150 => "row 150;1;424242",
            151 => "row 151;1;424243",
            200 => ";1;",
            250 => "row 250;viele;",
            _ => $"row {i};{i % 500};",
        });
        var file = "name;n;company_id\n" + string.Join('\n', rows);
        var done = await Import(table, file);
        Assert.Equal((300, 294, 6), ((int)done["rows"]!, (int)done["created"]!, (int)done["rejected"]!));
        Assert.Equal(
            ["52 unique_violation name", "102 check_violation n", "152 unknown_reference companyId", "153 unknown_reference companyId", "202 required name", "252 invalid_value n"],
            done["rejections"]!.AsArray().Select(item => $"{item!["line"]} {item["code"]} {item["field"]}"));
        Assert.Equal(294L, await server.Ask<long>($"SELECT count(*) FROM {table}"));

        var again = await Send(table, Encoding.UTF8.GetBytes(file), Csv, "", ("Accept", "text/csv"), ("Accept-Language", "fr"));
        Assert.Equal("300", again.Message.Headers.GetValues("Import-Rejected").Single());
        Assert.StartsWith("name;n;company_id;motif du rejet\r\nrow 0;0;;", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_or_nothing_is_nothing_when_one_row_is_rejected()
    {
        var table = await Make("n integer");
        var answer = await Send(table, "n\n1\nx\n"u8.ToArray(), Csv, "all_or_nothing=true");
        Assert.Equal(400, answer.Status);
        Assert.Contains("[3].n", answer.Error["fields"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(0L, await server.Ask<long>($"SELECT count(*) FROM {table}"));
    }

    [Fact]
    public async Task Known_keys_update_what_differs_and_nothing_else()
    {
        var table = await Make("email text UNIQUE, name text NOT NULL, note text");
        await Import(table, "email;name;note\na@x;A;1\nb@x;B;2\n");
        var before = await Versions(table);
        var same = await Import(table, "email;note\na@x;1\nb@x;2\n", "key=email");
        Assert.Equal((0, 0, 2), ((int)same["created"]!, (int)same["updated"]!, (int)same["unchanged"]!));
        Assert.Equal(before, await Versions(table));
        var mixed = await Import(table, "email;name;note\nb@x;B;3\nc@x;C;4\nb@x;B;5\nd@x;;6\n", "key=email");
        Assert.Equal((1, 1, 0, 2), ((int)mixed["created"]!, (int)mixed["updated"]!, (int)mixed["unchanged"]!, (int)mixed["rejected"]!));
        Assert.Equal("A1,B3,C4", await server.Ask<string>($"SELECT string_agg(name || note, ',' ORDER BY id) FROM {table}"));
    }

    [Theory]
    [InlineData("text/csv", "fr", Csv)]
    [InlineData("text/csv", "en", Csv)]
    [InlineData(Xlsx, "fr", Xlsx)]
    [InlineData("application/json", "en", "application/json")]
    public async Task Importing_an_export_changes_nothing(string accept, string language, string type)
    {
        var table = await Make("t text, d date, m timestamptz, l timestamp, h time, n numeric, f float8, b boolean, u uuid, a text[], j jsonb");
        await server.Ask<int>($$"""
            WITH new AS (INSERT INTO {{table}} (t, d, m, l, h, n, f, b, u, a, j) VALUES
                ('01000', '2026-12-31', '2026-10-25 00:30:00.123456+00', '2026-03-29 02:30:00', '23:59:59.999999', 1234.5600, 0.1, true, gen_random_uuid(), '{a,"b;c",NULL}', '{"a": [1, null, "é"]}'),
                ('="x"', '0999-01-01', '2026-10-25 01:30:00+00', '1999-12-31', '00:00', -0.001, 1e-300, false, NULL, '{}', '[]'),
                (E' a;"b"\r\nc\t', '9999-12-31', '1899-12-31 23:00:00+00', NULL, NULL, 123456789012345678901234567890, 'NaN', NULL, NULL, NULL, '""'),
                ('', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
                ('=1+1', '1900-02-28', '0001-06-01', '2026-01-01', '12:00', 0, 0.30000000000000004, true, NULL, '{x}', '1'),
                ('Ã©', '1900-03-01', '2026-07-01 12:00:00+00', '2026-07-01 12:00:00', '12:00:00.5', 1e10, 1e20, false, NULL, NULL, '"x"'),
                ('1,5', '2026-02-28', now(), now(), '01:02:03', 12, 3, false, NULL, '{"{","\""}', '{}')
            RETURNING 1) SELECT count(*)::int FROM new
            """);
        var export = await server.Send(Call.Get($"/api/{table}?limit=1000", $"Accept: {accept}", $"Accept-Language: {language}"));
        var before = await Versions(table);
        var done = await Send(table, await export.Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), type, "");
        Assert.True(done.Status == 200 && (int)done.Data!["unchanged"]! == 7, done.Text);
        Assert.Equal(before, await Versions(table));
    }

    [Fact]
    public async Task Fifty_thousand_rows_are_one_change_set()
    {
        var table = await Make("name text, amount numeric");
        await server.Ask<bool>($"SELECT socle_system.keep_history('{table}')");
        var file = new StringBuilder("name;amount\n");
        for (var i = 0; i < 50_000; i++)
            file.Append(System.Globalization.CultureInfo.InvariantCulture, $"Prénom {i};{i},50\n");
        var done = await Import(table, file.ToString());
        Assert.Equal(50_000, (int)done["created"]!);
        var change = Guid.Parse((string)done["changeId"]!);
        Assert.Equal($"{change} import 50000", await server.Ask<string>($"SELECT string_agg(concat_ws(' ', c.id, c.source, (SELECT count(*) FROM socle_system.history h WHERE h.change_id = c.id)), ';') FROM socle_system.changes c WHERE c.id = '{change}'"));
    }

    [Fact]
    public async Task A_form_with_a_file_works_as_browsers_send_it()
    {
        var table = await Make("n integer");
        using var form = new MultipartFormDataContent();
        using var part = new ByteArrayContent("n\n1\n2\n"u8.ToArray());
        part.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.ms-excel");
        form.Add(part, "file", "chiffres.csv");
        var answer = await server.Server.Http.PostAsync(new Uri($"/api/{table}/import", UriKind.Relative), form, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2L, await server.Ask<long>($"SELECT count(*) FROM {table}"));
    }

    [Theory]
    [InlineData("", Csv, "", 400, "invalid_file")]
    [InlineData("PK\u0003\u0004xxxx", Csv, "", 400, "invalid_file")]
    [InlineData("no zip", Xlsx, "", 400, "invalid_file")]
    [InlineData("[1,2]", "application/json", "", 400, "invalid_file")]
    [InlineData("a;b\n1;2\n", Csv, "", 400, "invalid_file")]
    [InlineData("n;N\n1;2\n", Csv, "", 400, "invalid_file")]
    [InlineData("n\n\"1\n2\n", Csv, "", 400, "invalid_file")]
    [InlineData("d\n31/12/2026\n12/31/2026\n", Csv, "", 400, "invalid_file")]
    [InlineData("n\n1\n", "image/png", "", 415, "unsupported_media_type")]
    [InlineData("n\n1\n", Csv, "dryrun=true", 400, "invalid_request")]
    [InlineData("n\n1\n", Csv, "dry_run=perhaps", 400, "invalid_request")]
    [InlineData("n\n1\n", Csv, "key=n", 400, "invalid_request")]
    [InlineData("n\n1\n", Csv, "map=n:nothing", 400, "unknown_field")]
    [InlineData("n\n1\n", Csv, "map=x:n", 400, "invalid_request")]
    public async Task What_cannot_be_imported_is_refused_whole(string file, string type, string query, int status, string code)
    {
        var table = await Make("n integer, d date", "import_refused");
        var answer = await Send(table, Encoding.UTF8.GetBytes(file), type, query);
        Assert.Equal((status, code), (answer.Status, (string?)answer.Error["code"]));
        Assert.Equal(0L, await server.Ask<long>($"SELECT count(*) FROM {table}"));
    }

    [Fact]
    public async Task A_header_alone_imports_nothing_and_a_nul_rejects_its_row()
    {
        var table = await Make("t text");
        Assert.Equal(0, (int)(await Import(table, "t\n"))["rows"]!);
        var done = await Import(table, "t;x\na\0b;\nc;\n");
        Assert.Equal((1, 1), ((int)done["created"]!, (int)done["rejected"]!));
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><worksheet><sheetData><row><c t=\"inlineStr\"><is><t>&a;</t></is></c></row></sheetData></worksheet>", 0)]
    [InlineData("<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"ZZZ1\"><v>1</v></c></row></sheetData></worksheet>", 0)]
    [InlineData("<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>n</t></is></c></row>", 300_000_000)]
    public async Task Hostile_workbooks_are_refused(string sheet, int padding)
    {
        var table = await Make("n integer", "import_hostile");
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>", 0);
            Add(archive, "xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>", 0);
            Add(archive, "xl/worksheets/sheet1.xml", sheet, padding);
        }

        var answer = await Send(table, file.ToArray(), Xlsx, "");
        Assert.Equal((400, "invalid_file"), (answer.Status, (string?)answer.Error["code"]));
    }

    private static void Add(ZipArchive archive, string name, string text, int padding)
    {
        using var part = archive.CreateEntry(name).Open();
        part.Write(Encoding.UTF8.GetBytes(text));
        var blanks = new byte[1_000_000];
        blanks.AsSpan().Fill((byte)' ');
        for (; padding > 0; padding -= blanks.Length)
            part.Write(blanks);
    }

    private async Task<JsonNode> Import(string table, string file, string query = "")
    {
        var answer = await Send(table, Encoding.UTF8.GetBytes(file), Csv, query);
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Data!;
    }

    private async Task<Answer> Send(string table, byte[] file, string type, string query, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/{table}/import?{query}") { Content = new ByteArrayContent(file) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var response = await server.Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    /// <summary>A table of the test's own; the server has seen it.</summary>
    private async Task<string> Make(string columns, string? name = null)
    {
        var table = name ?? $"import_{Guid.NewGuid():N}";
        await using var command = server.Database.CreateCommand($"CREATE TABLE IF NOT EXISTS {table} (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, {columns})");
        await command.ExecuteNonQueryAsync();
        while ((await server.Send(Call.Get($"/api/{table}?limit=0"))).Status != 200)
            await Task.Delay(20);
        return table;
    }

    /// <summary>Changes with every touch of a row, even one that leaves it as it was.</summary>
    private Task<string> Versions(string table) => server.Ask<string>($"SELECT string_agg(xmin::text || ctid::text, ',' ORDER BY id) FROM {table}");
}
