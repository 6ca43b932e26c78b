using System.Collections.Immutable;

namespace Socle.Cochin;

/// <summary>What an import of a Cochin database did, or would do.</summary>
/// <param name="Tables">The tables that were in the file.</param>
/// <param name="Aside">Everything that is kept aside.</param>
/// <param name="Differences">The first of the values that are in Socle and are not what the file says; then nothing was imported.</param>
/// <param name="LeftOut">What is in the file and was not taken over, with the number of rows.</param>
public sealed record CochinReport(
    bool IsDryRun,
    bool IsApplied,
    ImmutableArray<TableReport> Tables,
    ImmutableArray<AsideValue> Aside,
    ImmutableArray<string> Differences,
    ImmutableArray<RuleReport> Rules,
    ImmutableArray<PersonReport> People,
    ImmutableArray<LeftOut> LeftOut)
{
    /// <summary>Nothing of the file is anywhere but in its place.</summary>
    public bool IsClean => Aside.IsEmpty && Differences.IsEmpty && Rules.All(rule => rule.Problem is null) && People.All(person => person.Problem is null);
}

/// <param name="Source">The table's name in Cochin.</param>
public sealed record TableReport(string Source, string Table, TableCounts Counts);

/// <param name="Problem">Why it could not be taken over, or not wholly; null when it was.</param>
public sealed record RuleReport(string Name, string? Table, Kernel.Text? Problem);

/// <param name="Role">Null for somebody who was not taken over.</param>
/// <param name="Problem">What of the account could not be taken over; null when all was.</param>
public sealed record PersonReport(string Username, string? Role, bool HasPassword, Kernel.Text? Problem);
