using System.Buffers.Text;
using System.Text;
using Socle.Access.Tokens;

namespace Socle.Tests.Access.Tokens;

/// <summary>The examples of the standards.</summary>
public sealed class VectorTests
{
    /// <summary>RFC 7519, 3.1: the claims of all these examples.</summary>
    private const string Payload = "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

    private const string PayloadText = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    private const string Hs256Token = $"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{PayloadText}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Es256Token = $"eyJhbGciOiJFUzI1NiJ9.{PayloadText}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private static readonly CompactJws Hs256 = new(
        new Hs256Key(Base64Url.DecodeFromChars("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")),
        "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");

    private static readonly Es256Key Es256Key = new(P256.SecretOf(Base64Url.DecodeFromChars("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI")));
    private static readonly CompactJws Es256 = new(Es256Key, """{"alg":"ES256"}""");

    [Fact]
    public void The_HS256_example_of_RFC_7515_A_1_and_RFC_7519_3_1_is_signed_and_verified()
    {
        Assert.Equal(Hs256Token, Hs256.Sign(Encoding.UTF8.GetBytes(Payload)));
        Assert.Equal(Payload, Encoding.UTF8.GetString(Hs256.Open(Hs256Token)!));
    }

    [Fact]
    public void The_ES256_example_of_RFC_7515_A_3_is_verified()
    {
        Assert.Equal(Payload, Encoding.UTF8.GetString(Es256.Open(Es256Token)!));
        var own = Es256.Sign(Encoding.UTF8.GetBytes(Payload));
        Assert.NotEqual(Es256Token, own);
        Assert.Equal(Payload, Encoding.UTF8.GetString(Es256.Open(own)!));
    }

    [Fact]
    public void The_public_point_of_RFC_7515_A_3_is_computed_from_its_private_key()
    {
        Assert.Contains("\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\"", Es256Key.Jwks, StringComparison.Ordinal);
        Assert.Contains("\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"", Es256Key.Jwks, StringComparison.Ordinal);
    }

    [Fact]
    public void The_thumbprint_of_RFC_9449_6_1_is_computed() => Assert.Equal(
        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
        Es256Key.Thumbprint("l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"));

    [Fact]
    public void The_unsecured_example_of_RFC_7519_6_1_is_refused()
    {
        Assert.Null(Hs256.Open($"eyJhbGciOiJub25lIn0.{PayloadText}."));
        Assert.Null(Es256.Open($"eyJhbGciOiJub25lIn0.{PayloadText}."));
    }

    [Fact]
    public void The_examples_are_refused_by_each_others_keys_and_by_a_signer()
    {
        Assert.Null(Hs256.Open(Es256Token));
        Assert.Null(Es256.Open(Hs256Token));
        Assert.True(Signers.New(JwtAlgorithm.HS256).Verify(Hs256Token, Signers.Now).IsFault);
        Assert.True(Signers.New(JwtAlgorithm.ES256).Verify(Es256Token, Signers.Now).IsFault);
    }
}
