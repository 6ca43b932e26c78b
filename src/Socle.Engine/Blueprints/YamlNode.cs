using System.Collections.Immutable;

namespace Socle.Blueprints;

/// <summary>A YAML document as a tree whose every node knows its line, counted from 1.</summary>
internal abstract record YamlNode(int Line)
{
    /// <summary>Nothing was written, or <c>null</c> was.</summary>
    public bool IsNull => this is YamlScalar { IsPlain: true, Text: "" or "~" or "null" or "Null" or "NULL" };
}

/// <param name="Text">The value as written, quotes and escapes resolved.</param>
/// <param name="IsPlain">Written without quotes.</param>
internal sealed record YamlScalar(string Text, bool IsPlain, int Line) : YamlNode(Line);

internal sealed record YamlList(ImmutableArray<YamlNode> Items, int Line) : YamlNode(Line);

internal sealed record YamlMap(ImmutableArray<YamlEntry> Entries, int Line) : YamlNode(Line)
{
    public YamlEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);
}

internal sealed record YamlEntry(string Key, YamlNode Value, int Line);
