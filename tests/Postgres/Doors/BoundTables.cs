using System.Text.Json;
using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Tests.Postgres.Policies;

namespace Socle.Tests.Postgres.Doors;

/// <summary>
/// A secured database whose members read and write their own notes only, and not what is private in them, while managers
/// read all of them; with the words of the scenarios.
/// </summary>
public abstract class BoundTables(TestServer server) : SecuredDatabase(server)
{
    protected const string Notes = """
        CREATE TABLE notes (id int PRIMARY KEY, owner_id uuid, title text, private text);
        SELECT socle_system.keep_history('notes');
        """;

    protected static Guid Ann { get; } = Guid.NewGuid();

    protected static Guid Bob { get; } = Guid.NewGuid();

    protected static Caller Admin { get; } = new(Language.English, Caller.Admin);

    protected static Caller Manager { get; } = new(Language.English, "manager");

    protected static Caller AsAnn { get; } = new(Language.English, "member", Ann) { Name = "ann" };

    protected static Caller AsBob { get; } = new(Language.English, "member", Bob) { Name = "bob" };

    /// <summary>The same database as the engine opens it.</summary>
    protected Database Open() => Socle.Postgres.Database.Open(new NpgsqlConnectionStringBuilder(Database.ConnectionString), TimeSpan.FromSeconds(20));

    /// <summary>The same as a server opens its own.</summary>
    /// <param name="setting">What PostgreSQL is told at the start of each connection.</param>
    protected Database OpenPrivate(string setting = "")
    {
        var address = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        if (setting.Length > 0)
            address.Options = $"{address.Options} -c {setting}";
        return Socle.Postgres.Database.Open(address, TimeSpan.FromSeconds(20), isPrivate: true);
    }

    protected async Task MakeNotes(string? fields = "{id,owner_id,title}", params string[] actions)
    {
        await Execute(Notes);
        await Secure();
        await Bind("notes", "member", "owner_id=eq.{user.id}", "notes.owner_id = socle_system.caller_id()", actions.Length > 0 ? actions : ["read", "create", "update"]);
        if (fields is not null)
            await Execute($"UPDATE socle_system.policies SET fields = '{fields}' WHERE role = 'member' AND action = 'read'");
        await Secure();
    }

    protected Task Bind(string table, string role, string filter, string condition, params string[] actions) => Execute($"""
        UPDATE socle_system.policies p SET filter = '{filter}', condition = '{condition}' FROM socle_system.tables t
        WHERE t.id = p.table_id AND t.relation = '{table}'::regclass AND p.role = '{role}' AND p.action = ANY ('{Sql.ArrayText(actions)}')
        """);

    protected async Task<CatalogSnapshot> Snapshot()
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        return await CatalogReader.Read(connection, SchemaChoice.Default, 1, Cancellation);
    }

    protected static T Given<T>(Result<T> result)
    {
        Assert.False(result.IsFault, result.IsFault ? result.Faults[0].Message.English : "");
        return result.Value;
    }

    protected static void Refused<T>(FaultCode code, Result<T> result)
    {
        Assert.True(result.IsFault, $"not refused: {(result.IsFault ? "" : result.Value)}");
        Assert.Equal(code, result.Faults[0].Code);
        Assert.All(result.Faults, fault => Assert.DoesNotContain("private", fault.Message.English, StringComparison.Ordinal));
    }

    /// <summary>One member of an image.</summary>
    protected static string? Of(string image, string member)
    {
        using var json = JsonDocument.Parse(image);
        return json.RootElement.GetProperty(member).ToString();
    }
}
