using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.Catalog;

/// <summary>
/// Everything the server knows of the database's shape, read at one moment. Immutable; swapped whole
/// when the database changes, so that a request sees one shape from its first room to its last.
/// </summary>
public sealed class CatalogSnapshot
{
    private readonly FrozenDictionary<string, TableSnapshot> _byName;
    private readonly FrozenDictionary<TableSnapshot, ImmutableArray<Relation>> _relations;
    private readonly ImmutableArray<TableSnapshot> _ownTables;
    private readonly ConcurrentDictionary<string, CatalogSnapshot> _byRole = new();
    private RoleSnapshot? _seenBy;

    /// <param name="tables">Where two have a name in common that is none of the served ones, the first one has it.</param>
    /// <param name="version">Which reading it is.</param>
    /// <param name="hasSystemSchema">Whether the database holds Socle's own tables.</param>
    /// <param name="access">Who may do what; the built-in rules when nothing is said.</param>
    /// <param name="ownTables">What may be seen of Socle's own accounts and files: reached through references only, and never served by itself.</param>
    public CatalogSnapshot(IReadOnlyList<TableSnapshot> tables, long version, bool hasSystemSchema = true, AccessRules? access = null, ImmutableArray<TableSnapshot> ownTables = default)
    {
        _ownTables = ownTables.IsDefault ? [] : ownTables;
        Access = access ?? AccessRules.BuiltIn;
        (tables, Broken) = ComputedFields.Resolve(tables, _ownTables);
        Tables = [.. tables.OrderBy(table => table.Name, StringComparer.Ordinal)];
        Version = version;
        HasSystemSchema = hasSystemSchema;
        _relations = Relations.Find([.. Tables, .. _ownTables]).ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray());
        var byName = tables.ToDictionary(table => table.Name);
        foreach (var name in new Func<TableName, string>[] { name => name.Qualified, name => name.Api, name => ApiNames.ToCamelCase(name.Qualified), name => name.Relation, name => ApiNames.ToCamelCase(name.Relation) })
        {
            foreach (var table in tables)
                byName.TryAdd(name(table.Names), table);
        }

        _byName = byName.ToFrozenDictionary();
    }

    public static CatalogSnapshot Empty { get; } = new([], 0);

    /// <summary>Grows by one with each swap.</summary>
    public long Version { get; }

    /// <summary>Whether the database holds Socle's own tables; an adopted database holds none.</summary>
    public bool HasSystemSchema { get; }

    /// <summary>Who may do what.</summary>
    public AccessRules Access { get; }

    /// <summary>Computed fields that are not there, because what they go through is not, or may not be seen.</summary>
    public ImmutableArray<BrokenField> Broken { get; }

    /// <summary>
    /// The part of it that the caller may see: tables they may not read are not there, nor are fields. Nobody sees nothing.
    /// </summary>
    public CatalogSnapshot For(Caller caller)
    {
        if (caller.IsOperator)
            return this;
        if (Access.FindRole(caller.Role) is not { } role)
            return Empty;
        return role.IsAdmin || role == _seenBy ? this : _byRole.GetOrAdd(role.Name, _ => For(role));
    }

    private CatalogSnapshot For(RoleSnapshot role)
    {
        var seen = from table in Tables
                   let rights = Access.RightsOf(role, table.Names)
                   where rights.Allows(PolicyAction.Read)
                   select table.For(rights);
        return new CatalogSnapshot([.. seen], Version, HasSystemSchema, Access, _ownTables) { _seenBy = role };
    }

    /// <summary>Tables and views of the served schemas, by name.</summary>
    public ImmutableArray<TableSnapshot> Tables { get; }

    /// <summary>The table of that name, written as in the database, as schema.table, or in camelCase.</summary>
    public TableSnapshot? FindTable(string name) => _byName.GetValueOrDefault(name);

    /// <summary>How the table is related to others, from foreign keys: both directions, and through junction tables.</summary>
    public ImmutableArray<Relation> RelationsOf(TableSnapshot table) => _relations.GetValueOrDefault(table, []);

    public Result<TableSnapshot> GetTable(string name)
    {
        if (FindTable(name) is { } table)
            return table;
        var near = Suggestion.Find(name, Tables.Select(candidate => candidate.Name));
        return new Fault(
            FaultCode.NotFound,
            near is null ? $"There is no table '{name}'." : $"There is no table '{name}'. Did you mean '{near}'?",
            near is null ? $"Il n'y a pas de table « {name} »." : $"Il n'y a pas de table « {name} ». Vouliez-vous dire « {near} » ?");
    }
}
