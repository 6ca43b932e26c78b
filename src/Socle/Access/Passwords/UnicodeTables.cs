using System.Collections.Frozen;
using System.Globalization;

namespace Socle.Access.Passwords;

/// <summary>What of Unicode it takes to compose text, from the embedded <c>unicode.txt</c>.</summary>
internal sealed record UnicodeTables(
    FrozenDictionary<int, int[]> Decompositions,
    FrozenDictionary<(int First, int Second), int> Compositions,
    FrozenDictionary<int, byte> Classes)
{
    /// <summary>Zero for what does not combine.</summary>
    public byte ClassOf(int point) => Classes.GetValueOrDefault(point);

    public static UnicodeTables Load()
    {
        var decompositions = new Dictionary<int, int[]>();
        var compositions = new Dictionary<(int First, int Second), int>();
        var classes = new Dictionary<int, byte>();
        foreach (var line in EmbeddedWords.Lines("unicode.txt"))
        {
            if (line.Split('-', '=') is [var first, var last, var kind])
            {
                for (var point = Hex(first); point <= Hex(last); point++)
                    classes[point] = byte.Parse(kind, CultureInfo.InvariantCulture);
                continue;
            }

            var words = line.Split(' ');
            var made = words[1..].Where(word => word != "!").Select(Hex).ToArray();
            decompositions[Hex(words[0])] = made;
            if (words[^1] != "!")
                compositions[(made[0], made[1])] = Hex(words[0]);
        }

        return new UnicodeTables(decompositions.ToFrozenDictionary(), compositions.ToFrozenDictionary(), classes.ToFrozenDictionary());
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
