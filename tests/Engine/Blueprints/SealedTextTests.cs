using Socle.FieldTypes;

namespace Socle.Tests.Blueprints;

public sealed class SealedTextTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("")]
    [InlineData("ya29.token")]
    [InlineData("sealed:")]
    [InlineData("sealed:not really")]
    [InlineData("sealed:bm90IHJlYWxseQ")]
    [InlineData("clé 🗝️")]
    public void What_is_sealed_opens_and_is_sealed_once(string text)
    {
        var sealer = new SealedText(Key);
        var kept = sealer.Seal(text);

        Assert.Matches("^sealed:[A-Za-z0-9_-]{38,}$", kept);
        Assert.NotEqual(kept, sealer.Seal(text));
        Assert.Equal(text, sealer.Open(kept));
        Assert.Equal(kept, sealer.Seal(kept));
    }

    [Fact]
    public void Under_another_key_or_changed_it_does_not_open()
    {
        var kept = new SealedText(Key).Seal("token");

        Assert.Null(new SealedText(new byte[32]).Open(kept));
        Assert.Null(new SealedText(Key).Open(kept[..^3] + (kept[^3] == 'A' ? 'B' : 'A') + kept[^2..]));
        Assert.Null(new SealedText(Key).Open("token"));
    }
}
