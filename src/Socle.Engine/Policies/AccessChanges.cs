using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Socle.Catalog;
using Socle.Postgres;

namespace Socle.Policies;

/// <summary>
/// Takes what PostgreSQL shall enforce and what it does, gives the statements between the two: none when they are the same.
/// What somebody else made (policies of other names, rights of other roles) stays.
/// </summary>
internal static class AccessChanges
{
    public static IEnumerable<string> Between(CatalogSnapshot snapshot, AccessState state, IEnumerable<GivenPolicy> policies, bool hasInvokers)
    {
        var byRelation = policies.ToLookup(policy => policy.Row.Relation);
        foreach (var schema in state.ClosedSchemas)
            yield return $"GRANT USAGE ON SCHEMA {Sql.Identifier(schema)} TO {DatabaseRoles.Group}";
        foreach (var relation in state.Relations.Where(relation => relation.IsOurs))
        {
            var table = snapshot.Tables[relation.Position];
            var wanted = new WantedAccess(table, relation, state, byRelation[relation.Oid], hasInvokers);
            foreach (var sql in RowSecurity(table, relation, wanted, state).Concat(Rights(table, relation, wanted, state)))
                yield return sql;
        }
    }

    private static IEnumerable<string> RowSecurity(TableSnapshot table, RelationRow relation, WantedAccess wanted, AccessState state)
    {
        if (wanted.IsInvoker && !relation.IsInvoker)
            yield return $"ALTER VIEW {table.SqlName} SET (security_invoker = true)";
        if (!wanted.HasRowSecurity)
            yield break;
        if (!relation.HasRowSecurity)
            yield return $"ALTER TABLE {table.SqlName} ENABLE ROW LEVEL SECURITY";
        var found = state.RowPolicies.Where(policy => policy.Relation == relation.Oid).ToDictionary(policy => policy.Name);
        foreach (var policy in wanted.Policies)
        {
            var mark = Mark(policy);
            if (found.Remove(policy.Name, out var actual) && actual.Mark == $"{mark}:{actual.State}" && IsKept(policy))
                continue;
            yield return $"SELECT socle_system.put_policy({(policy.Row is { } row ? $"'{row.Id}'" : "NULL")}, {relation.Oid}, {Sql.Literal(policy.Name)}, '{policy.Command}', {Sql.Literal(policy.Role)}, {Sql.Literal(policy.Condition)}, '{mark}')";
        }

        foreach (var name in found.Keys)
            yield return $"DROP POLICY {Sql.Identifier(name)} ON {table.SqlName}";
    }

    /// <summary>Where PostgreSQL refused the condition, nothing is what is kept of it.</summary>
    private static bool IsKept(WantedPolicy policy) =>
        policy.Row?.Filter is null || policy.Row.Condition == policy.Condition || policy.Row.Condition == WantedAccess.Refused;

    private static IEnumerable<string> Rights(TableSnapshot table, RelationRow relation, WantedAccess wanted, AccessState state)
    {
        var sequences = state.Sequences.Where(sequence => sequence.Relation == relation.Oid).ToDictionary(sequence => sequence.Oid, sequence => sequence.SqlName);
        var found = state.Grants.Where(grant => grant.Relation == relation.Oid || sequences.ContainsKey(grant.Relation)).ToHashSet();
        // A right on the whole is taken away with those on its columns, which are then given again.
        var lost = found.Except(wanted.Grants).OrderBy(grant => grant.Column is null ? 0 : 1).ToList();
        var given = wanted.Grants.Where(grant => !found.Contains(grant) || (grant.Column is not null && lost.Contains(grant with { Column = null })));
        foreach (var (keyword, link, grants) in new[] { ("REVOKE", "FROM", lost.AsEnumerable()), ("GRANT", "TO", given) })
        {
            foreach (var group in grants.GroupBy(grant => (grant.Relation, grant.Privilege, grant.Role, IsWhole: grant.Column is null)))
            {
                var columns = group.Key.IsWhole ? "" : $" ({string.Join(", ", group.Select(grant => Sql.Identifier(grant.Column!)))})";
                var target = sequences.TryGetValue(group.Key.Relation, out var sequence) ? $"SEQUENCE {sequence}" : table.SqlName;
                yield return $"{keyword} {group.Key.Privilege}{columns} ON {target} {link} {Sql.Identifier(group.Key.Role)}";
            }
        }
    }

    /// <summary>A fingerprint of what was asked.</summary>
    private static string Mark(WantedPolicy policy) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{policy.Command}|{policy.Role}|{policy.Condition}")))[..12]);
}
