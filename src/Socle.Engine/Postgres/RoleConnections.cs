using System.Collections.Concurrent;
using Npgsql;

namespace Socle.Postgres;

/// <summary>
/// Connections that are one role's for as long as they last, so that what it asks needs no statement in front to say so
/// (only who asks, where its policies speak of that and the statement does not say it itself).
/// Only where the server runs PostgreSQL itself: a pooler in between would give the next transaction another's session, and
/// with it another's rights.
/// </summary>
/// <param name="settings">The address, and what else the connections of requests have.</param>
public sealed class RoleConnections(NpgsqlConnectionStringBuilder settings) : IAsyncDisposable
{
    /// <summary>Each may hold as many connections as all other requests together, and PostgreSQL has a limit.</summary>
    public const int MostRoles = 4;

    /// <summary>A role that was dropped and made again under its name is another one: its old connections may do nothing, and end.</summary>
    private const int LifetimeSeconds = 60;

    private readonly ConcurrentDictionary<string, Lazy<NpgsqlDataSource>> _sources = new();

    /// <summary>The role's own connections; null when other roles have them all.</summary>
    public NpgsqlDataSource? Find(string role)
    {
        if (_sources.TryGetValue(role, out var source))
            return source.Value;
        return _sources.Count < MostRoles ? _sources.GetOrAdd(role, name => new(() => Build(name))).Value : null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Values)
            await source.Value.DisposeAsync();
    }

    private NpgsqlDataSource Build(string role)
    {
        var builder = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { ConnectionLifetime = LifetimeSeconds }.ConnectionString);
        var sql = $"SET ROLE {Sql.Identifier(role)}";
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(sql, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(sql, connection);
                await command.ExecuteNonQueryAsync();
            });
        return builder.Build();
    }
}
