using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Socle.Postgres;
using Socle.Rules;
using Socle.Schema;
using Socle.Tests.Postgres.Policies;
using Socle.Tests.Rules;

namespace Socle.Tests.Postgres.Rules;

/// <summary>The database refuses and sets what the vectors say: tests/vectors/rules.json.</summary>
public sealed class VectorTests(TestServer server) : SecuredDatabase(server)
{
    [Fact]
    public async Task The_database_says_what_the_vectors_say()
    {
        foreach (var table in VectorTable.Read(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "vectors", "rules.json"), Cancellation)))
        {
            await Make(table);
            foreach (var one in table.Cases)
            {
                var expected = one.Verdict["broken"]!.AsArray().Select(item => $"[\"{item!["rule"]}\", \"{item["effect"]}\", \"{item["field"]}\"]");
                var told = await Write(table, one);
                Assert.True($"[{string.Join(',', expected)}]" == told, $"{table.Name}: {one.Record} before {one.Before}\nexpected {one.Verdict["broken"]!.ToJsonString()}\ntold {told}");
            }
        }
    }

    private async Task Make(VectorTable table)
    {
        ImmutableArray<KeptRule> kept = [.. table.Rules.Select(rule => new KeptRule(rule, null))];
        await Execute($"""
            DROP TABLE IF EXISTS vectors; DELETE FROM socle_system.tables;
            CREATE TABLE vectors ({string.Join(", ", table.Fields.Select(field => $"{Sql.Identifier(field.Name)} {VectorTable.TypeOf(field.Kind)}"))});
            SELECT socle_system.put_rules('vectors', {Sql.Literal(RuleDocument.Write("vectors", table.Set, kept, isLenient: false))}::jsonb);
            """);
    }

    /// <summary>What the record breaks, by the trigger and, where that is away, by some constraint.</summary>
    private async Task<string> Write(VectorTable table, VectorCase one)
    {
        await Execute("ALTER TABLE vectors DISABLE TRIGGER USER; DELETE FROM vectors; ALTER TABLE vectors ENABLE TRIGGER USER");
        try
        {
            if (one.Before is { } before)
            {
                await Execute("ALTER TABLE vectors DISABLE TRIGGER USER");
                await Run("INSERT INTO vectors SELECT * FROM json_populate_record(NULL::vectors, $1)", before);
                await Execute("ALTER TABLE vectors ENABLE TRIGGER USER");
                var names = string.Join(", ", table.Fields.Select(field => Sql.Identifier(field.Name)));
                await Run($"UPDATE vectors SET ({names}) = (SELECT {names} FROM json_populate_record(NULL::vectors, $1))", one.Record);
            }
            else
            {
                await Run("INSERT INTO vectors SELECT * FROM json_populate_record(NULL::vectors, $1)", one.Record);
            }

            return "[]";
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.CheckViolation)
        {
            return exception.Hint ?? exception.MessageText;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DatetimeFieldOverflow)
        {
            // 29 February of a common year: the other two hold it for nothing.
            return "[]";
        }
    }

    private async Task Run(string sql, JsonElement record)
    {
        await using var command = Database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = record.GetRawText(), NpgsqlDbType = NpgsqlDbType.Json });
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
