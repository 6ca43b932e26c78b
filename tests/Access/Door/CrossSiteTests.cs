using Microsoft.AspNetCore.Http;
using Socle.Http;
using Socle.Kernel;

namespace Socle.Tests.Access.Door;

/// <summary>Which writes are taken from callers whom the browser's cookie makes known.</summary>
public sealed class CrossSiteTests
{
    private static readonly DoorOptions Options = new("https://erp.example.com", [], [], ["https://app.example.org", "http://[::1]:3000"], []);

    [Theory]
    [InlineData("http://10.0.0.5:8000")]
    [InlineData("HTTP://10.0.0.5:8000")]
    [InlineData("https://erp.example.com")]
    [InlineData("https://erp.example.com:443")]
    [InlineData("https://app.example.org")]
    [InlineData("http://[::1]:3000")]
    public void Own_and_trusted_pages_write(string origin) => Assert.Null(Refuse("POST", origin));

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("http://10.0.0.5")]
    [InlineData("http://10.0.0.5:8001")]
    [InlineData("https://10.0.0.5:8000")]
    [InlineData("http://10.0.0.5:8000.evil.example")]
    [InlineData("http://10.0.0.5:8000@evil.example")]
    [InlineData("http://erp.example.com")]
    [InlineData("https://erp.example.com.evil.example")]
    [InlineData("https://evil.example/?https://erp.example.com")]
    [InlineData("https://evil.example#https://erp.example.com")]
    [InlineData("https://sub.app.example.org")]
    [InlineData("https://app.example.org, https://evil.example")]
    [InlineData("file://")]
    [InlineData("*")]
    public void Other_pages_do_not(string origin)
    {
        Assert.Equal(FaultCode.Forbidden, Refuse("POST", origin)?.Code);
        Assert.NotNull(Refuse("POST", origin, "cross-site"));
        Assert.NotNull(Refuse("POST", origin, "same-site"));
    }

    [Fact]
    public void Who_does_not_say_where_the_page_comes_from_does_not_write()
    {
        Assert.NotNull(Refuse("POST", null));
        Assert.NotNull(Refuse("DELETE", null));
        Assert.NotNull(Refuse("POST", null, "none"));
        Assert.NotNull(Refuse("POST", null, "same-origin, cross-site"));
        Assert.NotNull(Refuse("PROPFIND", null));
    }

    [Fact]
    public void Two_origins_are_none()
    {
        var context = Request("POST");
        context.Request.Headers.Origin = new(["http://10.0.0.5:8000", "http://evil.example"]);
        Assert.NotNull(CrossSite.Refuse(context, Options));
    }

    [Fact]
    public void The_browser_knows_the_own_page_behind_a_proxy_that_ends_TLS() => Assert.Null(Refuse("POST", "https://10.0.0.5", "same-origin"));

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public void Reading_is_not_asked(string method) => Assert.Null(Refuse(method, "http://evil.example", "cross-site"));

    private static Fault? Refuse(string method, string? origin, string? site = null)
    {
        var context = Request(method);
        if (origin is not null)
            context.Request.Headers.Origin = origin;
        if (site is not null)
            context.Request.Headers["Sec-Fetch-Site"] = site;
        return CrossSite.Refuse(context, Options);
    }

    private static DefaultHttpContext Request(string method) =>
        new() { Request = { Method = method, Scheme = "http", Host = new HostString("10.0.0.5:8000") } };
}
