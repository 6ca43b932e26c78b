using System.Text;
using Socle.Access.Passwords;

namespace Socle.Tests.Access.Passwords;

/// <summary>Our composed form is Unicode's, as Python knows it.</summary>
public sealed class ComposedTextTests
{
    [Fact]
    public async Task Each_letter_and_thousands_of_mixtures_are_composed_as_Unicode_says()
    {
        var tables = UnicodeTables.Load();
        int[] letters = [.. tables.Decompositions.Keys, .. tables.Decompositions.Values.SelectMany(parts => parts), .. tables.Classes.Keys, .. Enumerable.Range(0x1100, 0x100), .. Enumerable.Range(0xAC00, 200), .. Enumerable.Range('A', 58)];
        int[] marks = [.. tables.Classes.Keys, .. Enumerable.Range(0x1160, 0x60), .. Enumerable.Range(0x0300, 0x40)];
        var random = new Random(7914);
        var mixtures = Enumerable.Range(0, 20_000).Select(_ =>
            Text(Enumerable.Range(0, random.Next(1, 8)).Select(i => i > 0 && random.Next(3) > 0 ? marks[random.Next(marks.Length)] : letters[random.Next(letters.Length)])));
        string[] texts = [.. letters.Select(letter => Text([letter])), .. mixtures];

        var expected = await Python.Run<string[]>("import unicodedata\nanswer = [unicodedata.normalize('NFC', text) for text in given]", texts);

        Assert.Equal(expected, texts.Select(ComposedText.Of));
    }

    [Theory]
    [InlineData("Crème brûlée", "Creme brulee")]
    [InlineData("Cre\u0300me bru\u0302le\u0301e", "Creme brulee")]
    [InlineData("cœur, ægir, Straße", "coeur, aegir, Strasse")]
    [InlineData("Пароль 密码 🔑", "Пароль 密码 🔑")]
    public void Marks_are_taken_away(string text, string expected) => Assert.Equal(expected, ComposedText.WithoutMarks(text));

    private static string Text(IEnumerable<int> points) => string.Concat(points.Select(point => new Rune(point).ToString()));
}
