using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Socle.Kernel;

namespace Socle.Access.Passwords;

/// <summary>
/// bcrypt by PostgreSQL's own pgcrypto, for hashes that come from Supabase. Takes the extension where it is installed,
/// else installs it; throws <see cref="UncheckedPasswordException"/> with what to do where it cannot be had.
/// </summary>
internal sealed class BcryptInDatabase(NpgsqlDataSource database)
{
    /// <summary>The function's name with its schema, quoted; it is found once.</summary>
    private volatile string? _crypt;

    public async Task<bool> Verify(BcryptHash hash, string password, CancellationToken cancellation)
    {
        // PostgreSQL's text cannot hold it, and neither can a password that bcrypt hashed.
        if (password.Contains('\0', StringComparison.Ordinal))
            return false;
        // pgcrypto knows the algorithm by the name 2a alone; 2b and 2y are the same without old bugs that it never had.
        var expected = "$2a$" + hash.Rest;
        var crypt = _crypt ??= await Find(cancellation) ?? await Install(cancellation);
        await using var command = database.CreateCommand($"SELECT {crypt}($1, $2)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(password)) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = expected });
        var actual = (string)(await command.ExecuteScalarAsync(cancellation))!;
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(actual), Encoding.ASCII.GetBytes(expected));
    }

    private async Task<string?> Find(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT quote_ident(n.nspname) || '.crypt' FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pgcrypto'");
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }

    private async Task<string> Install(CancellationToken cancellation)
    {
        try
        {
            await using var command = database.CreateCommand("CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA socle_system");
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Another server was first.
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.UndefinedFile)
        {
            throw new UncheckedPasswordException(NotToBeHad);
        }

        return await Find(cancellation) ?? throw new UncheckedPasswordException(NotToBeHad);
    }

    private static Fault NotToBeHad => new(
        FaultCode.InvalidConfiguration,
        "This account's password came as a bcrypt hash, which PostgreSQL's extension pgcrypto checks, and it cannot be installed. Ask the administrator to run CREATE EXTENSION pgcrypto as the database's owner (package postgresql-contrib), or set a new password by a link.",
        "Le mot de passe de ce compte vient d'un hachage bcrypt, que vérifie l'extension pgcrypto de PostgreSQL, et elle ne peut pas être installée. Demandez à l'administrateur de lancer CREATE EXTENSION pgcrypto en tant que propriétaire de la base (paquet postgresql-contrib), ou choisissez un nouveau mot de passe par un lien.");
}
