using Npgsql;
using Socle.Tests.Postgres.Schema;

namespace Socle.Tests.Postgres.Files;

/// <summary>Fields that point to files: made, changed and taken back like others; a row never points to a file that is not there.</summary>
public sealed class FileFieldTests(TestServer server) : SchemaScenario(server)
{
    private const string WithFiles = "fields:\n  title: text\n  scan: { type: file, accept: [image/*, .docx], max_size: 10 KB }\n  extras: files";

    [Fact]
    public async Task Fields_that_hold_files_are_made_taken_down_and_brought_up_again()
    {
        await Apply(Things("fields:\n  title: text"));
        await Apply(Things(WithFiles));
        var file = await AddFile();
        await Execute($"INSERT INTO things (title, scan, extras) VALUES ('x', '{file}', ARRAY['{file}']::uuid[])");
        await Down();
        Assert.Equal("created_at\nid\ntitle\nupdated_at", await List("SELECT attname FROM pg_attribute WHERE attrelid = 'things'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY 1"));
        Assert.Equal("0", await List("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'things'::regclass AND tgname = 'socle_hold_files'"));
        // What waits for the way up still needs it.
        await Assert.ThrowsAsync<PostgresException>(() => Execute("DELETE FROM socle_system.files"));
        await Up();
        Assert.Equal($"{file} {{{file}}}", await List("SELECT concat_ws(' ', scan, extras) FROM things"));
        await Apply(Things(WithFiles));
    }

    [Fact]
    public async Task A_list_is_found_by_what_is_in_it()
    {
        await Apply(Things(WithFiles));
        Assert.Equal("gin", await List("SELECT m.amname FROM pg_class c JOIN pg_am m ON m.oid = c.relam WHERE c.relname = 'ix_things_extras'"));
        Assert.Equal("btree", await List("SELECT m.amname FROM pg_class c JOIN pg_am m ON m.oid = c.relam WHERE c.relname = 'ix_things_scan'"));
    }

    [Fact]
    public async Task Psql_too_points_only_to_files_that_are_there_and_that_the_field_takes()
    {
        await Apply(Things(WithFiles));
        var (image, text, large) = (await AddFile(), await AddFile("text/plain"), await AddFile("image/png", 10_001));

        await Execute($"INSERT INTO things (scan, extras) VALUES ('{image}', ARRAY['{text}', '{large}']::uuid[])");
        Assert.Equal("SF404", await Refusal($"INSERT INTO things (extras) VALUES (ARRAY['{image}', '{Guid.NewGuid()}']::uuid[])"));
        Assert.Equal("SF404", await Refusal($"INSERT INTO things (scan) VALUES ('{Guid.NewGuid()}')"));
        Assert.Equal("SF415", await Refusal($"UPDATE things SET scan = '{text}'"));
        Assert.Equal("SF413", await Refusal($"UPDATE things SET scan = '{large}'"));
        Assert.Equal("23514", await Refusal("UPDATE things SET extras = ARRAY[NULL]::uuid[]"));
        // What is stored stays when the field takes less.
        await Apply(Things(WithFiles.Replace("10 KB", "10 B", StringComparison.Ordinal)));
        await Execute("UPDATE things SET title = 'still'");
    }

    [Fact]
    public async Task A_file_that_a_record_points_to_is_not_deleted_wherever_the_field_went()
    {
        await Apply(Things(WithFiles));
        var (one, two) = (await AddFile(), await AddFile());
        await Execute($"INSERT INTO things (scan, extras) VALUES ('{one}', ARRAY['{two}']::uuid[])");
        Assert.StartsWith("23", await Refusal($"DELETE FROM socle_system.files WHERE id = '{one}'"), StringComparison.Ordinal);
        Assert.Equal("23001", await Refusal($"DELETE FROM socle_system.files WHERE id = '{two}'"));
        await Apply(Things("fields:\n  title: text\n  scan: file"));
        Assert.Equal("23001", await Refusal($"DELETE FROM socle_system.files WHERE id = '{two}'"));
        await Down();
        Assert.Equal($"{{{two}}}", await List("SELECT extras::text FROM things"));
        await Execute("UPDATE things SET extras = '{}', scan = NULL");
        await Execute("DELETE FROM socle_system.files");
    }

    [Fact]
    public async Task A_renamed_field_holds_its_files_as_before()
    {
        await Apply(Things(WithFiles));
        var file = await AddFile();
        await Execute($"INSERT INTO things (extras) VALUES (ARRAY['{file}']::uuid[])");
        await Execute("ALTER TABLE things RENAME COLUMN extras TO more");
        await Apply(Things("fields:\n  title: text\n  scan: { type: file, accept: [image/*, .docx], max_size: 10 KB }\n  attachments: { id: extras, type: files }"));
        Assert.Equal("23001", await Refusal($"DELETE FROM socle_system.files WHERE id = '{file}'"));
        Assert.Equal("SF404", await Refusal($"INSERT INTO things (attachments) VALUES (ARRAY['{Guid.NewGuid()}']::uuid[])"));
    }

    [Fact]
    public async Task A_file_field_becomes_text_and_file_again()
    {
        await Apply(Things(WithFiles));
        var file = await AddFile();
        await Execute($"INSERT INTO things (scan) VALUES ('{file}')");
        await Apply(Things(WithFiles.Replace("{ type: file, accept: [image/*, .docx], max_size: 10 KB }", "text", StringComparison.Ordinal)));
        Assert.Equal($"{file}", await List("SELECT scan FROM things"));
        // The values from before wait in a hidden column.
        Assert.Equal("23001", await Refusal($"DELETE FROM socle_system.files WHERE id = '{file}'"));
        await Down();
        Assert.Equal($"{file}", await List("SELECT scan::text FROM things"));
    }

    private async Task<Guid> AddFile(string type = "image/png", int size = 5) =>
        Guid.Parse(await List($"INSERT INTO socle_system.files (name, size, content_type, sha256) VALUES ('x', {size}, '{type}', repeat('a', 64)) RETURNING id"));

    private async Task<string> Refusal(string sql) => (await Assert.ThrowsAsync<PostgresException>(() => Execute(sql))).SqlState;
}
