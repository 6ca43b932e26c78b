using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Socle.Kernel;

namespace Socle.Http;

/// <summary>
/// How often one address, and one account, may try what guesses secrets or sends mail. Takes the account as the caller
/// wrote it and never looks whether there is one, so that the answer does not tell. Ask before anything else is done.
/// Limits are this server's own: several servers of one database each have theirs.
/// </summary>
public sealed class RateLimits(TimeProvider clock)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Quota _signInsOfAddress = new(20, Minute, clock);
    private readonly Quota _signInsOfAccount = new(30, Hour, clock);
    private readonly Quota _resetsOfAddress = new(20, Hour, clock);
    private readonly Quota _resetsOfAccount = new(5, Hour, clock);
    private readonly Quota _invitesOfAddress = new(100, Hour, clock);
    private readonly Quota _invitesOfAccount = new(5, Hour, clock);
    private readonly Quota _linksOfAddress = new(20, Minute, clock);

    public RateLimits()
        : this(TimeProvider.System)
    {
    }

    /// <summary>A password or a second factor is tried.</summary>
    public Fault? SignIn(IPAddress? address, string account) => Take(_signInsOfAddress, address, _signInsOfAccount, account);

    /// <summary>A passkey is shown: nobody guesses one, so that no account needs a limit.</summary>
    public Fault? UsePasskey(IPAddress? address) => Refuse(_signInsOfAddress.Take(KeyOf(address)));

    /// <summary>A link for a new password is asked for.</summary>
    public Fault? Reset(IPAddress? address, string account) => Take(_resetsOfAddress, address, _resetsOfAccount, account);

    /// <summary>Somebody is invited.</summary>
    /// <param name="address">Where the request comes from.</param>
    /// <param name="invited">The address that gets the mail.</param>
    public Fault? Invite(IPAddress? address, string invited) => Take(_invitesOfAddress, address, _invitesOfAccount, invited);

    /// <summary>A link out of a mail or a refresh token is shown, or a passkey is asked for.</summary>
    public Fault? UseLink(IPAddress? address) => Refuse(_linksOfAddress.Take(KeyOf(address)));

    private static Fault? Take(Quota ofAddress, IPAddress? address, Quota ofAccount, string account) =>
        // What one address may not do any more does not use up the account's share: one caller cannot shut out another that way.
        Refuse(ofAddress.Take(KeyOf(address))) ?? Refuse(ofAccount.Take(KeyOf(account)));

    private static Fault? Refuse(TimeSpan? wait)
    {
        if (wait is null)
            return null;
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.Value.TotalSeconds));
        return new Fault(
            FaultCode.TooManyRequests,
            $"Too many attempts. Try again in {Say(seconds, "second", "minute")}.",
            $"Trop de tentatives. Réessayez dans {Say(seconds, "seconde", "minute")}.")
        { RetryAfter = seconds };
    }

    private static string Say(int seconds, string second, string minute)
    {
        var (count, unit) = seconds <= 90 ? (seconds, second) : ((seconds + 59) / 60, minute);
        return count == 1 ? $"{count} {unit}" : $"{count} {unit}s";
    }

    /// <summary>An IPv6 caller has at least the 2^64 addresses of one network: those count as one.</summary>
    private static UInt128 KeyOf(IPAddress? address)
    {
        if (address is null)
            return 0;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? new UInt128(4, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new UInt128(6, BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    /// <summary>The same for every way to write an account, and short, however long what was sent.</summary>
    private static UInt128 KeyOf(string account) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(account.Trim().ToLowerInvariant())));
}
