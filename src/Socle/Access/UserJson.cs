using System.Text.Json;
using Socle.Http;

namespace Socle.Access;

/// <summary>Accounts as the API tells them: never a hash or a secret.</summary>
public static class UserJson
{
    /// <summary>What people are told of themselves.</summary>
    public static void WriteOwn(Utf8JsonWriter json, User user)
    {
        json.WriteString("id"u8, user.Id);
        json.WriteString("email"u8, user.Email);
        json.WriteString("username"u8, user.Username);
        json.WriteString("name"u8, user.Name);
        json.WriteString("role"u8, user.Role);
        json.WriteString("language"u8, Languages.TagOf(user.Language));
    }

    /// <summary>What administrators are told.</summary>
    public static void Write(Utf8JsonWriter json, User user)
    {
        WriteOwn(json, user);
        json.WriteBoolean("disabled"u8, user.IsDisabled);
        json.WriteBoolean("locked"u8, user.IsLocked(DateTimeOffset.UtcNow));
        json.WriteBoolean("hasPassword"u8, user.PasswordHash is not null);
        json.WriteBoolean("secondFactor"u8, user.SecondFactorAt is not null);
        json.WriteMoment("lastSignInAt", user.LastSignInAt);
        json.WriteMoment("createdAt", user.CreatedAt);
    }
}
