using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Socle.Tests.Server.Accounts;

/// <summary>What an authenticator answers with; the tests change one thing at a time.</summary>
public sealed record Ceremony
{
    public string Origin { get; init; } = "http://localhost";

    public string Domain { get; init; } = "localhost";

    public bool CrossOrigin { get; init; }

    public bool IsPresent { get; init; } = true;

    public bool IsVerified { get; init; } = true;

    public string? Type { get; init; }

    public string? Challenge { get; init; }

    public string? UserHandle { get; init; }

    /// <summary>How much the counter rises.</summary>
    public int Counts { get; init; } = 1;

    public bool IsForged { get; init; }
}

/// <summary>A passkey without a device, by the letter of WebAuthn 3: ES256, attestation "none".</summary>
public sealed class SoftPasskey : IDisposable
{
    private const byte Present = 0x01;
    private const byte Verified = 0x04;
    private const byte WithKey = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private byte[] _userHandle = [];
    private int _counter;

    public byte[] Id { get; init; } = RandomNumberGenerator.GetBytes(32);

    public void Dispose() => _key.Dispose();

    /// <summary>The answer of navigator.credentials.create() to these options.</summary>
    public string Create(JsonNode options, Ceremony ceremony)
    {
        _userHandle = Base64Url.DecodeFromChars((string)options["user"]!["id"]!);
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        byte[] publicKey = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data = [.. AuthenticatorData(ceremony, WithKey), .. new byte[16], 0, (byte)Id.Length, .. Id, .. publicKey];
        byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Write(ClientData("webauthn.create", options, ceremony)),
            ["attestationObject"] = Write(attestation),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>The answer of navigator.credentials.get() to these options.</summary>
    public string Sign(JsonNode options, Ceremony ceremony)
    {
        _counter += ceremony.Counts;
        var client = ClientData("webauthn.get", options, ceremony);
        var data = AuthenticatorData(ceremony, 0);
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        if (ceremony.IsForged)
            signature[^1] ^= 1;
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Write(client),
            ["authenticatorData"] = Write(data),
            ["signature"] = Write(signature),
            ["userHandle"] = Write(ceremony.UserHandle is { } other ? Encoding.UTF8.GetBytes(other) : _userHandle),
        });
    }

    private static byte[] ClientData(string type, JsonNode options, Ceremony ceremony) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["type"] = ceremony.Type ?? type,
        ["challenge"] = ceremony.Challenge ?? (string)options["challenge"]!,
        ["origin"] = ceremony.Origin,
        ["crossOrigin"] = ceremony.CrossOrigin,
    }.ToJsonString());

    private byte[] AuthenticatorData(Ceremony ceremony, byte flags)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(counter, _counter);
        flags |= (byte)((ceremony.IsPresent ? Present : 0) | (ceremony.IsVerified ? Verified : 0));
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(ceremony.Domain)), flags, .. counter];
    }

    private string Credential(JsonObject response) => new JsonObject
    {
        ["id"] = Write(Id),
        ["rawId"] = Write(Id),
        ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    }.ToJsonString();

    private static string Write(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
