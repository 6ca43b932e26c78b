using System.Collections.Immutable;
using System.Text;
using Socle.Imports;
using Socle.Imports.Reading;
using Socle.Kernel;

namespace Socle.Tests.Engine.Imports;

/// <summary>Files of every dialect give the same rows; what is no table is refused in words.</summary>
public sealed class FileTests
{
    static FileTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("windows-1252", false)]
    public void The_encoding_is_found_out(string name, bool hasMark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] file = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes("Prénom;Œuvre\nÉloïse;l’été à 5 €\n")];
        Assert.Equal([["Prénom", "Œuvre"], ["Éloïse", "l’été à 5 €"]], Rows(file));
    }

    [Theory]
    [InlineData(";")]
    [InlineData(",")]
    [InlineData("\t")]
    [InlineData("|")]
    public void The_separator_is_found_out(string separator) =>
        Assert.Equal([["a", "b b", "c"], ["1", "x;,\t|", "3"]], Rows($"a{separator}b b{separator}c\r\n1{separator}\"x;,\t|\"{separator}3\r\n"));

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Line_ends_of_every_kind_end_rows(string end) =>
        Assert.Equal([["a", "b"], ["1", "2"], ["3", ""]], Rows($"a;b{end}1;2{end}{end};{end}3;{end}"));

    [Fact]
    public void Quotes_hold_separators_line_ends_and_quotes() =>
        Assert.Equal([["a", "b"], ["x \"y\"\r\nz;", "5\" pipe"]], Rows("a;b\n\"x \"\"y\"\"\r\nz;\";5\" pipe"));

    [Fact]
    public void Excels_own_hint_is_followed() => Assert.Equal([["a;b", "c"], ["1;2", "3"]], Rows("sep=|\r\na;b|c\r\n1;2|3\r\n"));

    [Theory]
    [InlineData("Ã‰lodie LefÃ¨vre", "Élodie Lefèvre")]
    [InlineData("cafÃƒÂ©", "café")]
    [InlineData("SÃO PAULO", "SÃO PAULO")]
    [InlineData("déjà vu", "déjà vu")]
    [InlineData("Å“uvre", "œuvre")]
    public void Doubly_encoded_text_is_repaired_where_that_is_sure(string written, string meant) =>
        Assert.Equal([["a", "b"], [meant, "1"]], Rows($"a;b\n{written};1\n"));

    [Fact]
    public void Rows_of_two_encodings_are_both_read() => Assert.Equal(
        [["a", "b"], ["Élodie", "1"], ["Jérôme", "2"]],
        Rows([.. "a;b\nÉlodie;1\n"u8, .. Encoding.GetEncoding(1252).GetBytes("Jérôme;2\n")]));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\n\n", "empty")]
    [InlineData("a;b\n1;\"2\n3;4\n", "never closed")]
    public void What_cannot_be_read_is_refused(string file, string reason) => Assert.Contains(reason, Refusal(Encoding.UTF8.GetBytes(file)), StringComparison.Ordinal);

    [Fact]
    public void A_binary_file_is_refused()
    {
        var noise = new byte[4096];
        new Random(1).NextBytes(noise);
        Assert.Contains("no text file", Refusal(noise), StringComparison.Ordinal);
        Assert.Contains("workbook", Refusal([.. "PK\u0003\u0004"u8, .. noise]), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_columns_are_refused() =>
        Assert.Contains("columns", Refusal(Encoding.UTF8.GetBytes(string.Join(';', Enumerable.Range(0, 10_000)) + "\n")), StringComparison.Ordinal);

    [Fact]
    public void An_enormous_cell_is_refused_and_a_large_one_read()
    {
        Assert.Contains("longer than", Refusal(Encoding.UTF8.GetBytes("a;b\n" + new string('x', 50_000_000) + ";1\n")), StringComparison.Ordinal);
        var rows = Rows(Encoding.UTF8.GetBytes("a;b\n\"" + new string('x', 3_000_000) + "\";1\n2;3\n"));
        Assert.Equal([3_000_000, 1], rows[1..].Select(row => row[0].Length));
    }

    [Fact]
    public void A_row_of_another_shape_has_a_problem_and_its_line()
    {
        using var reader = Open(Encoding.UTF8.GetBytes("a;b\n\"1\n1\";2\n3\n4;5;6\n7;8;\n\"9\"x;0\n"));
        var seen = new List<(long, string?)>();
        while (reader.Next())
            seen.Add((reader.Line, reader.Problem?.English));
        Assert.Equal(
            [(2, null), (4, "The row has 1 cells instead of 2."), (5, "The row has 3 cells instead of 2."), (6, null), (7, "Text follows a closing quote.")],
            seen);
    }

    [Theory]
    [InlineData("""[{"a":1.50,"b":"x"},{"b":null,"a":true}]""")]
    [InlineData("{\"a\":1.50,\"b\":\"x\"}\n{\"b\":null,\"a\":true}\n")]
    [InlineData("""{"success":true,"data":[{"a":1.50,"b":"x"},{"b":null,"a":true}],"meta":{"limit":1}}""")]
    public void Json_is_read_in_three_forms(string json)
    {
        using var reader = new JsonReader(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        Assert.Equal(["a", "b"], reader.Header);
        Assert.Equal([["1.50", "x"], ["true", ""]], Cells(reader));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("[{\"a\":1}")]
    [InlineData("[{\"a\":}]")]
    [InlineData("null")]
    public void Json_that_is_no_list_of_objects_is_refused(string json) =>
        Assert.Throws<UnreadableFileException>(() => new JsonReader(new MemoryStream(Encoding.UTF8.GetBytes(json))));

    [Fact]
    public void A_table_is_proposed_with_narrow_types_and_whole_identifiers()
    {
        var csv = "Id;Raison sociale;SIRET;Code postal;Téléphone;Créée le;Montant;Nb;Actif;Courriel;Référence\n"
            + "1;Lefèvre;01234567890123;01000;0612345678;31/12/2026;1 234,50 €;3;oui;a@b.fr;12\n"
            + "2;Dupont;12345678901234;75001;06 98 76 54 32;01/02/2026;7;12;non;;13\n";
        var yaml = TableProposal.Write(SourceFile.Detect(new MemoryStream(Encoding.UTF8.GetBytes(csv)), Request(ImportFormat.Csv)).Value, "firms").Value;
        var blueprint = global::Socle.Blueprints.BlueprintReader.Read(yaml, "firms.yaml").Value;
        Assert.Equal(
            ["id:number", "raison_sociale:text", "siret:text", "code_postal:text", "telephone:phone", "creee_le:date", "montant:decimal", "nb:number", "actif:boolean", "courriel:email", "reference:text", "created_at:date_time", "updated_at:date_time"],
            blueprint.Tables[0].Fields.Select(field => $"{field.Name}:{field.Type.Name}"));
        Assert.Equal(["id"], blueprint.Tables[0].Key);
    }

    private static List<string[]> Rows(string file) => Rows(Encoding.UTF8.GetBytes(file));

    private static List<string[]> Rows(byte[] file)
    {
        using var reader = Open(file);
        return [[.. reader.Header], .. Cells(reader)];
    }

    private static List<string[]> Cells(RowReader reader)
    {
        var rows = new List<string[]>();
        while (reader.Next())
            rows.Add([.. Enumerable.Range(0, reader.Header.Count).Select(i => Encoding.UTF8.GetString(reader.Cell(i).Text))]);
        return rows;
    }

    private static RowReader Open(byte[] file) => SourceFile.Detect(new MemoryStream(file), Request(ImportFormat.Csv)).Value.Open(isLiteral: false);

    private static string Refusal(byte[] file)
    {
        var source = SourceFile.Detect(new MemoryStream(file), Request(ImportFormat.Csv));
        if (source.IsFault)
            return source.Faults[0].Message.English;
        return Assert.Throws<UnreadableFileException>(() =>
        {
            using var reader = source.Value.Open(isLiteral: false);
            while (reader.Next())
            {
                // To the end.
            }
        }).Fault.Message.English;
    }

    private static ImportRequest Request(ImportFormat format) =>
        new(format, Language.English, TimeZoneInfo.Utc, ImmutableArray<string>.Empty, new Dictionary<string, string>());
}
