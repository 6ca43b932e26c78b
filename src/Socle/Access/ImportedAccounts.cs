using Npgsql;
using Socle.Access.Passwords;
using Socle.Kernel;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>An account as another program kept it.</summary>
/// <param name="PasswordHash">That program's hash.</param>
public sealed record ImportedAccount(
    Guid Id,
    string Username,
    string Email,
    string Name,
    string Role,
    bool IsDisabled,
    string PasswordHash,
    DateTimeOffset? PasswordChangedAt,
    DateTimeOffset? LastSignInAt,
    DateTimeOffset? CreatedAt,
    IReadOnlyList<(string Hash, DateTimeOffset? At)> FormerPasswords);

/// <param name="User">Null when no account was made.</param>
/// <param name="Problem">What could not be taken over; null when all was.</param>
public sealed record AccountImport(User? User, Text? Problem);

/// <summary>
/// Accounts of another program → accounts with the same password, in the caller's transaction. Leaves an account alone that is there
/// already, and takes over neither a password that everybody knows nor a hash of an unknown form: those people are to be invited.
/// </summary>
public sealed class ImportedAccounts(PasswordHashes hashes)
{
    /// <summary>What guides tell people to begin with.</summary>
    private static readonly string[] KnownToAll = ["changeme", "admin", "password"];

    public async Task<AccountImport> Write(NpgsqlConnection connection, ImportedAccount account, CancellationToken cancellation)
    {
        var problems = new List<Text>();
        var user = new User
        {
            Id = account.Id,
            Username = UserValidator.IsUsername(account.Username) ? account.Username : null,
            Email = new[] { account.Email, account.Username }.FirstOrDefault(UserValidator.IsEmail),
            Name = account.Name,
            Role = account.Role,
            IsDisabled = account.IsDisabled,
            SecurityStamp = Guid.NewGuid().ToString("N"),
        };
        if (user.Username is not null && await IsTaken(connection, "username", user.Username, cancellation))
            return new(null, new("there is an account of this name already; it stays as it is", "un compte de ce nom existe déjà ; il reste tel quel"));
        if (user.Email is not null && await IsTaken(connection, "email", user.Email, cancellation))
        {
            problems.Add(new($"{user.Email} is another account's address", $"{user.Email} est l'adresse d'un autre compte"));
            user.Email = null;
        }

        if (user.Username is null && user.Email is null)
            return new(null, Join([new("it has neither a name nor an address by which somebody can sign in", "il n'a ni nom ni adresse permettant de se connecter"), .. problems]));
        if (user.Username is null && user.Email != account.Username)
            problems.Add(new($"signs in by {user.Email} from now on: a user name has letters, digits, '.', '_' and '-'", $"se connecte désormais par {user.Email} : un nom d'utilisateur a des lettres, des chiffres, « . », « _ » et « - »"));
        user.PasswordHash = await Take(account, user, problems, cancellation);
        await Insert(connection, account, user, cancellation);
        return new(user, problems.Count == 0 ? null : Join(problems));
    }

    private async Task<string?> Take(ImportedAccount account, User user, List<Text> problems, CancellationToken cancellation)
    {
        // What Django writes where there is no password.
        if (account.PasswordHash is "" or ['!', ..])
            return null;
        if (!PasswordHashes.Knows(account.PasswordHash))
        {
            problems.Add(new($"its password is kept in a form that Socle does not know: give a new one with 'socle user passwd {user.Address}'", $"son mot de passe est gardé sous une forme que Socle ne connaît pas : donnez-en un avec « socle user passwd {user.Address} »"));
            return null;
        }

        if (account.Role != Caller.Admin || !await IsKnownToAll(account, cancellation))
            return account.PasswordHash;
        problems.Add(new($"its password is one that guides print, and was not taken over: give a new one with 'socle user passwd {user.Address}'", $"son mot de passe figure dans les guides et n'a pas été repris : donnez-en un avec « socle user passwd {user.Address} »"));
        return null;
    }

    private async Task<bool> IsKnownToAll(ImportedAccount account, CancellationToken cancellation)
    {
        var verdicts = await Task.WhenAll(KnownToAll.Append(account.Username).Select(password => hashes.Verify(account.PasswordHash, password, cancellation)));
        return verdicts.Any(verdict => verdict != PasswordVerdict.Wrong);
    }

    private static async Task<bool> IsTaken(NpgsqlConnection connection, string column, string value, CancellationToken cancellation) =>
        (bool)(await new NpgsqlCommand($"SELECT EXISTS (SELECT FROM socle_system.users WHERE lower({column}) = lower($1))", connection).With(value).ExecuteScalarAsync(cancellation))!;

    private static async Task Insert(NpgsqlConnection connection, ImportedAccount account, User user, CancellationToken cancellation)
    {
        await new NpgsqlCommand(
            """
            INSERT INTO socle_system.users (id, email, username, name, role, language, password_hash, password_changed_at, security_stamp, is_disabled, last_sign_in_at, created_at)
            VALUES ($1, $2::text, $3::text, $4, $5, 'fr', $6::text, CASE WHEN $6::text IS NOT NULL THEN coalesce($7::timestamptz, now()) END, $8, $9, $10::timestamptz, coalesce($11::timestamptz, now()))
            """,
            connection)
            .With(user.Id, user.Email, user.Username, user.Name, user.Role, user.PasswordHash, account.PasswordChangedAt, user.SecurityStamp, user.IsDisabled, account.LastSignInAt, account.CreatedAt)
            .ExecuteNonQueryAsync(cancellation);
        foreach (var (hash, at) in account.FormerPasswords.Where(former => PasswordHashes.Knows(former.Hash) && former.Hash != user.PasswordHash))
        {
            await new NpgsqlCommand("INSERT INTO socle_system.password_history (user_id, password_hash, at) VALUES ($1, $2, coalesce($3::timestamptz, now()))", connection)
                .With(user.Id, hash, at).ExecuteNonQueryAsync(cancellation);
        }
    }

    private static Text Join(List<Text> problems) => new(string.Join("; ", problems.Select(problem => problem.English)), string.Join(" ; ", problems.Select(problem => problem.French)));
}
