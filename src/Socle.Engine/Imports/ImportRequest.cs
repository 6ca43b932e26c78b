using System.Collections.Immutable;
using Socle.Imports.Values;
using Socle.Kernel;

namespace Socle.Imports;

public enum ImportFormat
{
    Csv,
    Xlsx,
    Json,
}

/// <summary>How a file is to be imported. What is null is found out from the file.</summary>
/// <param name="Key">The fields that tell whether a row's record exists already; by default the table's key, where the file has it.</param>
/// <param name="Map">Headers of the file and the fields that they mean; "-" for none.</param>
/// <param name="Encoding">utf-8, windows-1252, utf-16 or utf-16be.</param>
/// <param name="Sheet">The sheet of a workbook.</param>
/// <param name="IsDryRun">Everything is done, and then undone.</param>
/// <param name="IsAllOrNothing">One rejected row rejects the file.</param>
/// <param name="Zone">Whose clocks moments without an offset were read from.</param>
public sealed record ImportRequest(
    ImportFormat Format,
    Language Language,
    TimeZoneInfo Zone,
    ImmutableArray<string> Key,
    IReadOnlyDictionary<string, string> Map,
    string? Encoding = null,
    char? Separator = null,
    string? Sheet = null,
    DateOrder? Dates = null,
    bool IsDryRun = false,
    bool IsAllOrNothing = false);

/// <param name="Rows">Rows read so far.</param>
/// <param name="Share">How much of the file, from 0 to 1.</param>
public readonly record struct ImportProgress(long Rows, double Share);

/// <summary>What an import did, or a dry run would do.</summary>
/// <param name="IsApplied">It is in the database.</param>
/// <param name="ChangeId">The change set, where the table keeps its history and something changed.</param>
/// <param name="Encoding">Of a text file.</param>
/// <param name="Separator">Of CSV.</param>
/// <param name="Repaired">Doubly encoded cells that were repaired.</param>
/// <param name="Rejections">The first of them.</param>
public sealed record ImportReport(
    bool IsApplied,
    bool IsDryRun,
    long Rows,
    long Created,
    long Updated,
    long Unchanged,
    long Rejected,
    Guid? ChangeId,
    string? Encoding,
    char? Separator,
    long Repaired,
    ImmutableArray<ReportedColumn> Columns,
    ImmutableArray<UnmappedColumn> Unmapped,
    ImmutableArray<Rejection> Rejections);

/// <param name="Format">How its values are written, where that was to be decided: <c>31/12/2026</c>, <c>1 234,56</c>.</param>
/// <param name="IsAssumed">The column does not tell which number of its dates is the day.</param>
/// <param name="IsIgnored">The database keeps the field itself.</param>
public sealed record ReportedColumn(string Header, string Field, string? Format, bool IsAssumed, bool IsIgnored);

/// <param name="Suggestion">The field that was perhaps meant.</param>
public sealed record UnmappedColumn(string Header, string? Suggestion);

/// <param name="Line">Where the row begins in the file.</param>
public sealed record Rejection(long Line, Fault Fault);
