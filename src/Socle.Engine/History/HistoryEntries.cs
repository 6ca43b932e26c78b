using System.Collections.Immutable;
using Npgsql;

namespace Socle.History;

/// <summary>A part of a list, and how many there are in all.</summary>
public sealed record Page<T>(ImmutableArray<T> Items, long Total);

/// <summary>Who changed something, when and from where.</summary>
/// <param name="Source">The door: api, import, undo, …; sql is a connection of somebody's own.</param>
/// <param name="Actor">Who; for sql the database's user.</param>
/// <param name="RequestId">The request as the log names it; for sql the program.</param>
/// <param name="Address">The address of a connection of somebody's own.</param>
public sealed record ChangeSource(Guid Id, DateTime? At, string? Source, string? Actor, string? RequestId, string? Address)
{
    /// <summary>The columns that <see cref="Read"/> reads, c being socle_system.changes.</summary>
    internal const string Columns = "c.at, c.source, c.actor, c.request_id, host(c.address)";

    internal static ChangeSource Read(NpgsqlDataReader row, int id, int columns) => new(
        row.GetGuid(id),
        row.IsDBNull(columns) ? null : row.GetDateTime(columns),
        row.FindText(columns + 1),
        row.FindText(columns + 2),
        row.FindText(columns + 3),
        row.FindText(columns + 4));
}

/// <summary>One change of one record. Images are JSON objects by column names; null where there was no record.</summary>
/// <param name="Id">The version's number.</param>
/// <param name="Operation">created, updated, deleted or restored.</param>
public sealed record RecordVersion(long Id, ChangeSource Change, string Operation, string? Before, string? After);

/// <summary>A deleted record that is not there again.</summary>
/// <param name="Entry">Its number in the trash, which is that of the version that deleted it.</param>
/// <param name="Record">As it was, a JSON object by column names.</param>
public sealed record TrashEntry(long Entry, string Schema, string Table, string Key, ChangeSource Change, string Record);

/// <summary>How many entries of one kind a change set has in a table; the table's name is null when it is gone.</summary>
public sealed record ChangeCount(string? Schema, string? Table, string Operation, long Count);

/// <param name="UndoneBy">The change set that took this one back last.</param>
public sealed record ChangeSet(ChangeSource Change, Guid? Undoes, Guid? UndoneBy, ImmutableArray<ChangeCount> Counts);

/// <summary>An entry of a change set.</summary>
/// <param name="Before">As it was, a JSON object by column names; null for what was created.</param>
public sealed record ChangeEntry(long Version, string? Schema, string? Table, string Key, string Operation, string? Before);

internal static class Operations
{
    public const string Deleted = "deleted";

    public static string Name(char operation) => operation switch
    {
        'I' => "created",
        'U' => "updated",
        _ => Deleted,
    };
}
