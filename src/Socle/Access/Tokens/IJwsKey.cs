namespace Socle.Access.Tokens;

/// <summary>The algorithms of RFC 7518 with which tokens are signed; a server uses one.</summary>
public enum JwtAlgorithm
{
    ES256,
    HS256,
}

/// <summary>A key, which knows one algorithm only: what a token says of its algorithm chooses nothing.</summary>
internal interface IJwsKey
{
    /// <summary>What tokens signed with it begin with, as JSON.</summary>
    string Header { get; }

    /// <summary>What others need to verify: a JWK Set (RFC 7517).</summary>
    string Jwks { get; }

    byte[] Sign(byte[] data);

    bool Verify(byte[] data, byte[] signature);
}
