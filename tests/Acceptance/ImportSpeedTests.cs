using System.Diagnostics;
using System.Globalization;
using System.Text;
using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance;

/// <summary>
/// A French CSV goes in at half the speed at least of psql's \copy of the same rows as PostgreSQL wants them, into tables with the same keys
/// and indexes, in turns; and in little memory. SOCLE_IMPORT_ROWS=1000000 measures the promised million; the gate takes fewer, and allows for
/// the program's start, which weighs more there.
/// </summary>
[Collection<Measured>]
public sealed class ImportSpeedTests(WashgoServer fixture) : IClassFixture<WashgoServer>
{
    private const int Million = 1_000_000;
    private const int Rounds = 3;
    private const long AllowedMemory = 300L * 1024 * 1024;
    private const string Columns = "number, customer, siret, city, postal_code, ordered_on, amount, quantity, paid, email";

    private static readonly int Rows = int.TryParse(Environment.GetEnvironmentVariable("SOCLE_IMPORT_ROWS"), out var rows) ? rows : 100_000;
    private static readonly string[] Names = ["Élodie Lefèvre", "Jérôme D'Hérouville", "Zoé Müller", "François Bœuf", "Maëlle Le Goff", "Noël Garçon", "Inès Côté"];
    private static readonly string[] Cities = ["Besançon", "Saint-Étienne", "Nîmes", "L'Haÿ-les-Roses", "Orléans"];
    private static readonly string[] Blanks = [" ", "\u00a0", "\u202f"];

    [Fact]
    public async Task A_french_file_is_imported_at_half_of_psqls_speed_in_little_memory()
    {
        var folder = Directory.CreateTempSubdirectory("socle-import-");
        try
        {
            var (french, plain) = (Path.Combine(folder.FullName, "fr.csv"), Path.Combine(folder.FullName, "plain.csv"));
            Generate(french, plain);
            await fixture.Server.Psql("-c", $"""
                CREATE TABLE imported (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), number text, customer text NOT NULL, siret text, city text, postal_code text,
                    ordered_on date, amount numeric(12,2), quantity bigint, paid boolean, email text, created_at timestamptz NOT NULL DEFAULT now());
                CREATE INDEX ON imported (city); CREATE INDEX ON imported (ordered_on);
                CREATE TABLE copied (LIKE imported INCLUDING ALL)
                """);
            var (ours, psqls, memory) = (TimeSpan.MaxValue, TimeSpan.MaxValue, 0L);
            for (var round = 0; round < Rounds; round++)
            {
                // The import pays for the history that its table keeps, and psql's table keeps none.
                await fixture.Server.Psql("-o", "/dev/null", "-c", "SELECT socle_system.stop_history('imported')", "-c", "TRUNCATE imported, copied, socle_system.history", "-c", "SELECT socle_system.keep_history('imported')", "-c", "CHECKPOINT");
                var clock = Stopwatch.StartNew();
                await fixture.Server.Psql("-c", $"\\copy copied ({Columns}) FROM '{plain}' WITH (FORMAT csv)");
                psqls = Min(psqls, clock.Elapsed);
                await fixture.Server.Psql("-c", "CHECKPOINT");
                var (took, peak) = await Import(french);
                (ours, memory) = (Min(ours, took), Math.Max(memory, peak));
            }

            var difference = await fixture.Server.Psql("-At", "-c", $"SELECT count(*) FROM (SELECT {Columns} FROM imported EXCEPT ALL SELECT {Columns} FROM copied) d", "-c", "SELECT count(*) FROM imported");
            Assert.Equal($"0\n{Rows}\n", difference);
            var ratio = psqls / ours;
            TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{Rows} rows: psql {psqls.TotalSeconds:0.00} s, import {ours.TotalSeconds:0.00} s, ratio {ratio:0.00}, {memory / 1048576} MB"));
            Assert.True(memory < AllowedMemory, $"{memory / 1048576} MB");
            Assert.True(ratio >= (Rows >= Million ? 0.5 : 0.35), $"psql {psqls}, import {ours}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<(TimeSpan Took, long Peak)> Import(string file)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(SocleProgram.Command([("LC_ALL", "C.UTF-8")], "import", "csv", file, "--table", "imported", "--data", fixture.Data.FolderPath))!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var peak = 0L;
        while (!process.WaitForExit(25))
            peak = Math.Max(peak, ReadPeak(process.Id));
        var took = clock.Elapsed;
        Assert.True(process.ExitCode == 0, await errors + await output);
        return (took, peak);
    }

    private static long ReadPeak(int process)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024).SingleOrDefault();
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>The same rows twice: as a French spreadsheet writes them, and as PostgreSQL wants them.</summary>
    private static void Generate(string french, string plain)
    {
        var random = new Random(7);
        using var fr = new StreamWriter(french, false, new UTF8Encoding(true));
        using var pg = new StreamWriter(plain, false, new UTF8Encoding(false));
        fr.Write("Number;Customer;SIRET;City;Postal code;Ordered on;Amount;Quantity;Paid;Email\r\n");
        for (var i = 0; i < Rows; i++)
        {
            var (name, city, blank) = (Names[random.Next(Names.Length)], Cities[random.Next(Cities.Length)], Blanks[random.Next(Blanks.Length)]);
            var (cents, day, siret, postal, quantity, paid) = (random.NextInt64(1, 99_999_999), new DateOnly(2015, 1, 1).AddDays(random.Next(4000)), random.NextInt64(100_000_000_000_000), random.Next(1000, 99_000), random.Next(1, 500), random.Next(2) == 0);
            var amount = (cents / 100).ToString("#,##0", new NumberFormatInfo { NumberGroupSeparator = blank });
            fr.Write(string.Create(CultureInfo.InvariantCulture, $"C-{i:D7};{(i % 50 == 0 ? $"\"{name} ; \"\"SARL\"\"\"" : name)};{siret:D14};{city};{postal:D5};{day:dd'/'MM'/'yyyy};{amount},{cents % 100:D2} €;{quantity};{(paid ? "oui" : "non")};client{i}@courriel.example\r\n"));
            pg.Write(string.Create(CultureInfo.InvariantCulture, $"C-{i:D7},{(i % 50 == 0 ? $"\"{name} ; \"\"SARL\"\"\"" : name)},{siret:D14},{city},{postal:D5},{day:yyyy-MM-dd},{cents / 100}.{cents % 100:D2},{quantity},{(paid ? "t" : "f")},client{i}@courriel.example\n"));
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
