namespace Socle.Kernel;

/// <summary>
/// The stable codes of everything that can go wrong for a caller. One table in the door
/// turns them into HTTP statuses, another into exit codes; docs/errors.md lists them.
/// </summary>
public enum FaultCode
{
    InvalidJson,
    UnsupportedMediaType,
    UnknownField,
    InvalidFilter,
    InvalidValue,
    InvalidRequest,
    InvalidRange,
    AmbiguousRelation,
    Required,
    RuleViolation,
    CheckViolation,
    Unauthenticated,
    SecondFactorRequired,
    PasswordExpired,
    WeakPassword,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    UniqueViolation,
    StillReferenced,
    UnknownReference,
    TooLarge,
    StaleRecord,
    IdempotencyKeyReused,
    TooManyStreams,
    TooManyRequests,
    QueryTimeout,
    DatabaseUnavailable,
    InvalidBlueprint,
    InvalidFile,
    NoPreview,
    ChecksumMismatch,
    StorageFull,
    InvalidConfiguration,
    Conflict,
    Internal,
}

/// <summary>
/// An expected failure, as a value. The message says what to do and holds no SQL, stack or secret.
/// </summary>
/// <param name="Code">What happened.</param>
/// <param name="Message">What to do about it, in both languages.</param>
/// <param name="Field">The path of the field at fault, as the caller wrote it (<c>email</c>, <c>[3].email</c>), or null.</param>
/// <param name="Line">The line in the file at fault, counted from 1, where the fault is one of a file.</param>
public sealed record Fault(FaultCode Code, Text Message, string? Field = null, int? Line = null)
{
    public Fault(FaultCode code, string english, string french, string? field = null)
        : this(code, new Text(english, french), field)
    {
    }

    /// <summary>In how many seconds another try makes sense, where that is known.</summary>
    public int? RetryAfter { get; init; }
}
