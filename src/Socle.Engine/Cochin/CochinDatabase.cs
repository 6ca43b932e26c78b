using System.Collections.Immutable;

namespace Socle.Cochin;

/// <summary>What a Cochin database says of itself: its tables with their fields, its rules, its people; the records stay in the file.</summary>
/// <param name="RecordColumns">Which columns that not every version has are there, of database_dynamicrecord.</param>
/// <param name="LeftOut">What is in the file and is not taken over, with the number of rows.</param>
public sealed record CochinDatabase(
    ImmutableArray<CochinTable> Tables,
    ImmutableArray<CochinRule> Rules,
    ImmutableArray<CochinUser> Users,
    ImmutableHashSet<string> RecordColumns,
    ImmutableArray<LeftOut> LeftOut);

public sealed record CochinTable(long Id, string Name, string Slug, ImmutableArray<CochinField> Fields);

/// <param name="Type">The field_type, as the app wrote it.</param>
/// <param name="Related">The table that a link or choice points to.</param>
public sealed record CochinField(long Id, long Table, string Name, string Slug, string Type, bool IsRequired, long? Related);

/// <summary>When <paramref name="Source"/> <paramref name="Operator"/> <paramref name="Value"/>, then <paramref name="Action"/> <paramref name="Target"/>.</summary>
public sealed record CochinRule(
    long Id, string Name, long Table, long Source, string Operator, string Value, long Target, string Action, string ActionValue, string Message, bool IsActive, ImmutableArray<string> Options);

public sealed record CochinUser(
    long Id,
    string Username,
    string Email,
    string Name,
    bool IsSuperuser,
    bool IsStaff,
    bool IsActive,
    string Password,
    DateTimeOffset? PasswordChangedAt,
    DateTimeOffset? LastLogin,
    DateTimeOffset? JoinedAt,
    ImmutableArray<FormerPassword> FormerPasswords)
{
    /// <summary>The id of their account in Socle.</summary>
    public Guid SocleId => RecordNumbers.IdOfUser(Id);
}

public sealed record FormerPassword(string Hash, DateTimeOffset? At);

public sealed record LeftOut(string Table, string? Column, long Rows);
