using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Socle.Access.Mail;
using Socle.Access.Passwords;
using Socle.Access.Tokens;
using Socle.Auditing;
using Socle.Http;
using Socle.Postgres;

namespace Socle.Access;

/// <summary>Everything behind the door, for the server and for the commands.</summary>
public static class AccessServices
{
    private const string Name = "socle";

    /// <summary>Accounts without a door: what commands need.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services, AccessOptions options, Database database)
    {
        services.AddSingleton(options).AddSingleton(database)
            .AddSingleton(new PasswordHashes(database.Maintenance))
            .AddSingleton<UserStore>()
            .AddSingleton<AuditLog>()
            .AddSingleton<LiveAccounts>()
            .AddSingleton<AccountLinks>()
            .AddSingleton<Sessions>()
            .AddSingleton<SignInAttempts>()
            .AddSingleton<SecondFactorStore>()
            .AddScoped<Enrolment>()
            .AddSingleton<IPasswordHasher<User>, PasswordHasher>()
            .AddSingleton<ILookupNormalizer, NamesAsGiven>()
            .AddScoped<IUserValidator<User>, UserValidator>()
            .AddScoped<IPasswordValidator<User>, PasswordValidator>();
        services.AddIdentityCore<User>().AddUserManager<Accounts>();
        // Identity disposes of what is scoped; the store holds nothing.
        services.AddScoped<IUserStore<User>>(provider => provider.GetRequiredService<UserStore>());
        // Identity's own measure of passwords gives way to the house's.
        services.Replace(ServiceDescriptor.Scoped<IPasswordValidator<User>, PasswordValidator>());
        return services;
    }

    /// <summary>The door itself.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, SecretKey secretKey) => services
        .AddSingleton(secretKey)
        .AddSingleton(provider => MakeSigner(provider.GetRequiredService<AccessOptions>(), secretKey))
        .AddSingleton(new CsrfTokens(secretKey.Derive("csrf tokens", 32)))
        .AddSingleton<SessionTokens>()
        .AddSingleton<IssuedKeys>()
        .AddSingleton<LastUses>()
        .AddSingleton<SecondFactors>()
        .AddPasskeys()
        .AddScoped<SignIn>()
        .AddSingleton<MailSender>()
        .AddSingleton<LinkMail>()
        .AddSingleton<SetupLink>()
        .AddSingleton(new RateLimits());

    private static IServiceCollection AddPasskeys(this IServiceCollection services)
    {
        services.AddOptions<IdentityPasskeyOptions>().Configure<DoorOptions>(Passkeys.Describe);
        return services.AddSingleton<PasskeyChallenges>().AddScoped<IPasskeyHandler<User>, PasskeyHandler<User>>().AddScoped<Passkeys>();
    }

    private static JwtSigner MakeSigner(AccessOptions options, SecretKey secretKey) =>
        new(options.JwtAlgorithm, secretKey.Derive($"tokens {options.JwtAlgorithm}", options.JwtAlgorithm == JwtAlgorithm.ES256 ? 48 : 32), Name, Name);
}
