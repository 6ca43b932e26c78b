namespace Socle.Access.Passwords;

/// <summary>The lists that the program carries.</summary>
internal static class EmbeddedWords
{
    /// <summary>Lines that begin with # are notes.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var reader = new StreamReader(typeof(EmbeddedWords).Assembly.GetManifestResourceStream($"passwords/{name}")!);
        while (reader.ReadLine() is { } line)
        {
            if (line is not ("" or ['#', ..]))
                yield return line;
        }
    }
}
