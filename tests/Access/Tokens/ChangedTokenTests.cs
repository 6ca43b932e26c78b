using FsCheck;
using FsCheck.Fluent;
using Socle.Access.Tokens;

namespace Socle.Tests.Access.Tokens;

/// <summary>A token of which one character was changed is no token.</summary>
public sealed class ChangedTokenTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ";
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(3000);

    [Theory, MemberData(nameof(SignerTests.Algorithms), MemberType = typeof(SignerTests))]
    public void Every_character_replaced_by_every_other_is_refused(JwtAlgorithm algorithm)
    {
        var signer = Signers.New(algorithm);
        var token = signer.Sign(Signers.Claims());
        Assert.False(signer.Verify(token, Signers.Now).IsFault);
        var accepted = from place in Enumerable.Range(0, token.Length)
                       from character in Alphabet
                       where character != token[place]
                       let changed = $"{token[..place]}{character}{token[(place + 1)..]}"
                       where !signer.Verify(changed, Signers.Now).IsFault
                       select changed;
        Assert.Empty(accepted);
    }

    [Theory, MemberData(nameof(SignerTests.Algorithms), MemberType = typeof(SignerTests))]
    public void Every_character_replaced_inserted_or_removed_is_refused(JwtAlgorithm algorithm)
    {
        var signer = Signers.New(algorithm);
        var edits = from place in Gen.Choose(0, 10_000)
                    from kind in Gen.Choose(0, 2)
                    from character in Gen.OneOf(Gen.Elements(Alphabet.ToCharArray()), Gen.Choose(0, 0xFFFF).Select(code => (char)code))
                    select (place, kind, character);
        Prop.ForAll(edits.ToArbitrary(), edit =>
        {
            var token = signer.Sign(Signers.Claims());
            var place = edit.place % token.Length;
            var changed = token[..place] + (edit.kind == 2 ? "" : edit.character) + token[(edit.kind == 1 ? place : place + 1)..];
            return changed == token || signer.Verify(changed, Signers.Now).IsFault;
        }).Check(Thorough);
    }
}
