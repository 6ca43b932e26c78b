namespace Socle.Kernel;

/// <summary>A language in which Socle speaks to people.</summary>
public enum Language
{
    English,
    French,
}

/// <summary>A sentence for people, in both languages.</summary>
public readonly record struct Text(string English, string French)
{
    public string In(Language language) => language == Language.French ? French : English;
}
