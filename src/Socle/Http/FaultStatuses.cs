using Socle.Kernel;

namespace Socle.Http;

/// <summary>The one table from faults to HTTP statuses and names (docs/errors.md).</summary>
public static class FaultStatuses
{
    public static int StatusOf(FaultCode code) => code switch
    {
        FaultCode.InvalidJson or FaultCode.UnknownField or FaultCode.InvalidFilter or FaultCode.InvalidValue
            or FaultCode.InvalidRequest or FaultCode.AmbiguousRelation or FaultCode.InvalidBlueprint or FaultCode.InvalidFile or FaultCode.InvalidConfiguration => 400,
        FaultCode.Unauthenticated or FaultCode.SecondFactorRequired => 401,
        FaultCode.Forbidden or FaultCode.PasswordExpired => 403,
        FaultCode.NotFound => 404,
        FaultCode.MethodNotAllowed => 405,
        FaultCode.NotAcceptable => 406,
        FaultCode.UniqueViolation or FaultCode.StillReferenced or FaultCode.UnknownReference or FaultCode.Conflict => 409,
        FaultCode.StaleRecord => 412,
        FaultCode.TooLarge => 413,
        FaultCode.UnsupportedMediaType => 415,
        FaultCode.InvalidRange => 416,
        FaultCode.Required or FaultCode.RuleViolation or FaultCode.CheckViolation or FaultCode.IdempotencyKeyReused or FaultCode.WeakPassword or FaultCode.NoPreview => 422,
        FaultCode.TooManyStreams or FaultCode.TooManyRequests => 429,
        FaultCode.QueryTimeout or FaultCode.DatabaseUnavailable => 503,
        // tus's own (https://tus.io/protocols/resumable-upload, Checksum).
        FaultCode.ChecksumMismatch => 460,
        FaultCode.StorageFull => 507,
        _ => 500,
    };

    /// <summary>The code as callers see it: <c>unique_violation</c>.</summary>
    public static string NameOf(FaultCode code) => Names[(int)code];

    private static readonly string[] Names = [.. Enum.GetNames<FaultCode>().Select(ToSnakeCase)];

    private static string ToSnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
