using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Socle.Access.Tokens;

/// <summary>
/// ECDSA on P-256 with SHA-256 (RFC 7518, 3.4). Takes secret bytes and makes of them the private key, always the
/// same one: servers that share a secret share the key. Refuses fewer than 40 bytes, which would not spread evenly.
/// </summary>
internal sealed class Es256Key : IJwsKey
{
    /// <summary>The least for the bias of the private key to stay below 2⁻⁶⁴ (FIPS 186-5, A.2.1).</summary>
    private const int LeastSecret = 40;

    /// <summary>The order of P-256 (SP 800-186, 3.2.1.3).</summary>
    private static readonly BigInteger Order = new(Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);

    private readonly ECParameters _parameters;

    /// <summary>.NET does not promise that threads may share one.</summary>
    private readonly ConcurrentBag<ECDsa> _idle = [];

    public Es256Key(byte[] secret)
    {
        // The public point is computed from the private key.
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = ScalarOf(secret) });
        _parameters = key.ExportParameters(includePrivateParameters: true);
        var x = Base64Url.EncodeToString(_parameters.Q.X);
        var y = Base64Url.EncodeToString(_parameters.Q.Y);
        var id = Thumbprint(x, y);
        Header = $$"""{"alg":"ES256","typ":"JWT","kid":"{{id}}"}""";
        Jwks = $$"""{"keys":[{"kty":"EC","crv":"P-256","x":"{{x}}","y":"{{y}}","kid":"{{id}}","use":"sig","alg":"ES256"}]}""";
    }

    public string Header { get; }

    public string Jwks { get; }

    public byte[] Sign(byte[] data) => With(key => key.SignData(data, HashAlgorithmName.SHA256));

    public bool Verify(byte[] data, byte[] signature) => With(key => key.VerifyData(data, signature, HashAlgorithmName.SHA256));

    /// <summary>The name of a public key: the hash of its JWK's required members (RFC 7638).</summary>
    public static string Thumbprint(string x, string y) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));

    private static byte[] ScalarOf(byte[] secret)
    {
        if (secret.Length < LeastSecret)
            throw new ArgumentException("The secret is too short.", nameof(secret));
        var scalar = (new BigInteger(secret, isUnsigned: true, isBigEndian: true) % (Order - 1)) + 1;
        var bytes = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        var padded = new byte[32];
        bytes.CopyTo(padded, padded.Length - bytes.Length);
        return padded;
    }

    private T With<T>(Func<ECDsa, T> use)
    {
        if (!_idle.TryTake(out var key))
            key = ECDsa.Create(_parameters);
        try
        {
            return use(key);
        }
        finally
        {
            _idle.Add(key);
        }
    }
}
