using System.Collections.Immutable;
using Socle.Kernel;
using Socle.Views;

namespace Socle.Blueprints;

/// <summary>A view that everybody has.</summary>
/// <param name="Key">Its name among those of its table.</param>
public sealed record ViewBlueprint(string Key, ViewDefinition View, int Line);

/// <summary>A dashboard that everybody has.</summary>
/// <param name="Key">Its name among all dashboards.</param>
public sealed record DashboardBlueprint(string Key, Text Label, ImmutableArray<WidgetBlueprint> Widgets, int Line);

public sealed record WidgetBlueprint(WidgetDefinition Widget, int Line);
