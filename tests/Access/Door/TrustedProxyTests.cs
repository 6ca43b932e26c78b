using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Socle.Http;

namespace Socle.Tests.Access.Door;

/// <summary>For whom a request is taken to be sent.</summary>
public sealed class TrustedProxyTests
{
    [Theory]
    [InlineData("127.0.0.1", "203.0.113.9", "203.0.113.9")]
    // The right-most that is no proxy: what stands before it the caller may have written.
    [InlineData("127.0.0.1", "127.0.0.1, 198.51.100.7, 203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.1", "198.51.100.7, 10.1.2.3", "198.51.100.7")]
    [InlineData("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8::5", "203.0.113.9:4711", "203.0.113.9")]
    [InlineData("10.200.0.1", "[2001:db8:ffff::1]:4711", "2001:db8:ffff::1")]
    // Not from a proxy: not believed at all.
    [InlineData("203.0.113.66", "127.0.0.1", "203.0.113.66")]
    [InlineData("11.0.0.1", "198.51.100.7", "11.0.0.1")]
    // Not an address.
    [InlineData("127.0.0.1", "unknown", "127.0.0.1")]
    [InlineData("127.0.0.1", "203.0.113.9, <script>", "127.0.0.1")]
    public void The_caller_is_the_right_most_address_that_is_no_proxy(string peer, string forwardedFor, string caller) =>
        Assert.Equal(IPAddress.Parse(caller), Ask(peer, ("X-Forwarded-For", forwardedFor)).Connection.RemoteIpAddress);

    [Fact]
    public void Scheme_and_host_are_a_trusted_proxys_word_only()
    {
        var trusted = Ask("127.0.0.1", ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "erp.example.com")).Request;
        Assert.Equal(("https", "erp.example.com"), (trusted.Scheme, trusted.Host.Value));

        var spoofed = Ask("203.0.113.9", ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"), ("Forwarded", "host=evil.example")).Request;
        Assert.Equal(("http", "10.0.0.5:8000"), (spoofed.Scheme, spoofed.Host.Value));
    }

    [Fact]
    public void What_a_caller_wrote_before_the_proxys_own_word_is_not_believed()
    {
        var request = Ask("127.0.0.1", ("X-Forwarded-For", "1.1.1.1, 203.0.113.9"), ("X-Forwarded-Proto", "https, http"), ("X-Forwarded-Host", "evil.example, erp.example.com")).Request;
        Assert.Equal(("http", "erp.example.com"), (request.Scheme, request.Host.Value));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.0.0.0/8")]
    [InlineData("2001:db8::/32")]
    public void Addresses_and_networks_are_taken(string text) => Assert.NotNull(TrustedProxies.Find(text));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("1")]
    [InlineData("10.1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.5/8")]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("nginx")]
    [InlineData("127.0.0.1:80")]
    public void Other_texts_are_not(string text) => Assert.Null(TrustedProxies.Find(text));

    private static DefaultHttpContext Ask(string peer, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext { Request = { Scheme = "http", Host = new HostString("10.0.0.5:8000") } };
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        foreach (var (name, value) in headers)
            context.Request.Headers[name] = value;
        var options = TrustedProxies.Describe(new DoorOptions(null, [], [], [], ["127.0.0.1", "10.0.0.0/8", "2001:db8::/64"]));
        new ForwardedHeadersMiddleware(_ => Task.CompletedTask, NullLoggerFactory.Instance, Options.Create(options)).ApplyForwarders(context);
        return context;
    }
}
