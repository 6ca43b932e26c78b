using Socle.Access.Tokens;

namespace Socle.Tests.Access.Tokens;

/// <summary>Random tokens, API keys, and the tokens against requests of other sites.</summary>
public sealed class OpaqueTokenTests
{
    [Fact]
    public void A_token_is_its_prefix_and_256_random_bits()
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => OpaqueTokens.New("refresh_")).ToHashSet();
        Assert.Equal(1000, tokens.Count);
        Assert.All(tokens, token => Assert.Matches(@"\Arefresh_[A-Za-z0-9_-]{43}\z", token));
    }

    [Fact]
    public void A_token_matches_its_hash_only()
    {
        var token = OpaqueTokens.New("");
        Assert.Equal(32, OpaqueTokens.Hash(token).Length);
        Assert.True(OpaqueTokens.Matches(token, OpaqueTokens.Hash(token)));
        Assert.False(OpaqueTokens.Matches(OpaqueTokens.New(""), OpaqueTokens.Hash(token)));
        Assert.False(OpaqueTokens.Matches(token + " ", OpaqueTokens.Hash(token)));
        Assert.False(OpaqueTokens.Matches(token, []));
    }

    [Fact]
    public void An_API_key_is_found_by_its_prefix()
    {
        var key = ApiKeys.New();
        Assert.Matches(@"\Asocle_[a-z0-9]{8}_[A-Za-z0-9_-]{43}\z", key);
        Assert.Equal(key[6..14], ApiKeys.PrefixOf(key));
        Assert.NotEqual(key, ApiKeys.New());
    }

    [Theory]
    [InlineData(""), InlineData("socle_"), InlineData("socle_abcdefgh"), InlineData("socle_abcdefgh_short"), InlineData("SOCLE_abcdefgh_0123456789012345678901234567890123456789012")]
    [InlineData("socle_ABCDEFGH_0123456789012345678901234567890123456789012"), InlineData("socle_abcdefgh_0123456789012345678901234567890123456789012\n")]
    [InlineData("socle_abcdefgh_01234567890123456789012345678901234567890123"), InlineData("socle_abcdefgh_012345678901234567890123456789012345678901é")]
    public void What_is_not_written_as_an_API_key_has_no_prefix(string key) => Assert.Null(ApiKeys.PrefixOf(key));

    [Fact]
    public void A_CSRF_token_belongs_to_one_session_and_one_secret()
    {
        var tokens = new CsrfTokens(Signers.Secret);
        var session = Guid.CreateVersion7();
        var token = tokens.Make(session);
        Assert.Matches(@"\A[A-Za-z0-9_-]{43}\z", token);
        Assert.True(new CsrfTokens(Signers.Secret).Check(session, token));
        Assert.False(tokens.Check(Guid.CreateVersion7(), token));
        Assert.False(new CsrfTokens(new byte[32]).Check(session, token));
        Assert.All(["", "x", token + "=", token[..^1], token + token, token.ToUpperInvariant()], other => Assert.False(tokens.Check(session, other)));
    }
}
