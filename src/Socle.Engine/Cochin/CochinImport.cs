using System.Collections.Immutable;
using Npgsql;
using Socle.Blueprints;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Schema;

namespace Socle.Cochin;

/// <summary>Writes the people of a Cochin database as accounts, in the import's transaction.</summary>
public delegate Task<ImmutableArray<PersonReport>> WritePeople(NpgsqlConnection connection, ImmutableArray<CochinUser> people, CancellationToken cancellation);

/// <param name="IsDryRun">Everything is done, and then taken back.</param>
/// <param name="Zone">Whose clocks moments without an offset were read from.</param>
public sealed record CochinRequest(bool IsDryRun, TimeZoneInfo Zone, WritePeople WritePeople);

/// <summary>
/// Brings a file of Cochin Project Manager into a database: tables, records, links, choices, rules and people, in one transaction,
/// then reads all of it back and compares. Refuses tables that hold records already, and to keep anything when a single value came over wrong. What has no place is kept aside and told.
/// </summary>
public sealed class CochinImport(NpgsqlDataSource database)
{
    public async Task<Result<CochinReport>> Run(CochinSource source, CochinRequest request, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellation);
            await using var transaction = await SchemaTransaction.Begin(connection, cancellation);
            await SystemSchema.Apply(connection, cancellation);
            await ChangeSettings.Set(connection, ChangeOrigin.New("import"), cancellation);
            var report = await new CochinRun(source.File, source.Database, connection, request, cancellation).Run();
            if (report is { IsFault: false, Value.IsApplied: true })
                await transaction.CommitAsync(cancellation);
            return report;
        }
        catch (UnreadableSqliteException exception)
        {
            return exception.Fault;
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.LockNotAvailable or not ['5' or '0', ..])
        {
            return Refused(exception);
        }
    }

    /// <summary>What nobody foresaw of somebody else's data; the words of PostgreSQL stay here, for they quote it.</summary>
    private static Fault Refused(PostgresException exception) => new(
        FaultCode.InvalidFile,
        $"PostgreSQL refused something of the file (SQLSTATE {exception.SqlState}, table {exception.TableName ?? "-"}, {exception.ConstraintName ?? exception.ColumnName ?? "-"}). Nothing was imported.",
        $"PostgreSQL a refusé quelque chose du fichier (SQLSTATE {exception.SqlState}, table {exception.TableName ?? "-"}, {exception.ConstraintName ?? exception.ColumnName ?? "-"}). Rien n'a été importé.");
}
