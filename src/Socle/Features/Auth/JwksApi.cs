using System.Text;
using Socle.Access;
using Socle.Access.Tokens;
using Socle.Http;

namespace Socle.Features.Auth;

/// <summary><c>GET /.well-known/jwks.json</c>: the keys with which others verify our access tokens (RFC 7517). Answers without a database too.</summary>
public static class JwksApi
{
    public const string Path = "/.well-known/jwks.json";

    public static void MapJwks(this WebApplication app)
    {
        var keys = Encoding.UTF8.GetBytes(app.Services.GetRequiredService<JwtSigner>().Jwks);
        app.MapMethods(Path, ["GET", "HEAD"], async context =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            // The key changes with SECRET_KEY only; then who keeps a copy should soon ask again.
            context.Response.Headers.CacheControl = "public, max-age=300";
            context.Response.ContentLength = keys.Length;
            await context.Response.BodyWriter.WriteAsync(keys, context.RequestAborted);
        }).LetIn(GateKind.Everybody).WithMetadata(new WithoutCredentials());
    }
}
