using System.Collections.Immutable;
using Socle.Kernel;
using Socle.Schema;

namespace Socle.Blueprints.Live;

/// <summary>A table of the database as it is now.</summary>
/// <param name="Blueprint">What it is in the format's words; null for what the format has none for.</param>
/// <param name="WhyNot">Why it has no blueprint, and so cannot be changed here.</param>
/// <param name="Gaps">What of the table the blueprint does not tell. It stays as it is, whatever is changed.</param>
public sealed record LiveTable(string Name, TableBlueprint? Blueprint, Text? WhyNot, ImmutableArray<Gap> Gaps)
{
    /// <summary>Its name in the database's own words; for views and the like.</summary>
    public Text? Label { get; init; }

    /// <summary>The blueprint that described it last; null when none did.</summary>
    public string? KeptBy { get; init; }

    /// <summary>Null for what is no ordinary table.</summary>
    internal TableShape? Shape { get; init; }
}

/// <param name="Field">The column; null for something of the whole table.</param>
public sealed record Gap(string? Field, Text Reason);
