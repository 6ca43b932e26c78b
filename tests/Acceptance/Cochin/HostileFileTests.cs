using Socle.Tests.Acceptance.Running;

namespace Socle.Tests.Acceptance.Cochin;

/// <summary>Files that are not what they are said to be are refused with the reason, and leave nothing behind.</summary>
public sealed class HostileFileTests
{
    public static TheoryData<string, string, string> Files => new()
    {
        { "text", "echo 'not a database' > db.sqlite3", "is no SQLite database" },
        { "empty", ": > db.sqlite3", "is no SQLite database" },
        { "header only", "printf 'SQLite format 3\\000' > db.sqlite3", "damaged" },
        { "another program's", "rm db.sqlite3; sqlite3 db.sqlite3 'CREATE TABLE clients (id INTEGER PRIMARY KEY)'", "it has no table database_dynamictable" },
        { "a column is missing", "sqlite3 db.sqlite3 'ALTER TABLE database_dynamicvalue RENAME COLUMN value TO valeur'", "database_dynamicvalue has no column value" },
        { "cut off", "truncate -s 60000 db.sqlite3", "damaged" },
        { "a page of noise", "dd if=/dev/urandom of=db.sqlite3 bs=4096 seek=8 count=6 conv=notrunc 2>/dev/null", "damaged" },
        { "a view that never ends", "sqlite3 db.sqlite3 'DROP TABLE database_dynamicvalue; CREATE VIEW database_dynamicvalue AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i AS id, i AS record_id, i AS field_id, i AS value FROM n'", "database_dynamicvalue is no ordinary table" },
        { "a column that computes", "sqlite3 db.sqlite3 'DROP TABLE database_dynamicvalue; CREATE TABLE database_dynamicvalue (id INTEGER PRIMARY KEY, record_id, field_id, value AS (zeroblob(2000000000)))'", "database_dynamicvalue is no ordinary table" },
        { "an unfinished change", "printf 'x' > db.sqlite3-journal", "holds an unfinished change" },
        { "no numbers", "sqlite3 db.sqlite3 'PRAGMA writable_schema=ON; DROP TABLE database_dynamicrecord; CREATE TABLE database_dynamicrecord (id TEXT PRIMARY KEY, table_id)'", "database_dynamicrecord is no ordinary table" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_that_is_none_of_Cochins_is_refused(string what, string made, string reason)
    {
        using var file = await CochinFile.Generate(10);
        await Programs.Read("/bin/sh", "-c", $"cd {Path.GetDirectoryName(file.FilePath)} && {made}");

        var ended = await file.Import();

        Assert.True(ended.ExitCode == 1, $"{what}: {ended.ExitCode} {ended.Output}");
        Assert.Contains(reason, ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(file.Data));
        Assert.Empty(file.Leftovers);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_said_so_in_French_too()
    {
        using var file = await CochinFile.Generate(10);
        File.Delete(file.FilePath);

        var ended = await SocleProgram.Run([("LC_ALL", "fr_FR.UTF-8")], "import", "cochin", file.FilePath, "--data", file.Data);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("Il n'y a pas de fichier", ended.Errors, StringComparison.Ordinal);
    }

    /// <summary>What Django wrote last stands in the log beside the file until SQLite moves it over.</summary>
    [Fact]
    public async Task Pages_in_the_log_beside_the_file_come_over_too()
    {
        using var file = await CochinFile.Generate(10);
        var folder = Path.GetDirectoryName(file.FilePath)!;
        await Programs.Read("/usr/bin/python3", "-c", """
            import os, shutil, sqlite3, sys
            os.chdir(sys.argv[1])
            c = sqlite3.connect('db.sqlite3')
            c.execute('PRAGMA journal_mode=WAL')
            c.execute("UPDATE database_dynamicvalue SET value = 'du journal' WHERE value = 'Interne'")
            c.commit()
            for name in ('db.sqlite3', 'db.sqlite3-wal'):
                shutil.copy(name, 'copy-' + name)
            c.close()
            for name in ('db.sqlite3', 'db.sqlite3-wal'):
                os.replace('copy-' + name, name)
            """, folder);

        Assert.Equal(3, (await file.Import()).ExitCode);

        Assert.Equal("1", await file.Psql("SELECT count(*) FROM table_names WHERE nom = 'du journal'"));
    }

    [Fact]
    public async Task Names_and_values_made_to_do_harm_are_only_text()
    {
        using var file = await CochinFile.Generate(10);
        await file.Sqlite("""
            UPDATE database_dynamictable SET name = '"; DROP TABLE projet; --', slug = 'users' WHERE slug = 'vehicule';
            UPDATE database_dynamicfield SET name = char(27) || '[31m' || char(10) || 'rouge', slug = 'xmin' WHERE slug = 'signature';
            UPDATE database_dynamicfield SET slug = printf('%.300c', 'é') WHERE slug = 'site';
            UPDATE database_dynamicvalue SET value = '\.' WHERE value = 'Interne';
            UPDATE database_dynamicvalue SET value = x'ff00fe' WHERE value = 'Client';
            UPDATE database_dynamicvalue SET value = 1e999 WHERE field_id IN (SELECT id FROM database_dynamicfield WHERE slug = 'prix-achat');
            UPDATE database_dynamicvalue SET value = printf('%.4000c', 'A') WHERE field_id IN (SELECT id FROM database_dynamicfield WHERE slug = 'nom_devis')
            """);

        var ended = await file.Import();

        Assert.True(ended.ExitCode == 3, ended.Errors);
        Assert.DoesNotContain('\u001b', ended.Output);
        Assert.Equal("1", await file.Psql(@"SELECT count(*) FROM table_names WHERE nom = '\.'"));
        Assert.Equal("12", await file.Psql("SELECT count(*) FROM drop_table_projet"));
        Assert.Empty(file.Report["differences"]!.AsArray());
    }
}
