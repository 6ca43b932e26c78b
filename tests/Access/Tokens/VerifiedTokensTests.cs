using System.Security.Cryptography;
using Socle.Access.Tokens;

namespace Socle.Tests.Access.Tokens;

/// <summary>What is remembered of verified tokens stays small.</summary>
public sealed class VerifiedTokensTests
{
    [Fact]
    public void No_more_than_twice_the_capacity_is_kept_and_the_last_is_there()
    {
        var verified = new VerifiedTokens(10);
        for (var i = 0; i < 1000; i++)
        {
            var claims = Signers.Claims();
            verified.Add(HashOf(i), claims);
            Assert.Same(claims, verified.Find(HashOf(i)));
            Assert.InRange(verified.Count, 1, 20);
        }

        Assert.Null(verified.Find(HashOf(0)));
    }

    [Fact]
    public void What_is_asked_for_stays()
    {
        var verified = new VerifiedTokens(10);
        var claims = Signers.Claims();
        verified.Add(HashOf(-1), claims);
        for (var i = 0; i < 1000; i++)
        {
            verified.Add(HashOf(i), Signers.Claims());
            Assert.Same(claims, verified.Find(HashOf(-1)));
        }
    }

    [Fact]
    public void Threads_share_it()
    {
        var verified = new VerifiedTokens(10);
        Parallel.For(0, 10_000, i =>
        {
            verified.Add(HashOf(i % 100), Signers.Claims());
            verified.Find(HashOf((i * 7) % 100));
        });
        Assert.InRange(verified.Count, 1, 20);
    }

    private static byte[] HashOf(int number) => SHA256.HashData(BitConverter.GetBytes(number));
}
