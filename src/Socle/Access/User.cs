using Npgsql;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>An account, as it was read; Identity changes it and the store writes it.</summary>
public sealed class User
{
    public const string Columns = "id, email, username, name, role, language, password_hash, password_changed_at, security_stamp, locked_until, is_disabled, totp_confirmed_at, last_sign_in_at, created_at";

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public string? Email { get; set; }

    public string? Username { get; set; }

    public string Name { get; set; } = "";

    public required string Role { get; set; }

    /// <summary>The language of mail to them.</summary>
    public Language Language { get; set; } = Language.French;

    /// <summary>Null until they choose a password.</summary>
    public string? PasswordHash { get; set; }

    public DateTimeOffset? PasswordChangedAt { get; set; }

    /// <summary>Changes with everything that must end what was issued before.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>The stamp when it was read: who writes with another one writes over somebody's change.</summary>
    public string ReadStamp { get; set; } = "";

    public DateTimeOffset? LockedUntil { get; init; }

    public bool IsDisabled { get; set; }

    /// <summary>Since when codes of an authenticator are asked for; null while they are not.</summary>
    public DateTimeOffset? SecondFactorAt { get; set; }

    public DateTimeOffset? LastSignInAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>How the history and the audit name them.</summary>
    public string Address => Email ?? Username!;

    public bool IsLocked(DateTimeOffset now) => LockedUntil > now;

    /// <summary>Whether the password is older than the settings allow.</summary>
    public bool IsPasswordExpired(AccessOptions options, DateTimeOffset now) =>
        options.PasswordExpiry > TimeSpan.Zero && PasswordHash is not null && !(PasswordChangedAt + options.PasswordExpiry > now);

    public static User Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        Email = reader.Optional<string>(1),
        Username = reader.Optional<string>(2),
        Name = reader.GetString(3),
        Role = reader.GetString(4),
        Language = reader.GetString(5) == "en" ? Language.English : Language.French,
        PasswordHash = reader.Optional<string>(6),
        PasswordChangedAt = reader.OptionalValue<DateTimeOffset>(7),
        SecurityStamp = reader.GetString(8),
        ReadStamp = reader.GetString(8),
        LockedUntil = reader.OptionalValue<DateTimeOffset>(9),
        IsDisabled = reader.GetBoolean(10),
        SecondFactorAt = reader.OptionalValue<DateTimeOffset>(11),
        LastSignInAt = reader.OptionalValue<DateTimeOffset>(12),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(13),
    };
}
