using System.Collections.Frozen;

namespace Socle.Views;

/// <summary>How a view shows records.</summary>
public enum ViewKind
{
    Grid,
    Kanban,
    Calendar,
    Gallery,
    Map,
    Form,
    Timeline,
}

/// <summary>How a widget shows numbers.</summary>
public enum WidgetKind
{
    Number,
    Bar,
    Line,
    Pie,
    Table,
}

/// <summary>The kinds as they are written.</summary>
public static class Kinds
{
    public static FrozenDictionary<string, ViewKind> Views { get; } = Words<ViewKind>();

    public static FrozenDictionary<string, WidgetKind> Widgets { get; } = Words<WidgetKind>();

    public static string Word<T>(T kind)
        where T : struct, Enum => kind.ToString().ToLowerInvariant();

    private static FrozenDictionary<string, T> Words<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToFrozenDictionary(Word);
}
