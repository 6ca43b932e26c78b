using Socle.Auditing;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Http;

/// <summary>Whom a route lets in beyond what policies say of tables.</summary>
public enum GateKind
{
    /// <summary>Whoever has a role; what they see and do is for the policies to say.</summary>
    Anybody,

    /// <summary>Nobody in particular: the route tells nothing of the data, or asks for credentials by itself.</summary>
    Everybody,

    /// <summary>Roles that look after accounts, roles and policies.</summary>
    Administrators,

    /// <summary>Roles that may look at everybody's change sets and take them back.</summary>
    Undoers,
}

/// <summary>
/// Stands behind the credentials and before every route: one that says nothing is for callers with a role, and so are
/// addresses where nothing is.
/// </summary>
public sealed class Gate(RequestDelegate next, LiveCatalog catalog, ServerState state, AuditLog audit)
{
    public Task InvokeAsync(HttpContext context)
    {
        var kind = context.GetEndpoint()?.Metadata.GetMetadata<GateMark>()?.Kind ?? GateKind.Anybody;
        if (kind != GateKind.Everybody && !state.IsReady)
            return context.GetEndpoint()?.Metadata.GetMetadata<AnswersUnready>() is null ? FaultAnswers.Write(context, ServerState.NotReady) : next(context);
        var caller = RequestReader.CallerOf(context.Request);
        return Refuse(kind, caller, catalog.Current.Access) is { } fault ? Refuse(context, caller, fault) : next(context);
    }

    /// <summary>Somebody known who tries what they may not is written down.</summary>
    private async Task Refuse(HttpContext context, Caller caller, Fault fault)
    {
        if (fault.Code == FaultCode.Forbidden && caller.Name is not null && catalog.Current.HasSystemSchema)
            await audit.Write(caller, RequestIds.Of(context), AuditEvents.AccessRefused, $"{context.Request.Method} {context.Request.Path}");
        await FaultAnswers.Write(context, fault);
    }

    /// <returns>Null for whoever may come in.</returns>
    public static Fault? Refuse(GateKind kind, Caller caller, AccessRules access)
    {
        if (kind == GateKind.Everybody)
            return null;
        if (access.FindRole(caller.Role) is not { } role)
            return caller.Role is null ? Unauthenticated : NoSuchRole(caller.Role);
        return kind switch
        {
            GateKind.Administrators when !role.IsAdmin => Forbidden,
            GateKind.Undoers when !role.MayUndo => Forbidden,
            _ => null,
        };
    }

    public static Fault Unauthenticated { get; } = new(
        FaultCode.Unauthenticated,
        "Sign in first: POST /api/auth/login, then send the access token as 'Authorization: Bearer …', or use an API key.",
        "Connectez-vous d'abord : POST /api/auth/login, puis envoyez le jeton d'accès dans « Authorization: Bearer … », ou utilisez une clé d'API.");

    public static Fault Forbidden { get; } = new(
        FaultCode.Forbidden,
        "Your role does not allow this. Ask an administrator.",
        "Votre rôle ne permet pas cela. Adressez-vous à un administrateur.");

    private static Fault NoSuchRole(string role) => new(
        FaultCode.Forbidden,
        $"There is no role '{role}' any more. Ask an administrator for another one.",
        $"Le rôle « {role} » n'existe plus. Demandez-en un autre à un administrateur.");
}

/// <summary>On a route: while the server is not ready, and so nobody is known, it has an answer of its own, which tells nothing.</summary>
public sealed class AnswersUnready;

/// <summary>What a route says to the gate.</summary>
public sealed record GateMark(GateKind Kind);

public static class GateMarks
{
    public static T LetIn<T>(this T route, GateKind kind)
        where T : IEndpointConventionBuilder =>
        route.WithMetadata(new GateMark(kind));
}
