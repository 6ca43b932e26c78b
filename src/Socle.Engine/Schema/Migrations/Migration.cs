using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Socle.Kernel;

namespace Socle.Schema.Migrations;

public enum MigrationState
{
    Applied,

    /// <summary>Taken down; it may come up again.</summary>
    TakenDown,

    /// <summary>Taken down, and another was applied since.</summary>
    Superseded,
}

/// <summary>What one apply did, as it is logged.</summary>
/// <param name="Blueprint">The blueprint's name.</param>
/// <param name="Source">The blueprint's own text.</param>
public sealed record Migration(long Id, DateTime AppliedAt, DateTime? RevertedAt, MigrationState State, string Blueprint, string Source, ImmutableArray<LoggedStep> Steps);

/// <summary>One step with its SQL both ways, as it was decided then.</summary>
/// <param name="DownLosses">Counts the values that the way down would lose; null when it loses none.</param>
/// <param name="Offenders">Counts the rows in the way of the step; null when none can be.</param>
/// <param name="IsOnce">Not taken when the migration comes up again.</param>
public sealed record LoggedStep(
    string English, string French, string? Table, string Up, string Down, string Verdict, long? Rows, long? Losses, string? DownLosses, string? Offenders, bool IsOnce)
{
    [JsonIgnore]
    public Text Words => new(English, French);

    public static LoggedStep From(SchemaStep step) => new(
        step.Words.English,
        step.Words.French,
        step.Table,
        step.Sql,
        step.Down,
        step.Verdict.ToString(),
        step.Rows,
        step.Losses,
        step.CountDownLosses,
        step.CountOffenders,
        step.IsOnce);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ImmutableArray<LoggedStep>))]
internal sealed partial class LoggedStepJson : JsonSerializerContext;
