using System.Net;

namespace Socle.Kernel;

/// <summary>Who asks: in which language to answer, and as whom PostgreSQL judges what is seen and written.</summary>
/// <param name="Language">The language of the answer.</param>
/// <param name="Role">The role by which policies are found; null for somebody who gave no credentials where ANONYMOUS_ROLE is not set, and who may nothing.</param>
/// <param name="UserId">The account; null for an API key, the anonymous role and the command line.</param>
public sealed record Caller(Language Language, string? Role, Guid? UserId = null)
{
    /// <summary>The name of the role that may everything.</summary>
    public const string Admin = "admin";

    /// <summary>Whoever runs commands on the server's own machine.</summary>
    public static Caller English { get; } = new(Language.English, Admin) { IsOperator = true };

    public static Caller French { get; } = new(Language.French, Admin) { IsOperator = true };

    /// <summary>Whether statements run as the server's own database user, whom no policy binds.</summary>
    public bool IsOperator { get; private init; }

    /// <summary>How the history and the audit name them: an e-mail address or user name, or <c>key:</c> and an API key's prefix.</summary>
    public string? Name { get; init; }

    /// <summary>The sign-in that the caller's token or cookie belongs to.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>Where the request comes from.</summary>
    public IPAddress? Address { get; init; }
}
