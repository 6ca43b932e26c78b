using System.Net;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Tests.Access.Door;

/// <summary>How often an address and an account may try.</summary>
public sealed class RateLimitTests
{
    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("192.0.2.2");

    private readonly SetClock _clock = new();
    private readonly RateLimits _limits;

    public RateLimitTests() => _limits = new RateLimits(_clock);

    [Fact]
    public void An_address_signs_in_twenty_times_a_minute()
    {
        Assert.Equal(20, Allowed(i => _limits.SignIn(Home, $"user{i}"), 50));
        Assert.Null(_limits.SignIn(Elsewhere, "user0"));
        _clock.Pass(TimeSpan.FromSeconds(61));
        Assert.Equal(20, Allowed(i => _limits.SignIn(Home, $"other{i}"), 50));
    }

    [Fact]
    public void An_account_is_tried_thirty_times_an_hour_however_it_is_written_and_from_wherever()
    {
        string[] spellings = ["anna@example.com", " ANNA@example.com", "Anna@Example.COM "];
        Assert.Equal(30, Allowed(i => _limits.SignIn(Address(i), spellings[i % 3]), 100));
        Assert.Null(_limits.SignIn(Home, "ben@example.com"));
    }

    [Fact]
    public void The_refusal_says_when_to_try_again()
    {
        Allowed(_ => _limits.Reset(Home, "anna"), 5);
        _clock.Pass(TimeSpan.FromMinutes(10));
        var refused = _limits.Reset(Home, "anna")!;
        Assert.Equal((FaultCode.TooManyRequests, 3000), (refused.Code, refused.RetryAfter));
        Assert.Contains("50 minutes", refused.Message.French, StringComparison.Ordinal);

        _clock.Pass(TimeSpan.FromSeconds(2999.5));
        Assert.Equal(1, _limits.Reset(Home, "anna")!.RetryAfter);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Null(_limits.Reset(Home, "anna"));
    }

    [Fact]
    public void Resets_and_invitations_have_limits_of_their_own()
    {
        Assert.Equal(20, Allowed(i => _limits.Reset(Home, $"user{i}"), 50));
        Assert.Equal(5, Allowed(i => _limits.Reset(Address(i), "anna"), 50));
        Assert.Equal(100, Allowed(i => _limits.Invite(Home, $"user{i}@example.com"), 200));
        Assert.Equal(5, Allowed(i => _limits.Invite(Address(i), "anna@example.com"), 50));
        Assert.Equal(20, Allowed(_ => _limits.UseLink(Home), 50));
    }

    [Fact]
    public void What_a_refused_address_goes_on_trying_does_not_use_up_the_accounts_share()
    {
        Allowed(i => _limits.SignIn(Home, "anna"), 1000);
        Assert.Null(_limits.SignIn(Elsewhere, "anna"));
    }

    [Fact]
    public void The_addresses_of_one_IPv6_network_count_as_one()
    {
        Assert.Equal(20, Allowed(i => _limits.SignIn(IPAddress.Parse($"2001:db8:1:2:{i:x}::{i:x}"), $"user{i}"), 100));
        Assert.Null(_limits.SignIn(IPAddress.Parse("2001:db8:1:3::1"), "anna"));
    }

    [Fact]
    public void An_IPv4_address_is_the_same_within_IPv6()
    {
        Assert.Equal(20, Allowed(i => _limits.SignIn(i % 2 == 0 ? Home : Home.MapToIPv6(), $"user{i}"), 100));
        Assert.Null(_limits.SignIn(IPAddress.Parse("::192.0.2.1"), "anna"));
    }

    [Fact]
    public void A_flood_of_addresses_and_long_names_takes_little_memory()
    {
        var name = new string('x', 1000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 500_000; i++)
            _limits.SignIn(Address(i), $"{name}{i}");
        // All that came would be half a gigabyte; the other tests of the process take some memory at the same time.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 100_000_000);
    }

    [Fact]
    public void A_flood_does_not_free_who_keeps_trying()
    {
        Allowed(_ => _limits.UseLink(Home), 20);
        for (var i = 0; i < 100_000; i++)
        {
            _limits.UseLink(Address(i));
            if (i % 1000 == 0)
                Assert.NotNull(_limits.UseLink(Home));
        }
    }

    private static int Allowed(Func<int, Fault?> attempt, int times) => Enumerable.Range(0, times).Count(i => attempt(i) is null);

    private static IPAddress Address(int number) => new([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
